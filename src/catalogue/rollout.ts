import type { SafeText } from "../lib/safe-text.js";
import type { Warning } from "./operation.js";

/** What a request of this program set. */
export interface LastSet {
  /** The SHA-256 of a leaf, or its SHA-1 if its store shows no more; `none` for no HTTPS. */
  readonly leaf: string;
  /** The name of the copy that the cloud keeps. */
  readonly name?: string | undefined;
  readonly words: SafeText;
  readonly at: SafeText;
}

/** What this program sent earlier to the resources of a call, according to its journal. */
export interface Rollout {
  /** Names the newest request for each resource of a job; if it differs, something was sent in the meantime. */
  readonly newest: string;
  /** By domain, what may still arrive or be served there for a while: SHA-256 of leaves, `none` for no HTTPS. */
  readonly arriving: ReadonlyMap<string, readonly string[]>;
  /** By resource, the newest request that its cloud accepted lately: what the cloud tells of it may be older. */
  readonly lastSet: ReadonlyMap<string, LastSet>;
  /** Running rollouts. No approval is bound to these: a rollout that ends as announced does not void one. */
  readonly warnings: readonly Warning[];
}
