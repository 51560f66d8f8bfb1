import { isObject, type JsonObject, setMember } from "../lib/json.js";
import { escapeInvisibleLines } from "../lib/safe-text.js";

/**
 * The same members with invisible characters escaped, including in names. Their text is still data from others: it
 * stays in its own member and is not an instruction.
 */
export function sanitizeExternalText(members: JsonObject): JsonObject {
  const sanitized: Record<string, unknown> = {};
  for (const name in members) setMember(sanitized, visibleName(name), sanitizeValue(members[name]));
  return sanitized;
}

/** Reply members that this server itself uses; no document has them. */
const reservedMembers: ReadonlySet<string> = new Set(["notes", "approval", "error"]);

/** A cloud's answer in which no member can pass for one of ours. */
export function markExternalText(answer: JsonObject): JsonObject {
  if (![...reservedMembers].some((name) => Object.hasOwn(answer, name))) return answer;
  return Object.fromEntries(
    Object.entries(answer).map(([name, member]) => [reservedMembers.has(name) ? `(${name})` : name, member]),
  );
}

function sanitizeValue(value: unknown): unknown {
  if (typeof value === "string") return escapeInvisibleLines(value);
  if (Array.isArray(value)) return value.map(sanitizeValue);
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
