import type { ErrorFact, ErrorKind } from "./fact.js";

const byKind: Readonly<Record<ErrorKind, string>> = {
  input: "No, not until the arguments are corrected.",
  state: "No, not until the object's state changes.",
  "not-found": "No, not until the identifier, account, site or region is corrected.",
  quota: "No, not until something is freed or the limit is raised.",
  permission: "No, not until a person has granted the access.",
  credential: "No, not until a person has corrected the credential.",
  clock: "No, not until the clock is right.",
  throttled: "Yes, after a pause of a few seconds.",
  busy: "Yes, once the running change has ended.",
  temporary: "Yes, after a pause.",
  unsupported: "No.",
};

/** Whether repeating the failed call helps, in one or two sentences. */
export function retryInWords({ kind, mayHaveChanged }: ErrorFact): string {
  if (!mayHaveChanged) return byKind[kind];
  if (kind === "temporary") return "A read: yes, after a pause. A change: read first, because it may have been made.";
  return `${byKind[kind]} After a change read first, because it may have been made.`;
}

/** The same for an unknown code. */
export const retryUnknown = "Not known. Before a change is repeated, read first, because it may have been made.";
