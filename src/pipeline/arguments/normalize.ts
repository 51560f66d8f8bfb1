import { z } from "zod";
import { bareId, contentOf, innermost, isDomain, isIdentifier } from "../../catalogue/params.js";
import { below, isObject, type JsonObject, ownMember, parseJson } from "../../lib/json.js";
import { commaSeparated, present } from "../../lib/lists.js";
import { closestTo } from "./describe-issue.js";

/*
 * Normalizes arguments. Some clients send arrays and objects as JSON text, booleans and numbers as text, one value
 * instead of a list, and null or "" for what is omitted. Values with only one possible meaning are converted; all
 * others are left for the schema to judge.
 */

/** A value that was damaged on the way; does not repeat the value. */
interface DamagedValue {
  /** Dotted path. */
  readonly path: string;
  readonly says: string;
}

/** What was noticed while values were normalized. */
export interface Normalization {
  readonly damaged: DamagedValue[];
  /** Paths of members whose text or 0 says "nothing": left out, or taken as it stands because it may be meant. */
  readonly omitted: string[];
  readonly keptAsText: string[];
  /**
   * Whether 0 is "nothing" where it is below the least number of a member that may be omitted: for the program's own
   * reads. What a vendor's operation makes of it is not for this program to say, and a change without one of its bounds
   * would go further than it was written.
   */
  readonly zeroIsNothing: boolean;
}

/** What a caller has to know about values that say "nothing", a sentence for each kind. */
export function normalizationNotes({ omitted, keptAsText }: Pick<Normalization, "omitted" | "keptAsText">): string[] {
  return present([
    omitted.length > 0 &&
      `Left out, because a text such as "null", or a 0 below the least number, is no value there: ${omitted.join(", ")}.`,
    keptAsText.length > 0 &&
      `Used as it stands, although it may mean nothing: the text of ${keptAsText.join(", ")}. Leave out what is not meant.`,
  ]);
}

/** The value as `schema` expects it, as far as possible. What is noticed is added to `seen`. */
export function normalizeValue(schema: z.ZodTypeAny, value: unknown, path: string, seen: Normalization): unknown {
  const kind = innermost(schema);
  if (kind instanceof z.ZodObject) return normalizeObject(kind, value, path, seen);
  if (kind instanceof z.ZodArray) return normalizeList(kind, value, path, seen);
  if (kind instanceof z.ZodBoolean) return normalizeBoolean(value);
  if (kind instanceof z.ZodNumber) return normalizeNumber(value, path, seen);
  if (kind instanceof z.ZodEnum) return normalizeChoice(kind, onlyOf(value));
  if (kind instanceof z.ZodString && isOneText(value)) return normalizeValue(schema, onlyOf(value), path, seen);
  if (kind instanceof z.ZodString && typeof value === "number" && !isExact(value)) seen.damaged.push(inexact(path));
  return isIdentifier(kind) ? normalizeId(value) : value;
}

function normalizeObject(kind: z.AnyZodObject, value: unknown, path: string, seen: Normalization): unknown {
  const given = isJson(value, "{") ? parseJson(value) : value;
  if (!isObject(given)) return value;
  const shape: Readonly<Record<string, z.ZodTypeAny>> = kind.shape;
  const members = Object.entries(given).map(([name, member]) => {
    const schema = ownMember(shape, name);
    const at = below(path, name);
    return [name, schema === undefined ? member : normalizeMember(name, schema, member, at, seen)] as const;
  });
  return Object.fromEntries(members.filter(([, member]) => member !== undefined));
}

/** Undefined if the member is omitted. */
function normalizeMember(
  name: string,
  schema: z.ZodTypeAny,
  value: unknown,
  path: string,
  seen: Normalization,
): unknown {
  if (value === null) return undefined;
  if (!(schema instanceof z.ZodOptional)) return normalizeValue(schema, value, path, seen);
  if (typeof value === "string" && value.trim() === "") return undefined;
  const nothing = wordForNothing(value);
  if (nothing !== undefined && !mayBeMeant(schema, value, name)) {
    seen.omitted.push(path);
    return undefined;
  }
  if (nothing !== undefined) seen.keptAsText.push(`${path} ("${nothing}")`);
  const meant = normalizeValue(schema, value, path, seen);
  // From a proxy that fills in whatever a model left out (metatool-ai/metamcp#365).
  if (meant === 0 && seen.zeroIsNothing && isAboveZero(schema)) {
    seen.omitted.push(`${path} (0)`);
    return undefined;
  }
  return isObject(meant) && Object.keys(meant).length === 0 ? undefined : meant;
}

function isAboveZero(schema: z.ZodTypeAny): boolean {
  const kind = innermost(schema);
  return kind instanceof z.ZodNumber && (kind.minValue ?? 0) > 0;
}

/** The text by which a model wrote "nothing", alone or as the only item of a list (anthropics/claude-code#95239). */
function wordForNothing(value: unknown): string | undefined {
  const given = isJson(value, "[") ? parseJson(value) : value;
  const only = Array.isArray(given) && given.length === 1 ? String(given[0]) : given;
  if (typeof only !== "string") return undefined;
  const text = only.trim();
  return ["null", "none", "undefined"].includes(text.toLowerCase()) ? text : undefined;
}

