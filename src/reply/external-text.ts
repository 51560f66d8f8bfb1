import { isObject, type JsonObject, setMember } from "../lib/json.js";
import { escapeInvisibleLines } from "../lib/safe-text.js";

/**
 * The same members with invisible characters escaped, including in names. Their text is still data from others: it
 * stays in its own member and is not an instruction.
 */
export function sanitizeExternalText(members: JsonObject): JsonObject {
  const sanitized: Record<string, unknown> = {};
  for (const name in members) setMember(sanitized, visibleName(name), within(members[name]));
  return sanitized;
}

/** Reply members that this server itself uses; no document has them. */
const ours: ReadonlySet<string> = new Set(["notes", "approval", "error"]);

/** A cloud's answer in which no member can pass for one of ours. */
export function markExternalText(answer: JsonObject): JsonObject {
  if (![...ours].some((name) => Object.hasOwn(answer, name))) return answer;
  return Object.fromEntries(
    Object.entries(answer).map(([name, member]) => [ours.has(name) ? `(${name})` : name, member]),
  );
}

function within(value: unknown): unknown {
  if (typeof value === "string") return escapeInvisibleLines(value);
  if (Array.isArray(value)) return value.map(within);
  return isObject(value) ? sanitizeExternalText(value) : value;
}

/**
 * Names with a special meaning in JavaScript: a client that merges a reply into an object of its own would change
 * that object's prototype, and the MCP SDK's checks reject an object with such a member. No document has them.
 */
const special: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

export function visibleName(name: string): string {
  return special.has(name) ? `(${name})` : escapeInvisibleLines(name);
}
