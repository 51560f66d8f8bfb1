import type { SafeText } from "../visible.js";
import type { Aspect, PlannedChange, Subject } from "./operation.js";

/** One line of now → then. */
export function planned(
  subject: Subject,
  aspect: Aspect,
  then: SafeText,
  more: Pick<PlannedChange, "brings" | "each" | "items"> = {},
): PlannedChange {
  return { subject, aspect, then, ...more };
}

/** A domain of which no operation tells what it serves, but its edge does. */
export const servedDomain = (name: SafeText, domain: string): Subject => ({ kind: "served-domain", name, domain });

/** Something that none of the documented operations shows. */
export const unseen = (name: SafeText): Subject => ({ kind: "unseen", name });

/** Something that does not exist before the call. */
export const created = (name: SafeText): Subject => ({ kind: "new", name });