/**
 * Members whose text the program or a cloud chose, or DNS: none of them is ever "null". What people choose may be: a
 * remark, something to search for, a family name.
 */
const neverNull =
  /(?:ids?|domains?|domainname|zone|types?|time|limit|offset)$|^(?:service|regions?|cursor|job|month|first_day|last_day|fingerprint|address)$/i;

function mayBeMeant(schema: z.ZodTypeAny, value: unknown, name: string): boolean {
  const kind = innermost(schema);
  // As the text of a list, it is none.
  if (kind instanceof z.ZodArray && typeof value === "string" && !isJson(value, "[")) return false;
  const item = kind instanceof z.ZodArray ? innermost(kind.element) : kind;
  // Without its only item, a list of ids that narrows a call would widen it.
  if (kind instanceof z.ZodArray && isIdentifier(item)) return true;
  return (
    item instanceof z.ZodString &&
    contentOf(item) === undefined &&
    !isDomain(item) &&
    !isIdentifier(item) &&
    !neverNull.test(name)
  );
}

function normalizeList(kind: z.ZodArray<z.ZodTypeAny>, value: unknown, path: string, seen: Normalization): unknown {
  const given = isJson(value, "[") ? parseJson(value) : value;
  if (Array.isArray(given))
    return given.map((item, index) => normalizeValue(kind.element, item, `${path}.${index}`, seen));
  const item = innermost(kind.element);
  if (item instanceof z.ZodObject) {
    const one = normalizeValue(item, value, `${path}.0`, seen);
    return isObject(one) ? [one] : value;
  }
  // Text that looks like a list but is not JSON, such as Python's, is not a single value.
  if (typeof value === "string" && !/^\s*[[{]/.test(value)) {
    const named = commaSeparated(value).filter((part) => part !== "");
    return named.length === 0 ? value : named.map((part) => normalizeValue(item, part, path, seen));
  }
  return typeof value === "number" ? [normalizeValue(item, value, path, seen)] : value;
}

function normalizeBoolean(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const text = value.trim().toLowerCase();
  return text === "true" || (text === "false" ? false : value);
}

const isOneText = (value: unknown) => Array.isArray(value) && value.length === 1 && typeof value[0] === "string";

/** The text of a list that has no other item. */
const onlyOf = (value: unknown): unknown => (Array.isArray(value) && isOneText(value) ? value[0] : value);

/** In the separators that the values have: `tencent_ssl` is `tencent-ssl`. */
function normalizeChoice({ options }: z.ZodEnum<[string, ...string[]]>, value: unknown): unknown {
  if (typeof value !== "string") return value;
  const text = value.trim();
  const plain = (name: string) => name.replace(/[-_\s]+/g, "-").toLowerCase();
  return options.includes(text) ? text : (options.find((option) => plain(option) === plain(text)) ?? text);
}

/** Ids of Alibaba Cloud are numbers. */
function normalizeId(value: unknown): unknown {
  if (typeof value === "string") return bareId(value);
  return Number.isSafeInteger(value) ? String(value) : value;
}

function normalizeNumber(value: unknown, path: string, seen: Normalization): unknown {
  const number = typeof value === "string" && /^\s*-?\d+(\.0+)?\s*$/.test(value) ? Number(value) : value;
  if (typeof number !== "number" || isExact(number)) return number;
  seen.damaged.push(inexact(path));
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

/**
 * Members that clients are known to add to the arguments of a call. The model did not write them and cannot omit them,
 * so a refusal would only repeat. No other unknown member is ignored: it may be a mistake.
 */
const clientAdded: ReadonlySet<string> = new Set([
  // Cline's list of steps (cline/cline#8256, #9684, #10426).
  "task_progress",
  // n8n's agent and chat nodes (n8n-io/n8n#21500, #21716, #22787; makenotion/notion-mcp-server#146).
  "toolCallId",
  "sessionId",
  "action",
  "chatInput",
  // Gemini CLI's scheduler (google-gemini/gemini-cli#27403).
  "wait_for_previous",
  // What belongs next to the arguments, and what describes the call (cyanheads/mcp-ts-core#453).
  "_meta",
  "tool_call_description",
  "_as_extra",
  // Amazon Q and Kiro.
  "__tool_use_purpose",
  // Placeholders for tools without parameters: Cursor, and bridges to models that take no empty schema
  // (code-yeongyu/oh-my-openagent#639, NoeFabris/opencode-antigravity-auth#229).
  "random_string",
  "dummy",
  "_placeholder",
  "reason",
  // Why the model calls: Cursor, OpenHands, Letta.
  "explanation",
  "reasoning",
  "security_risk",
  "summary",
  "inner_thoughts",
  "request_heartbeat",
]);

/** The arguments without what a client added; a name that may misspell one of `known` is kept. */
export function withoutClientAdded(given: JsonObject, known: readonly string[]): JsonObject {
  const isAdded = (name: string) => clientAdded.has(name) && !known.includes(name) && !closestTo(name, known);
  return Object.fromEntries(Object.entries(given).filter(([name]) => !isAdded(name)));
}
