import { z } from "zod";
import { innermost } from "../../catalogue/params.js";
import { below, isObject, type JsonObject, ownMember, parseJson } from "../../lib/json.js";
import { commaSeparated } from "../../lib/lists.js";
import { closestTo } from "./describe-issue.js";

/*
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
    const at = below(path, name);
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
