import type { ErrorKind } from "./fact.js";

/** The default next step for each kind of error: read by the assistant, who passes it on to a person. */
export const adviceFor: Readonly<Record<ErrorKind, string>> = {
  input: "Correct the argument that the message names and call again; the same call unchanged fails the same way.",
  state: "Read the object's present state and act on what it says; a repeat does not help while that state lasts.",
  "not-found":
    "Check the identifier against a fresh list, and that the configured key, site, region and project own the object.",
  quota: "A limit of the account is used up: a person frees some of it or has it raised; a repeat does not help.",
  permission:
    "A person who administers the account grants the configured key's user a policy for this operation (CAM on Tencent Cloud, RAM on Alibaba Cloud, IAM on Huawei Cloud).",
  credential:
    "A person checks the configured key: complete, enabled, made for this cloud and site, and its session token not expired.",
  clock: "A person sets the clock of the machine that runs this server right (time synchronisation); then call again.",
  throttled: "Nothing was done. Wait a few seconds and repeat the same call, with fewer calls at once.",
  busy: "Another change to the same object is still running: wait until it has ended, then call again.",
  temporary:
    "A fault on the cloud's side: repeat a read after a pause; after a change, read the object first to see whether it took effect.",
  unsupported: "This cloud, site or object does not offer what was asked: do not repeat, choose another way.",
};
