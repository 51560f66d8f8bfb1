import type { ErrorFact } from "./fact.js";

/**
 * What the HTTP status of a cloud's own refusal says if its code says nothing: with these, the call was turned away
 * before anything was done (docs/cloud-behaviour.md 1.4).
 */
export const statusFacts: ReadonlyMap<number, ErrorFact> = new Map([
  [401, { kind: "credential", means: "By its status, HTTP 401, the cloud does not accept who sent the call." }],
  [403, { kind: "permission", means: "By its status, HTTP 403, the cloud does not allow the caller this." }],
  [429, { kind: "throttled", means: "By its status, HTTP 429, there were too many calls." }],
]);
