import { z } from "zod";
import { limits } from "../../catalogue/limits.js";
import { contentOf, innermost } from "../../catalogue/params.js";
import { type JsonObject, ownMember } from "../../lib/json.js";

const { argument: max } = limits;

/** An argument that is too large: its path and its limit, as the end of a sentence. */
export interface Excess {
  /** Dotted path; empty for the arguments as a whole. */
  readonly path: string;
  readonly says: string;
}

/**
 * The first argument that exceeds a limit; undefined if none does. Checks no more values than are allowed, and only the
 * length of texts, so its cost is bounded.
 */
export function excessIn(schema: z.ZodTypeAny, args: JsonObject): Excess | undefined {
  let values = 0;
  const within = (value: unknown, kind: z.ZodTypeAny | undefined, path: readonly string[]): Excess | undefined => {
    const excess = (says: string): Excess => ({ path: path.join("."), says });
    values += 1;
    if (values > max.values) return { path: "", says: `there are more than ${max.values} values in it` };
    if (typeof value === "string") {
      const longest = longestOf(kind);
      return value.length > longest
        ? excess(`has ${value.length} characters; at most ${longest} are taken`)
        : undefined;
    }
    if (typeof value !== "object" || value === null) return undefined;
    if (path.length >= max.depth) return { path: "", says: `it is nested more than ${max.depth} levels deep` };
    const limit = maximumOf(kind);
    if (Array.isArray(value) && limit !== undefined && value.length > limit) {
      return excess(`has ${value.length} items; at most ${limit} are taken in one call`);
    }
    // Not Object.entries(): of a million members only the first are visited.
    for (const name in value) {
      if (name.length > max.text) return excess(`has a member whose name has ${name.length} characters`);
      const inner: unknown = Reflect.get(value, name);
      const found = within(inner, memberOf(kind, name), [...path, name]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return within(args, schema, []);
}

function longestOf(kind: z.ZodTypeAny | undefined): number {
  const content = kind && contentOf(kind);
  if (content === undefined || content === "password") return max.text;
  return content === "letter" ? max.letter : max.pem;
}

/** The maximum number of items of a list, by its schema. */
function maximumOf(kind: z.ZodTypeAny | undefined): number | undefined {
  const inner = kind && innermost(kind);
  return inner instanceof z.ZodArray ? (inner._def.maxLength?.value ?? undefined) : undefined;
}

function memberOf(kind: z.ZodTypeAny | undefined, name: string): z.ZodTypeAny | undefined {
  const inner = kind && innermost(kind);
  if (inner instanceof z.ZodArray) return inner.element;
  if (!(inner instanceof z.ZodObject)) return undefined;
  const shape: Readonly<Record<string, z.ZodTypeAny>> = inner.shape;
  return ownMember(shape, name);
}
