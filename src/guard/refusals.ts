import { Failure } from "../failure.js";
import { inQuotes } from "../visible.js";
import type { BadToken } from "./ledger.js";
import type { Prohibition } from "./policy.js";
import type { Verdict } from "./request.js";

/** What was not carried out, by name. */
export interface Refused {
  readonly operation: { readonly name: string };
}

/**
 * Why a change was not carried out, as the model reads it. None of these may hold what it takes to approve, nor a word
 * on how to get around the question.
 */
export type Reason =
  | Prohibition
  | Exclude<Verdict, "approved">
  | BadToken
  | "cancelled"
  | "nobody to ask"
  | "no record";

const reasons: Readonly<Record<Reason, { happened: string; next: string }>> = {
  "read-only": {
    happened: "Its operator runs this server for reading only.",
    next: "Tell the person that changes are switched off here.",
  },
  denied: {
    happened: "Its operator does not allow this operation here.",
    next: "Tell the person that the operator's policy excludes it.",
  },
  "purchases are off": {
    happened: "Its operator has not enabled purchases on this server.",
    next: "Tell the person that buying is switched off here; it can be done in the vendor's console.",
  },
  declined: {
    happened: "The person was asked and did not approve it.",
    next: "Tell the person that nothing was done. Do not ask again unless they bring it up.",
  },
  dismissed: {
    happened: "The question to the person was closed without an answer.",
    next: "Tell the person that nothing was done, and ask whether they still want it.",
  },
  "wrong name": {
    happened: "The person was asked to type a name and typed another one, so it does not count as approved.",
    next: "Tell the person that nothing was done; if they still want it, call again.",
  },
  cancelled: {
    happened: "The call was taken back, or this server is going away.",
    next: "Call again if it is still wanted.",
  },
  "nobody to ask": {
    happened:
      "It changes something or takes a private key out, so a person must approve it first, and there is no way to reach one from here.",
    next: "Tell the person: the README of cloudcert-mcp says how an operator lets this server ask.",
  },
  "no record": {
    happened: "The audit log could not be written, and nothing is changed without a record.",
    next: "Tell the person; the operator finds the cause in this server's log.",
  },
  foreign: {
    happened: "The approval given with the call was not issued by this server in this session.",
    next: "Call again without it, to have the change planned anew.",
  },
  altered: {
    happened: "The approval given with the call was issued for other arguments, another operation or another account.",
    next: "Call again without it, to have this change planned on its own.",
  },
  expired: {
    happened: "The approval given with the call is older than five minutes.",
    next: "Call again without it, to have the change planned anew.",
  },
  used: {
    happened: "The approval given with the call has been used; it was good for one execution.",
    next: "Read the present state; if the change is wanted once more, call again without it.",
  },
  voided: {
    happened: "The approval given with the call is void: what it was about has changed since.",
    next: "Call again without it, to have the change planned anew.",
  },
};

export function refusal({ operation }: Refused, reason: Reason): Failure {
  const { happened, next } = reasons[reason];
  return new Failure({
    kind: "refused",
    happened: `${operation.name} was not carried out. ${happened} Nothing was sent.`,
    changed: "no",
    sent: false,
    next,
  });
}

/** A person has been asked and has not decided yet. */
export function waiting({ operation }: Refused): Failure {
  return new Failure({
    kind: "waiting",
    happened: `${operation.name} is waiting for approval: a person has been asked and has not decided yet. Nothing was sent.`,
    changed: "no",
    sent: false,
    next: "Tell the person that this waits for their decision. Once they have decided, make the same call again; it takes up the decision.",
  });
}

/** What was shown as "now" is not so any more. */
export function drifted(
  { operation }: Refused,
  found: readonly { what: string; shown: string; now: string }[],
): Failure {
  const list = found.map(({ what, shown, now }) => `${what}: was ${marked(shown)}, is now ${marked(now)}`).join("; ");
  return new Failure({
    kind: "refused",
    happened: `${operation.name} was not carried out. What the person was shown has changed since, so their approval is void. ${list}. Nothing was sent.`,
    changed: "no",
    sent: false,
    next: "Tell the person what is different; if the change is still wanted, call again to have it planned anew.",
  });
}

const markedAlready = /^"[^"\\]*(?:\\.[^"\\]*)*"$/s;

/** In quotation marks; a remark comes in them. */
function marked(text: string): string {
  return markedAlready.test(text) ? text : inQuotes(text);
}
