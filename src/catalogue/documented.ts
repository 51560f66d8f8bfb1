import { z } from "zod";
import { innermost } from "./params.js";

type Members = Readonly<Record<string, unknown>>;

export interface DocumentedPart {
  readonly value: Record<string, unknown>;
  /** How many values were left out. */
  readonly left: number;
}

/**
 * What of a reply is as its documents have it: nothing else, neither a member that they do not name nor a value of another
 * type. Members called as in `names` stay wherever they are.
 */
export function documentedPart(
  schema: z.AnyZodObject,
  reply: Members,
  names: ReadonlySet<string> = new Set(),
): DocumentedPart {
  let left = 0;
  /** None or one value, or several in place of a list's items. */
  const partOf = (type: z.ZodTypeAny | undefined, value: unknown): unknown[] => {
    const inner = type && innermost(type);
    if (Array.isArray(value)) {
      const items = value.flatMap((item) => partOf(inner instanceof z.ZodArray ? inner.element : undefined, item));
      return items.length > 0 || inner instanceof z.ZodArray ? [items] : [];
    }
    if (typeof value === "object" && value !== null) {
      const members = membersOf(inner instanceof z.ZodObject ? inner.shape : {}, value);
      return Object.keys(members).length > 0 || inner instanceof z.ZodObject ? [members] : [];
    }
    if (type?.safeParse(value).success) return [value];
    left += 1;
    return [];
  };
  const membersOf = (shape: z.ZodRawShape, members: object): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(members).flatMap(([name, member]) => {
        const type = Object.hasOwn(shape, name) ? shape[name] : undefined;
        const part = names.has(name) ? [member] : partOf(type, member);
        return part.map((value) => [name, value] as const);
      }),
    );
  const value = membersOf(schema.shape, reply);
  return { value, left };
}

/** What is said where something was left out. */
export function noteOfLeftOut({ left }: DocumentedPart, why: string): string[] {
  if (left === 0) return [];
  const what =
    left === 1 ? "One value that the documents do not have was" : `${left} values that the documents do not have were`;
  return [`${what} left out, because ${why}.`];
}
