import { isIP } from "node:net";
import { z } from "zod";
import { type DomainName, domainsIn, parseDomainName } from "../lib/domain-name.js";
import { messageOf } from "../lib/failure.js";
import type { JsonObject } from "../lib/json.js";
import { writtenPath } from "../lib/paths.js";
import { quoted } from "../lib/safe-text.js";
import { limits as inputLimits } from "./limits.js";

/*
 * The parameter types of the documented operations. Each limit is written once here and appears both as a check and
 * in the description, because some clients strip `minimum`, `maxLength` and the like from a schema.
 */

/** The content of a member that is more than ordinary text; decides how it is read, shown and protected. */
export type Content = "private key" | "password" | "archive" | "certificate" | "csr" | "letter";

const contents = new WeakMap<z.ZodTypeAny, Content>();

/** The content of a member, or undefined for ordinary text. Looks through optional, nullable and preprocessing. */
export function contentOf(schema: z.ZodTypeAny): Content | undefined {
  return contents.get(innermost(schema));
}

/** Whether it must never be shown. The other kinds are public, but long. An archive holds a private key. */
export function isSecret(content: Content | undefined): boolean {
  return content === "private key" || content === "password" || content === "archive";
}

/** The schema inside any optional, nullable or preprocessing wrapper. */
export function innermost(schema: z.ZodTypeAny): z.ZodTypeAny {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return innermost(schema.unwrap());
  if (schema instanceof z.ZodEffects) return innermost(schema.innerType());
  return schema;
}

/** The members of a structure, by name. */
export function shapeOf(schema: z.AnyZodObject): [string, z.ZodTypeAny][] {
  return Object.entries(schema.shape);
}

export function withContent<Schema extends z.ZodTypeAny>(content: Content, schema: Schema): Schema {
  contents.set(schema, content);
  return schema;
}

interface Limits {
  readonly min?: number;
  readonly max?: number;
}

/** Free text; `max` in characters. */
export function text(description: string, limits: Limits = {}): z.ZodString {
  return limited(z.string(), limits).describe(withLimits(description, limits, " chars"));
}

/** What a member is that its type does not show. */
type Mark = "domain" | "identifier" | "watch time" | "rows";

const marks = new WeakMap<z.ZodTypeAny, Mark>();

export function marked<Schema extends z.ZodTypeAny>(mark: Mark, schema: Schema): Schema {
  marks.set(schema, mark);
  return schema;
}

const isMarked = (mark: Mark) => (schema: z.ZodTypeAny) => marks.get(innermost(schema)) === mark;

/** Whether a member was declared as such. */
export const isDomain = isMarked("domain");
export const isIdentifier = isMarked("identifier");
export const isWatchTime = isMarked("watch time");
export const isRows = isMarked("rows");

/**
 * A domain name, sent and compared in its DNS form regardless of spelling.
 * @param format writes the name in the cloud's own notation, if that differs from DNS
 */
export function domain(
  description: string,
  limits: Limits = {},
  format: (name: DomainName) => string = ({ ascii }) => ascii,
) {
  const name = marked("domain", text(description, limits));
  return name
    .transform((given, context) => {
      const parsed = parseDomainName(given.trim());
      if (parsed !== undefined) return format(parsed);
      context.addIssue({ code: "custom", message: notDomain(given) });
      return z.NEVER;
    })
    .describe(name.description ?? description);
}

/** Several domain names; two spellings of one name count once. */
export function domainList(description: string, limits: Limits) {
  const names = list(domain("Domain"), description, limits);
  return names.transform((given) => [...new Set(given)]).describe(names.description ?? description);
}

/** The same, but also accepts IP addresses, because a certificate may be for one. */
export function domainOrAddress(description: string) {
  return text(description)
    .superRefine((given, context) => {
      if (isIP(given) === 0 && parseDomainName(given) === undefined) {
        context.addIssue({ code: "custom", message: notDomain(given) });
      }
    })
    .describe(description);
}

/** An id, or a name where a tool takes both, as an argument of our own tools. People and models often copy more than the id. */
export function identifier(description: string) {
  return marked("identifier", text(description))
    .superRefine((given, context) => {
      const what = /^(?:file|env|vault):/i.test(given)
        ? "a reference"
        : given.includes("-----BEGIN ")
          ? "PEM"
          : undefined;
      if (what === undefined) return;
      context.addIssue({
        code: "custom",
        message: `it is ${what} and no id: pass it as certificate, where a tool takes one`,
      });
    })
    .describe(description);
}

