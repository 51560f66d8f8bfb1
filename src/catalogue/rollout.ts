import type { Warning } from "./operation.js";

/** What this program sent before to the resources that a call is about, as its journal tells. */
export interface Rollout {
  /** Names the newest request for each resource of a job: another one means that something was sent meanwhile. */
  readonly newest: string;
  /** By domain what may still arrive there, or be seen there for a while yet: SHA-256 of leaves, `none` for no HTTPS. */
  readonly arriving: ReadonlyMap<string, readonly string[]>;
  /** What is still on its way. No approval is bound to these: that a rollout ends as it was said to voids none. */
  readonly warnings: readonly Warning[];
}
