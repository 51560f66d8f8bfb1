import { z } from "zod";
import { innermost } from "../../catalogue/params.js";
import { isObject, ownMember, parseJson } from "../../lib/json.js";
import { commaSeparated } from "../../lib/lists.js";

/**
 * Normalizes arguments. Some clients send arrays and objects as JSON text, booleans and numbers as text, one value
 * instead of a list, and null or "" for what is omitted. Values with only one possible meaning are converted; all
 * others are left for the schema to judge.
 */

/** A value that was damaged on the way; does not repeat the value. */
export interface DamagedValue {
  /** Dotted path. */
  readonly path: string;
  readonly says: string;
}

/** The value as `schema` expects it, as far as possible. Values that were damaged on the way are added to `damaged`. */
export function normalizeValue(schema: z.ZodTypeAny, value: unknown, path: string, damaged: DamagedValue[]): unknown {
  const kind = innermost(schema);
  if (kind instanceof z.ZodObject) return normalizeObject(kind, value, path, damaged);
  if (kind instanceof z.ZodArray) return normalizeList(kind, value, path, damaged);
  if (kind instanceof z.ZodBoolean) return normalizeBoolean(value);
  if (kind instanceof z.ZodNumber) return normalizeNumber(value, path, damaged);
  if (kind instanceof z.ZodEnum) return typeof value === "string" ? value.trim() : value;
  if (kind instanceof z.ZodString && typeof value === "number" && !isExact(value)) damaged.push(inexact(path));
  return value;
}

function normalizeObject(kind: z.AnyZodObject, value: unknown, path: string, damaged: DamagedValue[]): unknown {
  const given = isJson(value, "{") ? parseJson(value) : value;
  if (!isObject(given)) return value;
  const shape: Readonly<Record<string, z.ZodTypeAny>> = kind.shape;
  const members = Object.entries(given).map(([name, member]) => {
    const schema = ownMember(shape, name);
    const at = path === "" ? name : `${path}.${name}`;
    return [name, schema === undefined ? member : normalizeMember(schema, member, at, damaged)] as const;
  });
  return Object.fromEntries(members.filter(([, member]) => member !== undefined));
}

/** Undefined if the member is omitted. */
function normalizeMember(schema: z.ZodTypeAny, value: unknown, path: string, damaged: DamagedValue[]): unknown {
  if (value === null) return undefined;
  if (!(schema instanceof z.ZodOptional)) return normalizeValue(schema, value, path, damaged);
  if (isLeftOut(innermost(schema), value)) return undefined;
  const meant = normalizeValue(schema, value, path, damaged);
  return isObject(meant) && Object.keys(meant).length === 0 ? undefined : meant;
}

/** Whether a model named an optional member only to omit it. */
function isLeftOut(kind: z.ZodTypeAny, value: unknown): boolean {
  if (typeof value !== "string") return false;
  const text = value.trim().toLowerCase();
  return text === "" || (!(kind instanceof z.ZodString) && ["null", "none", "undefined"].includes(text));
}

function normalizeList(kind: z.ZodArray<z.ZodTypeAny>, value: unknown, path: string, damaged: DamagedValue[]): unknown {
  const given = isJson(value, "[") ? parseJson(value) : value;
  if (Array.isArray(given))
    return given.map((item, index) => normalizeValue(kind.element, item, `${path}.${index}`, damaged));
  const item = innermost(kind.element);
  if (item instanceof z.ZodObject) {
    const one = normalizeValue(item, value, `${path}.0`, damaged);
    return isObject(one) ? [one] : value;
  }
  // Text that looks like a list but is not JSON, such as Python's, is not a single value.
  if (typeof value === "string" && !/^\s*[[{]/.test(value)) {
    const named = commaSeparated(value).filter((part) => part !== "");
    return named.length === 0 ? value : named.map((part) => normalizeValue(item, part, path, damaged));
  }
  return typeof value === "number" ? [normalizeValue(item, value, path, damaged)] : value;
}

function normalizeBoolean(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const text = value.trim().toLowerCase();
  return text === "true" || (text === "false" ? false : value);
}

function normalizeNumber(value: unknown, path: string, damaged: DamagedValue[]): unknown {
  const number = typeof value === "string" && /^\s*-?\d+(\.0+)?\s*$/.test(value) ? Number(value) : value;
  if (typeof number !== "number" || isExact(number)) return number;
  damaged.push(inexact(path));
  return value;
}

/** Integers beyond 2^53 are ambiguous: the original value is lost. */
const isExact = (number: number) => !Number.isInteger(number) || Number.isSafeInteger(number);

const inexact = (path: string): DamagedValue => ({
  path,
  says: "the number is beyond 2^53, so its last digits do not survive JSON; look the id up again and check its length",
});

function isJson(value: unknown, opening: "{" | "["): value is string {
  return typeof value === "string" && value.trimStart().startsWith(opening);
}
