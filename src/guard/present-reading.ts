import type { Aspect, Warning } from "../catalogue/operation.js";
import type { SafeText } from "../visible.js";
import { notVisible } from "./present-words.js";

export type Fact = readonly [name: SafeText, value: SafeText];

/** What was read of one subject. */
export interface Reading {
  /** The object by name. */
  readonly object: SafeText;
  readonly now: (aspect: Aspect) => SafeText;
  readonly facts: readonly Fact[];
  /** Texts with personal data, and the same without it. */
  readonly masked?: readonly (readonly [text: SafeText, masked: SafeText])[];
  /** Certificates that it has to do with; they are described beside it. */
  readonly certificates: readonly string[];
  /** What of it makes the change riskier than its arguments tell. */
  readonly warnings?: readonly Warning[];
}

/** What is known by aspect, and what holds for all others. */
export function byAspect(
  known: Partial<Readonly<Record<Aspect, SafeText>>>,
  otherwise: SafeText = notVisible,
): Reading["now"] {
  return (aspect) => known[aspect] ?? otherwise;
}

/** A subject of which there is one thing to say. */
export function bare(object: SafeText, now: SafeText): Reading {
  return { object, now: () => now, facts: [], certificates: [] };
}
