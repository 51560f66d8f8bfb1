import type { Changeable } from "../catalogue/operation.js";
import type { Rollout } from "../catalogue/rollout.js";
import type { SafeText } from "../lib/escape-text.js";

/** Masks secrets in any text: an alias may hold a key by mistake. */
export interface Redacts {
  redact(text: string): string;
}

/** A call that changes something, parsed but not sent. */
export interface PlannedCall {
  readonly operation: Changeable;
  readonly params: Readonly<Record<string, unknown>>;
  /** The credential id used for signing. */
  readonly account: string;
  /** The operator's name of the account; absent where there is only one. */
  readonly accountName?: string | undefined;
  readonly redactor: Redacts;
  /** Problems with the arguments that do not stop the call, one sentence each, in our own words. */
  readonly warnings?: readonly SafeText[];
  /** Whether and where anything real is touched, in words. */
  readonly environment?: SafeText | undefined;
  /** Who asks for it, where that is known. */
  readonly asker?: SafeText | undefined;
  /** What this program sent earlier to the same objects. */
  readonly rollout?: Rollout | undefined;
  /** Sources of arguments given by reference, by dotted path. */
  readonly sources?: ReadonlyMap<string, string>;
  /** Names of argument members that are not API parameters: the steps of a job. */
  readonly members?: ReadonlyMap<string, SafeText>;
  /** Placeholders for arguments known only after the approval, by dotted path. */
  readonly pending?: ReadonlyMap<string, SafeText>;
}
