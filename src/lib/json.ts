import { unlessThrown } from "./failure.js";

/** The members of a JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Where a value stands: names of members and positions in lists. */
export type JsonPath = readonly (string | number)[];

/**
 * The members of a JSON object; undefined if `body` is anything else. Hostile or broken content does no harm: see
 * `withPlaceholders`. Of duplicate names the last one counts.
 */
export function parseObject(body: string): JsonObject | undefined {
  const value = parseJson(body);
  return isObject(value) ? value : undefined;
}

/** Any JSON value, parsed with the same care; undefined if the text is not JSON. */
export function parseJson(text: string): unknown {
  return unlessThrown(() => parse(text));
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a member has no value: it is missing, null or an empty text. */
export function isEmptyMember(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

/** Sets a member of any name: an assignment to `__proto__` makes none. */
export function setMember(members: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== "__proto__") members[name] = value;
  else Object.defineProperty(members, name, { value, configurable: true, enumerable: true, writable: true });
}

/** The object's own member; undefined for the name of something that every object has, such as `constructor`. */
export function ownMember<Value>(members: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}

/** A member's dotted path below that of its object. */
export function below(path: string, name: string | number): string {
  return path === "" ? String(name) : `${path}.${name}`;
}

/** A copy with every text replaced, at any depth; `change` gets its dotted path as well. */
export function mapTexts(members: JsonObject, change: (text: string, path: string) => string): JsonObject {
  const within = (value: unknown, path: string): unknown => {
    if (typeof value === "string") return change(value, path);
    if (Array.isArray(value)) return value.map((item, index) => within(item, below(path, index)));
    return isObject(value) ? all(value, path) : value;
  };
  const all = (value: JsonObject, path: string) =>
    Object.fromEntries(Object.entries(value).map(([name, member]) => [name, within(member, below(path, name))]));
  return all(members, "");
}

/** A copy with every member replaced, at any depth; what `change` returns is searched as well, undefined left out. */
export function mapMembers(members: JsonObject, change: (member: unknown, name: string) => unknown): JsonObject {
  const within = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(within);
    return isObject(value) ? mapMembers(value, change) : value;
  };
  const changed = Object.entries(members).map(([name, member]) => [name, within(change(member, name))] as const);
  return Object.fromEntries(changed.filter(([, member]) => member !== undefined));
}

/** Deepest nesting kept; documented replies stay below ten, and values are processed recursively. */
const MAX_DEPTH = 64;

/** A page of a thousand certificates with every member filled in has 120,000; each costs some microseconds. */
const MAX_VALUES = 150_000;

/** Longest text or name kept, in characters: the base64 of the largest archive that is opened has 350,000. */
const MAX_TEXT_LENGTH = 384 * 1024;

/** Each value takes at least two characters, including its separator. */
const MAX_WITHOUT_COUNTING = 2 * MAX_VALUES;

/**
 * Parsed unchanged unless the result needs taming: checking the values takes a fraction of the parsing time, checking
 * the characters half of it.
 */
function parse(text: string): unknown {
  // A byte order mark is no part of the JSON, but some gateways and editors write one.
  const json = text.startsWith("\ufeff") ? text.slice(1) : text;
  if (json.length <= MAX_WITHOUT_COUNTING) {
    const value: unknown = JSON.parse(json);
    if (isSafelyParsed(value, 1)) return value;
  }
  return JSON.parse(withPlaceholders(json));
}

/** Whether parsing kept every digit and nothing is nested too deeply. */
function isSafelyParsed(value: unknown, depth: number): boolean {
  if (typeof value === "number") return Number.isSafeInteger(value) || (Number.isFinite(value) && value % 1 !== 0);
  if (typeof value !== "object" || value === null) return true;
  if (depth > MAX_DEPTH) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item !== "string" && !isSafelyParsed(item, depth + 1)) return false;
  } else if (isObject(value)) {
    for (const name in value)
      if (typeof value[name] !== "string" && !isSafelyParsed(value[name], depth + 1)) return false;
  }
  return true;
}

const TOO_DEEP = '"[nested too deeply to be read]"';
const tooLong = (length: number) => `"[a text of ${length} characters, too long to be read]"`;

/** Whether a text is the placeholder of something that was not read. */
export function isUnread(value: unknown): boolean {
  return (
    typeof value === "string" && /^\[(?:nested too deeply|a text of \d+ characters, too long) to be read\]$/.test(value)
  );
}

const [quote, backslash, comma, minus, zero, nine] = [0x22, 0x5c, 0x2c, 0x2d, 0x30, 0x39];
/** Brackets and braces differ by one bit. */
const isOpening = (code: number) => (code | 0x20) === 0x7b;
const isClosing = (code: number) => (code | 0x20) === 0x7d;

/**
 * The same JSON with placeholders for what is nested too deeply or too long, and with quotation marks around integers
 * beyond 2^53: parsing would change their last digits, and thus the id.
 * @throws {RangeError} for more values than any reply has
 */
function withPlaceholders(json: string): string {
  const parts: string[] = [];
  let copied = 0;
  const replace = (from: number, to: number, by: string) => {
    parts.push(json.slice(copied, from), by);
    copied = to;
  };
  let depth = 0;
  let tooDeepFrom = 0;
  let values = 1;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === quote) {
      const end = endOfText(json, at);
      if (depth <= MAX_DEPTH && end - at > MAX_TEXT_LENGTH && end < json.length)
        replace(at, end + 1, tooLong(end - at - 1));
      at = end;
    } else if (code === comma) {
      values += 1;
      if (values > MAX_VALUES) throw new RangeError("more values than can be read");
    } else if (isOpening(code)) {
      depth += 1;
      if (depth === MAX_DEPTH + 1) tooDeepFrom = at;
    } else if (isClosing(code)) {
      if (depth === MAX_DEPTH + 1) replace(tooDeepFrom, at + 1, TOO_DEEP);
      depth -= 1;
    } else if (code === minus || (code >= zero && code <= nine)) {
      const end = endOfNumber(json, at);
      const digits = json.slice(at, end);
      if (depth <= MAX_DEPTH && isTooLarge(digits)) replace(at, end, `"${digits}"`);
      at = end - 1;
    }
  }
  return parts.length === 0 ? json : parts.join("") + json.slice(copied);
}

/** Position of the closing quotation mark of the text at `start`; the end of `json` if there is none. */
function endOfText(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end === -1 ? json.length : end;
}

function isEscaped(json: string, at: number): boolean {
  let before = at - 1;
  while (json.charCodeAt(before) === backslash) before -= 1;
  return (at - before) % 2 === 0;
}

const partsOfNumbers = new Set([..."+-.0123456789eE"].map((character) => character.charCodeAt(0)));

function endOfNumber(json: string, start: number): number {
  let end = start + 1;
  while (partsOfNumbers.has(json.charCodeAt(end))) end += 1;
  return end;
}

function isTooLarge(digits: string): boolean {
  if (digits.length < 16 || !/^-?[1-9]\d*$/.test(digits)) return false;
  return digits.length > 17 || !Number.isSafeInteger(Number(digits));
}
