import { z } from "zod";
import { innermost } from "../../catalogue/params.js";
import { isObject, parseJson } from "../../lib/json.js";
import { commaSeparated } from "../../lib/lists.js";

/**
 * Normalizes arguments. Some clients send arrays and objects as JSON text, booleans and numbers as text, one value
 * instead of a list, and null or "" for what is omitted. Values with only one possible meaning are converted; all
 * others are left for the schema to judge.
 */

/** A value that was damaged on the way; does not repeat the value. */
export interface Misread {
  /** Dotted path. */
  readonly path: string;
  readonly says: string;
}

/** The value as `schema` expects it, as far as possible. Values damaged on the way are added to `misread`. */
export function asMeant(schema: z.ZodTypeAny, value: unknown, path: string, misread: Misread[]): unknown {
  const kind = innermost(schema);
  if (kind instanceof z.ZodObject) return asObject(kind, value, path, misread);
  if (kind instanceof z.ZodArray) return asList(kind, value, path, misread);
  if (kind instanceof z.ZodBoolean) return asBoolean(value);
  if (kind instanceof z.ZodNumber) return asNumber(value, path, misread);
  if (kind instanceof z.ZodEnum) return typeof value === "string" ? value.trim() : value;
  if (kind instanceof z.ZodString && typeof value === "number" && !isExact(value)) misread.push(inexact(path));
  return value;
}

function asObject(kind: z.AnyZodObject, value: unknown, path: string, misread: Misread[]): unknown {
  const given = isJson(value, "{") ? parseJson(value) : value;
  if (!isObject(given)) return value;
  const shape: Readonly<Record<string, z.ZodTypeAny>> = kind.shape;
  const members = Object.entries(given).map(([name, member]) => {
    const schema = Object.hasOwn(shape, name) ? shape[name] : undefined;
    const at = path === "" ? name : `${path}.${name}`;
    return [name, schema === undefined ? member : asMember(schema, member, at, misread)] as const;
  });
  return Object.fromEntries(members.filter(([, member]) => member !== undefined));
}

/** Undefined if the member is omitted. */
function asMember(schema: z.ZodTypeAny, value: unknown, path: string, misread: Misread[]): unknown {
  if (value === null) return undefined;
  if (!(schema instanceof z.ZodOptional)) return asMeant(schema, value, path, misread);
  if (isLeftOut(innermost(schema), value)) return undefined;
  const meant = asMeant(schema, value, path, misread);
  return isObject(meant) && Object.keys(meant).length === 0 ? undefined : meant;
}

/** Whether a model named an optional member only to omit it. */
function isLeftOut(kind: z.ZodTypeAny, value: unknown): boolean {
  if (typeof value !== "string") return false;
  const text = value.trim().toLowerCase();
  return text === "" || (!(kind instanceof z.ZodString) && ["null", "none", "undefined"].includes(text));
}

function asList(kind: z.ZodArray<z.ZodTypeAny>, value: unknown, path: string, misread: Misread[]): unknown {
  const given = isJson(value, "[") ? parseJson(value) : value;
  if (Array.isArray(given)) return given.map((item, index) => asMeant(kind.element, item, `${path}.${index}`, misread));
  const item = innermost(kind.element);
  if (item instanceof z.ZodObject) {
    const one = asMeant(item, value, `${path}.0`, misread);
    return isObject(one) ? [one] : value;
  }
  // Text that looks like a list but is not JSON, such as Python's, is not a single value.
  if (typeof value === "string" && !/^\s*[[{]/.test(value)) {
    const named = commaSeparated(value).filter((part) => part !== "");
    return named.length === 0 ? value : named.map((part) => asMeant(item, part, path, misread));
  }
  return typeof value === "number" ? [asMeant(item, value, path, misread)] : value;
}

function asBoolean(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const text = value.trim().toLowerCase();
  return text === "true" || (text === "false" ? false : value);
}

function asNumber(value: unknown, path: string, misread: Misread[]): unknown {
  const number = typeof value === "string" && /^\s*-?\d+(\.0+)?\s*$/.test(value) ? Number(value) : value;
  if (typeof number !== "number" || isExact(number)) return number;
  misread.push(inexact(path));
  return value;
}

/** Integers beyond 2^53 are ambiguous: the original value is lost. */
const isExact = (number: number) => !Number.isInteger(number) || Number.isSafeInteger(number);

const inexact = (path: string): Misread => ({
  path,
  says: "the number is beyond 2^53, so its last digits do not survive JSON; look the id up again and check its length",
});

function isJson(value: unknown, opening: "{" | "["): value is string {
  return typeof value === "string" && value.trimStart().startsWith(opening);
}
