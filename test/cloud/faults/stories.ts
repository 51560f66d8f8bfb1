import fc from "fast-check";
import type { Fault } from "./proxy.js";

/** What happens to one request. */
export function faultOf(kinds: readonly Fault[], one: { readonly in: number }): fc.Arbitrary<Fault> {
  return fc.oneof(
    { weight: one.in - 1, arbitrary: fc.constant<Fault>("none") },
    { weight: 1, arbitrary: fc.constantFrom(...kinds) },
  );
}

/** What happens to the tries of one call, in turn. */
export function storyOf(kinds: readonly Fault[]): fc.Arbitrary<Fault[]> {
  return fc.array(faultOf(kinds, { in: 3 }), { minLength: 1, maxLength: 4 });
}

/** FAULT_SEED, to see a run again as far as its timing allows; else another one each time. */
export function seedGiven(): number {
  const given = process.env.FAULT_SEED;
  return given === undefined ? Date.now() % 1_000_000 : Number(given);
}
