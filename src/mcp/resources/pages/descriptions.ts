import type { Effect, RetryClass } from "../../../catalogue/operation.js";
import type { Content } from "../../../catalogue/params.js";

/** What an operation does to the account, and who approves it. */
export const describeEffect: Readonly<Record<Effect, string>> = {
  read: "Reads and changes nothing; nobody has to approve it.",
  "key-export":
    "Changes nothing in the account, but takes a private key out of it into this server. A person approves it first.",
  create: "Adds something; live traffic stays as it is. A person approves it first.",
  change: "Changes a record or the state of an order; live traffic stays as it is. A person approves it first.",
  traffic: "Changes what live domains serve. A person approves it first, and is shown what is now and what will be.",
  destroy: "Cannot be undone. A person approves it first, by typing a name back.",
  purchase:
    "Spends money or quota. The operator has to allow purchases; then a person approves it, by typing a name back.",
};

/** What to do after a request without a clear answer. */
export const describeRetry: Readonly<Record<RetryClass, string>> = {
  read: "May be repeated at any time.",
  idempotent: "May be repeated with the same arguments: the outcome is the same.",
  "not-found-is-success": "May be repeated: an answer that the object is gone means that it is done.",
  "verify-first": "Read the object's state before calling again: a repeat can do it twice, or fail because it is done.",
  never: "Never repeated once it was sent: each call makes something new.",
};

/** How to pass a parameter, by content. */
export const howToPass: Readonly<Record<Content, string>> = {
  "private key": "As a reference: file:, env: or vault:.",
  password: "As a reference: file:, env: or vault:.",
  archive: "As a reference: file: or vault:.",
  certificate: "As PEM or as a reference.",
  csr: "As PEM or as a reference.",
  letter: "As a reference: file:.",
};
