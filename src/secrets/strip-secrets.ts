import { isObject, type JsonObject, mapMembers } from "../lib/json.js";

/** Replaces a secret in replies that only the program reads, and that nobody can refer to. */
const WITHHELD = "[withheld: may hold a private key or password]";

/**
 * A copy of the members without the secret ones, at any depth. Matching by name rather than by path also catches a
 * member that a cloud adds without documenting it.
 */
export function stripSecrets(members: JsonObject, names: ReadonlySet<string>): JsonObject {
  // Most replies have none, and copying a long one takes time.
  if (!hasMember(members, names)) return members;
  const isSecret = (member: unknown, name: string) => names.has(name) && member !== null && member !== "";
  return mapMembers(members, (member, name) => (isSecret(member, name) ? WITHHELD : member));
}

/** Whether the value holds a member with one of these names at any depth. */
export function hasMember(value: unknown, names: ReadonlySet<string>): boolean {
  if (Array.isArray(value)) return value.some((item) => hasMember(item, names));
  if (!isObject(value)) return false;
  for (const name in value) {
    const member = value[name];
    if (names.has(name) || (typeof member === "object" && hasMember(member, names))) return true;
  }
  return false;
}
