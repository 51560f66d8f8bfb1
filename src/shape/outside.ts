import { isObject } from "../json.js";
import { visibleLines } from "../visible.js";

type Members = Readonly<Record<string, unknown>>;

/**
 * The same members with nothing in them that cannot be seen, names included. What they say stays what others said: it
 * stands in the member that it came in, and instructs nobody.
 */
export function visibleMembers(members: Members): Members {
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [nameOf(name), within(member)]));
}

function within(value: unknown): unknown {
  if (typeof value === "string") return visibleLines(value);
  if (Array.isArray(value)) return value.map(within);
  return isObject(value) ? visibleMembers(value) : value;
}

/** A client that merges replies into objects of its own would change their prototype by this one; no document has it. */
function nameOf(name: string): string {
  return name === "__proto__" ? "(__proto__)" : visibleLines(name);
}