/** The id alone, without what was copied along with it: a label, quotation marks, spaces. No id has those. */
export function bareId(written: string): string {
  return written
    .trim()
    .replace(/^(?:(?:certificate|cert|zone|job)[ _-]?)?id\s*[:=：]\s*/i, "")
    .replace(/^(["'`“‘])(.*)["'`”’]$/su, "$2")
    .trim();
}

/** A directory of this computer: also with ~ or as a file: URI. What is shown and used is the path. */
export function directory(description: string) {
  return text(description)
    .transform((given, context) => {
      try {
        return writtenPath(given);
      } catch (error) {
        context.addIssue({ code: "custom", message: messageOf(error) });
        return z.NEVER;
      }
    })
    .describe(description);
}

/** The error for a text that is not a domain name: what to send instead, if that is clear. */
export function notDomain(given: string): string {
  const meant = domainsIn(given);
  const instead =
    meant.length === 0
      ? "give one such as www.example.com or *.example.com, without scheme, port or path"
      : meant.length === 1
        ? `send ${quoted(meant[0] ?? "", 253)}`
        : `send each by itself: ${meant.map((name) => quoted(name, 253)).join(", ")}`;
  return `${quoted(given, 100)} is no domain name: ${instead}`;
}

/** Creates the function for text with this content. */
function textWith(content: Content) {
  return (description: string, limits: Limits = {}) => withContent(content, text(description, limits));
}

/** In PEM. */
export const privateKey = textWith("private key");

/** Of a private key or of files that hold one. */
export const password = textWith("password");

/** A certificate or a chain in PEM. */
export const certificate = textWith("certificate");

/** A certificate signing request in PEM. */
export const csr = textWith("csr");

/** A scanned letter in base64. */
export const letter = textWith("letter");

/**
 * An Integer of the API. A numeric string is accepted too: the vendors' own examples send them
 * (docs/cloud-behaviour.md 3.9).
 */
export function integer(description: string, limits: Limits = {}) {
  return z.preprocess(toInteger, limited(z.number().int(), limits)).describe(withLimits(description, limits));
}

/** How long a call watches, in seconds. Two calls that differ only in it are about the same thing. */
export function watchTime(description: string, limits: Limits = {}) {
  const seconds = integer(description, limits);
  marked("watch time", innermost(seconds));
  return seconds;
}

/** A String of the API that holds a number. A number is accepted and sent as text (docs/cloud-behaviour.md 3.9). */
export function numericText(description: string, limits: Limits = {}) {
  return z
    .preprocess(
      toDigits,
      z
        .string()
        .regex(/^\d+$/, "must be a whole number")
        .superRefine((digits, context) => {
          const checked = limited(z.number(), limits).safeParse(Number(digits));
          for (const issue of checked.error?.issues ?? []) context.addIssue(issue);
        }),
    )
    .describe(withLimits(description, limits));
}

/** A String of the API whose values look like numbers, such as the id of a task; a number is accepted, too. */
export function textOrNumber(description: string) {
  return z.preprocess(toDigits, z.string()).describe(description);
}

/**
 * One of the documented values in any letter case, or as a number; sent as documented (docs/cloud-behaviour.md 3.9). The
 * schema lists them, so the description need not.
 */
export function choice<const Values extends readonly [string, ...string[]]>(values: Values, description: string) {
  const canonical = new Map(values.map((value) => [value.toLowerCase(), value]));
  const toCanonical = (value: unknown) => {
    const written = toDigits(value);
    return typeof written === "string" ? (canonical.get(written.toLowerCase()) ?? written) : value;
  };
  return z.preprocess(toCanonical, z.enum(values)).describe(description);
}

/** A String of the API of which only these values mean something, in any letter case; any other text is passed on. */
export function openChoice(values: readonly string[], description: string) {
  const toKnown = (given: string) => values.find((value) => value === given.toLowerCase()) ?? given;
  return text(description).transform(toKnown).describe(description);
}

/** One of the documented Integer values; a numeric string is accepted too. `description` says what each value means. */
export function integerChoice(values: readonly number[], description: string) {
  return z
    .preprocess(
      toInteger,
      z
        .number()
        .int()
        .refine((value) => values.includes(value), { message: `must be one of ${values.join(", ")}` }),
    )
    .describe(description);
}

/** A switch of API type Integer; true and false are accepted too. */
export function binary(description: string) {
  const described = `${description}: 1 yes, 0 no`;
  return z.preprocess(toSwitch, integerChoice([0, 1], described)).describe(described);
}

export function flag(description: string): z.ZodBoolean {
  return z.boolean().describe(description);
}

/**
 * An Array of the API; `min` and `max` count its items. Without a documented `max` the general limit applies. It is
 * not repeated in descriptions, which every conversation pays for; a longer list is refused with the number.
 */
export function list<Item extends z.ZodTypeAny>(
  item: Item,
  description: string,
  limits: Limits = {},
): z.ZodArray<Item> {
  const { max = inputLimits.argument.items } = limits;
  return limited(z.array(item), { ...limits, max }).describe(withLimits(description, limits, " items"));
}

/**
 * An Array of structures that one member tells apart. Two with the same value are refused: no document says which of them
 * counts, so a plan could show the one and the cloud take the other.
 */
export function keyedList<Item extends z.AnyZodObject>(
  key: keyof Item["shape"] & string,
  item: Item,
  description: string,
  limits: Limits = {},
) {
  const items = list(item, description, limits);
  return items
    .superRefine((given, context) => {
      const seen = new Set<unknown>();
      given.forEach((entry: JsonObject, index) => {
        const value = entry[key];
        if (value !== undefined && seen.has(value)) {
          const message = `${key} ${quoted(String(value), 100)} is in an entry before this one: give it once`;
          context.addIssue({ code: "custom", path: [index, key], message });
        }
        seen.add(value);
      });
    })
    .describe(items.description ?? description);
}

/** A nested structure. Undocumented members are refused, as everywhere in the input. */
export function struct<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.object(shape).strict();
}

function limited<Schema extends { min(value: number): Schema; max(value: number): Schema }>(
  schema: Schema,
  { min, max }: Limits,
): Schema {
  const floored = min === undefined ? schema : schema.min(min);
  return max === undefined ? floored : floored.max(max);
}

function withLimits(description: string, { min, max }: Limits, unit = ""): string {
  if (max !== undefined) return `${description} (${min ?? "max"}${min === undefined ? " " : "-"}${max}${unit})`;
  return min === undefined || min <= 1 ? description : `${description} (min ${min}${unit})`;
}

/** A text whose number would lose digits stays text, and is refused as text. */
function toInteger(value: unknown): unknown {
  if (typeof value !== "string" || !/^-?\d+$/.test(value)) return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function toSwitch(value: unknown): unknown {
  const text = `${value}`.trim().toLowerCase();
  return text === "true" ? 1 : text === "false" ? 0 : value;
}

function toDigits(value: unknown): unknown {
  return typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value;
}
