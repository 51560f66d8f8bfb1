import type { Sighting } from "../jobs/sightings.js";

/**
 * What the evidence of a job consists of. Everything else in the file follows from these parts: looks have their digests
 * in lines of the audit log, and certificates have theirs in the looks.
 */
export interface Evidence {
  readonly job: string;
  /** Lines of the audit log without their line ends, one after the other. */
  readonly lines: readonly string[];
  readonly looks: readonly Sighting[];
  /** DER by SHA-256. */
  readonly certificates: ReadonlyMap<string, Buffer>;
}
