import type { Warning } from "./operation.js";

/** What this program sent earlier to the resources of a call, according to its journal. */
export interface Rollout {
  /** Names the newest request for each resource of a job; if it differs, something was sent in the meantime. */
  readonly newest: string;
  /** By domain, what may still arrive or be served there for a while: SHA-256 of leaves, `none` for no HTTPS. */
  readonly arriving: ReadonlyMap<string, readonly string[]>;
  /** Running rollouts. No approval is bound to these: a rollout that ends as announced does not void one. */
  readonly warnings: readonly Warning[];
}
