import { isObject } from "../lib/json.js";

/** Whether a member tells nothing. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

/** Whether nothing would be left of a member without what is empty in it. */
export function isHollow(value: unknown): boolean {
  if (!isObject(value)) return isEmpty(value);
  for (const name in value) if (!isHollow(value[name])) return false;
  return true;
}

/** The same without members that are null or empty, at every depth. Items of lists stay, so that their places do. */
export function withoutEmpty(value: Readonly<Record<string, unknown>>): Record<string, unknown>;
export function withoutEmpty(value: unknown): unknown;
export function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => withoutEmpty(item));
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([name, member]) => [name, withoutEmpty(member)] as const);
  return Object.fromEntries(members.filter(([, member]) => !isEmpty(member)));
}
