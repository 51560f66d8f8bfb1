import { isObject, type JsonObject, setMember } from "../lib/json.js";

/** Whether a member has no content. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  if (!isObject(value)) return false;
  for (const _ in value) return false;
  return true;
}

/** Whether a member would be empty without its empty parts. */
export function isHollow(value: unknown): boolean {
  if (!isObject(value)) return isEmpty(value);
  for (const name in value) if (!isHollow(value[name])) return false;
  return true;
}

/** The same without null or empty members, at every depth. List items stay, to keep their indexes. */
export function withoutEmpty(value: JsonObject): Record<string, unknown>;
export function withoutEmpty(value: unknown): unknown;
export function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => withoutEmpty(item));
  if (!isObject(value)) return value;
  const members: Record<string, unknown> = {};
  for (const name in value) {
    const kept = withoutEmpty(value[name]);
    if (!isEmpty(kept)) setMember(members, name, kept);
  }
  return members;
}
