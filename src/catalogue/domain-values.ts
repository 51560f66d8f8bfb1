import { z } from "zod";
import { innermost, isDomain } from "./params.js";

/** The domain names in `value`, found by its schema. */
export function domainValues(schema: z.ZodTypeAny, value: unknown): string[] {
  if (isDomain(schema)) return typeof value === "string" ? [value] : [];
  const inner = innermost(schema);
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    const element: z.ZodTypeAny = inner.element;
    return value.flatMap((item) => domainValues(element, item));
  }
  if (inner instanceof z.ZodObject && typeof value === "object" && value !== null) {
    const shape: Readonly<Record<string, z.ZodTypeAny>> = inner.shape;
    return Object.entries(value).flatMap(([name, member]) => {
      const known = shape[name];
      return known === undefined ? [] : domainValues(known, member);
    });
  }
  return [];
}
