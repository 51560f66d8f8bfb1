import type { Cloud, Service } from "../services.js";
import type { Diagnosis, ErrorKind } from "./fact.js";
import type { Entry } from "./index.js";

type KindDiagnosis = Required<Omit<Diagnosis, "retry">>;

/** Likely causes of a code of which only the kind is known. */
export const diagnosisOfKind: Readonly<Record<ErrorKind, KindDiagnosis>> = {
  input: {
    causes: [
      "An argument has a wrong form, or a value of another cloud or operation.",
      "Two arguments contradict each other, or one needs another beside it.",
    ],
    checks: [
      "The message beside the code: it often names the argument.",
      "Limits and accepted values in this server's description of the tool.",
    ],
  },
  state: {
    causes: [
      "The object is in another state than the caller believed.",
      "An earlier call already did the work, or left it half done.",
    ],
    checks: [
      "The object's status by a fresh read, not by an earlier reply.",
      "The log: who changed it last, and when.",
    ],
  },
  "not-found": {
    causes: [
      "The id or name is mistyped, or belongs to another account, site or region.",
      "The object was deleted in the meantime.",
    ],
    checks: ["The identifier in a list that the same credential reads."],
  },
  quota: {
    causes: ["Old objects that nobody needs still count.", "The limit is lower than the account's real use."],
    checks: ["How many there are, and how many of them are still in use."],
  },
  permission: {
    causes: [
      "The configured key belongs to a sub-user without a policy for this operation.",
      "The policy covers other actions or other resources than those of this call.",
      "The service, or a link between two services, was never activated in the console.",
    ],
    checks: ["The message beside the code: it often names the action that was refused."],
  },
  credential: {
    causes: [
      "A character was lost or added when the key was copied.",
      "The key was disabled, deleted or rotated.",
      "The key belongs to another cloud, site or account.",
    ],
    checks: [
      "Whether a read with the same key works.",
      "Whether variables still hold an older key: they win over files.",
    ],
  },
  clock: {
    causes: ["Time synchronisation is not running.", "The machine was paused and woke up with the old time."],
    checks: ["The time in UTC on the machine that runs this server, against a clock that is right."],
  },
  throttled: {
    causes: [
      "Several calls ran at once, or something polls without pauses.",
      "Another program of the same account uses up the limit, such as a renewal job.",
    ],
    checks: ["What else is calling this API with the same account."],
  },
  busy: {
    causes: ["An earlier change is still being rolled out.", "Somebody changes the same object in the console."],
    checks: ["The state of the change before this one."],
  },
  temporary: {
    causes: [
      "A passing fault inside the cloud.",
      "A value that passes the first checks and breaks something behind them, if it fails each time.",
    ],
    checks: [
      "The cloud's status page.",
      "The object's present state.",
      "With support: the request id of the failed call.",
    ],
  },
  unsupported: {
    causes: [
      "The feature does not exist for this site, plan, region or kind of object.",
      "The configured endpoint belongs to another product.",
    ],
    checks: ["The configured site, region and endpoint."],
  },
};

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

/** Causes and checks for an error of `service`: those of the code if it has its own, else those of its kind. */
export function diagnosisOf(service: Service, { fact }: Pick<Entry, "fact">): KindDiagnosis & Diagnosis {
  const ofKind = diagnosisOfKind[fact.kind];
  const page = consoleCheck[service.cloud][fact.kind];
  const checks = page === undefined ? ofKind.checks : [page, ...ofKind.checks];
  const { causes = ofKind.causes, checks: own = checks, retry } = fact;
  return { causes, checks: own, ...(retry !== undefined && { retry }) };
}
