import fc from "fast-check";
import { z } from "zod";
import { innermost } from "../../src/catalogue/params.js";
import type { Members } from "./support.js";

/** Answers that have the documented members, filled with anything that such a member may hold. */
export function answerTo(schema: z.AnyZodObject): fc.Arbitrary<Members> {
  return objectOf(schema).map(({ RequestId: _, ...members }) => members);
}

const text = fc.oneof(
  { weight: 5, arbitrary: fc.string({ maxLength: 30 }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom("2026-05-03 07:59:59", "0000-00-00 00:00:00", "--", "", "83", "ops@example.com"),
  },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
  { weight: 1, arbitrary: fc.base64String({ maxLength: 3_000 }) },
);

function anythingFor(schema: z.ZodTypeAny): fc.Arbitrary<unknown> {
  const inner = innermost(schema);
  if (inner instanceof z.ZodArray) return fc.array(anythingFor(inner.element), { maxLength: 4 });
  if (inner instanceof z.ZodObject) return objectOf(inner);
  if (inner instanceof z.ZodNumber) return fc.integer({ min: -1, max: 2_000 });
  return inner instanceof z.ZodBoolean ? fc.boolean() : text;
}

function objectOf(schema: z.AnyZodObject): fc.Arbitrary<Members> {
  const shape: Readonly<Record<string, z.ZodTypeAny>> = schema.shape;
  const members = Object.entries(shape).map(([name, member]) => [name, orNull(anythingFor(member))] as const);
  return fc.record(Object.fromEntries(members), { requiredKeys: [] });
}

function orNull(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 9, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) });
}

/** The same with its lists repeated, and members that the documents have otherwise or not at all. */
export function distorted(answer: Members, times: number, surprises: readonly unknown[]): Members {
  let next = 0;
  const within = (value: unknown, copies: number): unknown => {
    if (Array.isArray(value)) {
      const items = value.map((item) => within(item, Math.min(copies, 2)));
      return Array.from({ length: copies }, () => items).flat();
    }
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, within(member, copies)]));
    }
    next++;
    return next % 7 === 0 && surprises.length > 0 ? surprises[next % surprises.length] : value;
  };
  const members = Object.entries(answer).map(([name, member]) => [name, within(member, times)]);
  return { ...Object.fromEntries(members), Undocumented: surprises };
}
