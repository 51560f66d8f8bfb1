import { isObject } from "../lib/json.js";

/** What stands where a secret was, in what the program reads for itself and nobody may refer to. */
const WITHHELD = "[withheld: may hold a private key or password]";

/**
 * The same members without the secret ones, wherever in them they stand. Going by name rather than by place also
 * catches a member that a cloud adds to a reply where its documents have none.
 */
export function stripSecrets(
  members: Readonly<Record<string, unknown>>,
  names: ReadonlySet<string>,
): Readonly<Record<string, unknown>> {
  // Most replies have none, and a long one takes time to copy.
  return hasMember(members, names) ? without(members, names) : members;
}

/** Whether a member of one of these names stands anywhere in the value. */
export function hasMember(value: unknown, names: ReadonlySet<string>): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some((item) => hasMember(item, names));
  for (const [name, member] of Object.entries(value)) if (names.has(name) || hasMember(member, names)) return true;
  return false;
}

function without(
  members: Readonly<Record<string, unknown>>,
  names: ReadonlySet<string>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(members).map(([name, member]) => [
      name,
      names.has(name) && member !== null && member !== "" ? WITHHELD : within(member, names),
    ]),
  );
}

function within(value: unknown, names: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((item) => within(item, names));
  return isObject(value) ? without(value, names) : value;
}
