import type { Diagnosis, ErrorKind } from "./fact.js";

/** What holds for a code without anything more specific. The next step is read by the assistant, who passes it on. */
export const errorKinds: Readonly<Record<ErrorKind, Required<Diagnosis> & { readonly next: string }>> = {
  input: {
    next: "Correct the argument that the message names and call again; if it names none, compare each with the tool's description. The same call unchanged fails the same way.",
    retry: "No, not until the arguments are corrected.",
    causes: [
      "An argument has a wrong form, or a value of another cloud or operation.",
      "Two arguments contradict each other, or one requires another.",
    ],
    checks: [
      "The message that comes with the code: it often names the argument.",
      "Limits and accepted values in this server's description of the tool.",
    ],
  },
  state: {
    next: "Read the object's current state and act on what it says; a repeat does not help while that state lasts.",
    retry: "No, not until the object's state changes.",
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
    next: "Check the identifier against a fresh list, and that the configured key, site, region and project own the object.",
    retry: "No, not until the identifier, account, site or region is corrected.",
    causes: [
      "The id or name is mistyped, or belongs to another account, site or region.",
      "The object was deleted in the meantime.",
    ],
    checks: ["The identifier in a list that the same credential reads."],
  },
  quota: {
    next: "A limit of the account is used up: ask a person to free some of it or to have it raised; a repeat does not help.",
    retry: "No, not until something is freed or the limit is raised.",
    causes: ["Old objects that nobody needs still count.", "The limit is lower than the account's real use."],
    checks: ["How many there are, and how many of them are still in use."],
  },
  permission: {
    next: "Ask an administrator of the account to grant the configured key's user a policy for this operation (CAM on Tencent Cloud, RAM on Alibaba Cloud, IAM on Huawei Cloud).",
    retry: "No, not until a person has granted the access.",
    causes: [
      "The configured key belongs to a sub-user without a policy for this operation.",
      "The policy covers other actions or other resources than those of this call.",
      "The service, or a link between two services, was never activated in the console.",
    ],
    checks: ["The message that comes with the code: it often names the action that was refused."],
  },
  credential: {
    next: "Ask the operator to check the configured key: it must be complete, enabled and made for this cloud and site, and its session token not expired.",
    retry: "No, not until a person has corrected the credential.",
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
    next: "Ask the operator to correct the clock of the machine that runs this server (time synchronisation); then call again.",
    retry: "No, not until the clock is right.",
    causes: ["Time synchronisation is not running.", "The machine was paused and woke up with the old time."],
    checks: ["The time in UTC on the machine that runs this server, against a clock that is right."],
  },
  throttled: {
    next: "Nothing was done. Wait a few seconds and repeat the same call, with fewer calls at once.",
    retry: "Yes, after a pause of a few seconds.",
    causes: [
      "Several calls ran at once, or something polls without pauses.",
      "Another program of the same account uses up the limit, such as a renewal job.",
    ],
    checks: ["What else is calling this API with the same account."],
  },
  busy: {
    next: "Another change to the same object is still running: wait until it has ended, then call again.",
    retry: "Yes, once the running change has ended.",
    causes: ["An earlier change is still being rolled out.", "Somebody changes the same object in the console."],
    checks: ["The state of the change before this one."],
  },
  temporary: {
    next: "A fault on the cloud's side: repeat a read after a pause; after a change, read the object first to see whether it took effect.",
    retry: "Yes, after a pause.",
    causes: [
      "A passing fault inside the cloud.",
      "A value that passes the first checks and breaks something behind them, if it fails each time.",
    ],
    checks: [
      "The cloud's status page.",
      "The object's current state.",
      "With support: the request id of the failed call.",
    ],
  },
  unsupported: {
    next: "This cloud, site or object does not offer what was asked: do not repeat, choose another way.",
    retry: "No.",
    causes: [
      "The feature does not exist for this site, plan, region or kind of object.",
      "The configured endpoint belongs to another product.",
    ],
    checks: ["The configured site, region and endpoint."],
  },
};
