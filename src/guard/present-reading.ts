import type { Aspect } from "../catalogue/operation.js";
import { notVisible } from "./present-words.js";

export type Fact = readonly [name: string, value: string];

/** What was read of one subject. */
export interface Reading {
  /** The object by name. */
  readonly object: string;
  readonly now: (aspect: Aspect) => string;
  readonly facts: readonly Fact[];
  /** Texts with personal data, and the same without it. */
  readonly masked?: readonly (readonly [text: string, masked: string])[];
  /** Certificates that it has to do with; they are described beside it. */
  readonly certificates: readonly string[];
}

/** What is known by aspect, and what holds for all others. */
export function byAspect(
  known: Partial<Readonly<Record<Aspect, string>>>,
  otherwise: string = notVisible,
): Reading["now"] {
  return (aspect) => known[aspect] ?? otherwise;
}

/** A subject of which there is one thing to say. */
export function bare(object: string, now: string): Reading {
  return { object, now: () => now, facts: [], certificates: [] };
}
