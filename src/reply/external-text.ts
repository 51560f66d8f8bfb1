import { escapeInvisibleLines } from "../lib/escape-text.js";
import { isObject } from "../lib/json.js";

type Members = Readonly<Record<string, unknown>>;

/**
 * The same members with nothing in them that cannot be seen, names included. What they say stays what others said: it
 * stands in the member that it came in, and instructs nobody.
 */
export function sanitizeExternalText(members: Members): Members {
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [nameOf(name), within(member)]));
}

/** Members of a reply that this server gives a meaning of its own; no document has them. */
const ours: ReadonlySet<string> = new Set(["notes", "approval", "error"]);

/** A cloud's answer in which no member passes for one of ours. */
export function markExternalText(answer: Members): Members {
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
 * Names by which objects of JavaScript are told apart and changed: a client that merges a reply into an object of its own
 * changes that one's prototype, and the checks of the MCP SDK take an object with such a member for none. No document has
 * them.
 */
const special: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

function nameOf(name: string): string {
  return special.has(name) ? `(${name})` : escapeInvisibleLines(name);
}
