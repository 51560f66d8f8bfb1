import type { Changeable } from "../catalogue/operation.js";
import type { Rollout } from "../catalogue/rollout.js";
import type { SafeText } from "../lib/escape-text.js";

/** Masks what must not be shown, wherever it stands: an alias may hold a key by mistake. */
export interface Redacts {
  redact(text: string): string;
}

/** A call that changes something, as the gate gets it: parsed, and not sent. */
export interface PlannedCall {
  readonly operation: Changeable;
  readonly params: Readonly<Record<string, unknown>>;
  /** The credential id that it will be signed with. */
  readonly account: string;
  readonly redactor: Redacts;
  /** What was found wrong with the arguments, short of stopping the call; a sentence each, of our own words. */
  readonly warnings?: readonly SafeText[];
  /** Whether anything real is touched, and where, in words. */
  readonly environment?: SafeText | undefined;
  /** What this program sent before to what the call is about. */
  readonly rollout?: Rollout | undefined;
  /** Where arguments came from that were given by reference: dotted path and source. */
  readonly sources?: ReadonlyMap<string, string>;
  /** How members of the arguments are called that are no parameters of an API: the steps of a job. */
  readonly members?: ReadonlyMap<string, SafeText>;
  /** What stands in for arguments that are known only after the approval: dotted path and words. */
  readonly pending?: ReadonlyMap<string, SafeText>;
}
