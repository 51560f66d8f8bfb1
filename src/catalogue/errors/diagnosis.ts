import type { Cloud, Service } from "../services.js";
import type { Diagnosis, ErrorFact, ErrorKind } from "./fact.js";
import { errorKinds } from "./kinds.js";

/** The console page to check for a kind of error. */
export const consoleCheck: Readonly<Record<Cloud, Readonly<Partial<Record<ErrorKind, string>>>>> = {
  tencent: {
    permission: "CAM console: the policies of the key's user, its groups and its permission boundary.",
    credential: "CAM console, API Keys: the key is listed, enabled, and of the site that is configured.",
    quota: "Tencent Cloud console, SSL Certificates: what the account holds and what is used.",
  },
  alibaba: {
    permission: "RAM console: the policies of the AccessKey's user, direct and through groups.",
    credential: "RAM console, AccessKey list of the user: the key is there and enabled.",
  },
  huawei: {
    permission: "IAM console: the user's groups and policies, and the project or region for which they hold.",
    credential: "Console, My Credentials, Access Keys: the AK is listed and enabled.",
    quota: "Live console, Domains: how many there are and which are still in use.",
  },
};

/** Causes, checks and whether a repeat helps: those of the code if it has its own, else those of its kind. */
export function diagnosisOf({ cloud }: Service, fact: ErrorFact): Required<Diagnosis> {
  const ofKind = errorKinds[fact.kind];
  const page = consoleCheck[cloud][fact.kind];
  const checks = page === undefined ? ofKind.checks : [page, ...ofKind.checks];
  return {
    causes: fact.causes ?? ofKind.causes,
    checks: fact.checks ?? checks,
    retry: fact.retry ?? retryInWords(fact),
  };
}

/** Whether repeating the failed call helps, in one or two sentences. */
function retryInWords({ kind, mayHaveChanged }: ErrorFact): string {
  if (!mayHaveChanged) return errorKinds[kind].retry;
  if (kind === "temporary") return "A read: yes, after a pause. A change: read first, because it may have been made.";
  return `${errorKinds[kind].retry} After a change read first, because it may have been made.`;
}

/** The same for an unknown code. */
export const retryUnknown = "Not known. Before a change is repeated, read first, because it may have been made.";
