import type { Bundle } from "../certificates/bundle.js";

/** A bundle that is examined, and what the findings go by. */
export interface Examined extends Bundle {
  /** The parameter that holds the bundle. */
  readonly parameter: string;
  readonly now: Date;
  /** Positions of the certificates that every client has to accept. */
  readonly needed: ReadonlySet<number>;
  /** Roots that clients trust besides those of Node.js, in PEM. */
  readonly roots: readonly string[];
}
