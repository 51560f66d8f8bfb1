/*
 * Reads a reply whose members may be missing, of another kind, or new: what is not understood is left out. Written by
 * hand, because it runs in a host's frame, too, and a library would be larger than all of the view.
 */

export type ReplyMembers = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is ReplyMembers =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const membersIn = (value: unknown): ReplyMembers => (isMembers(value) ? value : {});

/** The objects of a list. */
export function rowsIn(value: unknown): readonly ReplyMembers[] {
  return itemsIn(value).filter(isMembers);
}

const itemsIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A text that is not empty; a number counts as one. */
export function textIn(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The texts of a list, without what is none. */
export const sentencesIn = (value: unknown): readonly string[] => itemsIn(value).flatMap((item) => textIn(item) ?? []);

export const numberIn = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;
