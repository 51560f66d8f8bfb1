import { isEmptyMember, isObject, type JsonObject, mapMembers } from "../lib/json.js";
import { isSecretReference } from "./references/syntax.js";

/** Replaces a secret in replies that only the program reads, and that nobody can refer to. */
const WITHHELD = "[withheld: may hold a private key or password]";

/** Tells by its name whether a member is secret. */
export type SecretNames = Pick<ReadonlySet<string>, "has">;

/** Whatever comes before it. A flag such as `KeyPasswordCustomFlag` does not end like this. */
const passwordName =
  /(?:pass[_-]?(?:words?|wd|phrases?|codes?)|(?:key|store|pfx|cert)[_-]?pass|pwd)(?:[_-]?(?:value|text|\d{1,3}))?$/i;

/** A single word, such as `Key` or `Content`: spelled otherwise, it means other things, like the `key` of a tag. */
const singleWord = /^[A-Z]?[a-z]+$/;

const normalizedName = (name: string) => name.toLowerCase().replace(/[_-]/g, "");

/**
 * The documented names, in any letter case and with any underscores, and every name of a password: a cloud renames a
 * member, or adds one, without documenting it.
 */
export function secretNamesLike(documented: Iterable<string>): SecretNames {
  const exact = new Set(documented);
  const known = new Set([...exact].filter((name) => !singleWord.test(name)).map(normalizedName));
  const isSecretName = (name: string) => exact.has(name) || passwordName.test(name) || known.has(normalizedName(name));
  const answers = new Map<string, boolean>();
  const has = (name: string) => {
    const cached = answers.get(name);
    if (cached !== undefined) return cached;
    if (answers.size === MAX_ANSWERS) answers.clear();
    const answer = isSecretName(name);
    answers.set(name, answer);
    return answer;
  };
  return { has };
}

/** The rows of a list repeat their names. A cloud chooses them, so they are not kept without end. */
const MAX_ANSWERS = 1_000;

/** Whether a member holds a secret. References to secrets, which our own results have, and flags are none. */
export function isSecretMember(name: string, member: unknown, names: SecretNames): boolean {
  if (isEmptyMember(member) || typeof member === "boolean" || !names.has(name)) return false;
  return typeof member !== "string" || !isSecretReference(member);
}

/**
 * A copy of the members without the secret ones, at any depth. Matching by name rather than by path also catches a
 * member that a cloud adds without documenting it.
 */
export function stripSecrets(members: JsonObject, names: SecretNames): JsonObject {
  // Most replies have none, and copying a long one takes time.
  if (!holdsSecret(members, names)) return members;
  return mapMembers(members, (member, name) => (isSecretMember(name, member, names) ? WITHHELD : member));
}

/** Whether a member at any depth of the value is secret. */
export function holdsSecret(value: unknown, names: SecretNames): boolean {
  if (Array.isArray(value)) return value.some((item) => holdsSecret(item, names));
  if (!isObject(value)) return false;
  for (const name in value) {
    const member = value[name];
    if (isSecretMember(name, member, names) || (typeof member === "object" && holdsSecret(member, names))) return true;
  }
  return false;
}
