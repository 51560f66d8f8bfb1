import type { SafeText } from "../lib/safe-text.js";
import type { Warning } from "./operation.js";
import type { LeafFingerprints } from "./serving.js";

/** What a request of this program set. */
export interface LastSet {
  /** `none` for no HTTPS. */
  readonly leaf: LeafFingerprints;
  /** The name of the copy that the cloud keeps. */
  readonly name?: string | undefined;
  readonly words: SafeText;
  readonly at: SafeText;
}

/** What this program sent earlier to the resources of a call, according to its journal. */
export interface Rollout {
  /** Names the newest request for each resource of a job; if it differs, something was sent in the meantime. */
  readonly newest: string;
  /** By domain, what may still arrive or be served there for a while; `none` for no HTTPS. */
  readonly arriving: ReadonlyMap<string, readonly LeafFingerprints[]>;
  /** By resource, the newest request that its cloud accepted lately: what the cloud tells of it may be older. */
  readonly lastSet: ReadonlyMap<string, LastSet>;
  /** Running rollouts. No approval is bound to these: a rollout that ends as announced does not void one. */
  readonly warnings: readonly Warning[];
}
