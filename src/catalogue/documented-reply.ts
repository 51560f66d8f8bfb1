import { z } from "zod";
import { type JsonObject, ownMember } from "../lib/json.js";
import { innermost, isRows } from "./params.js";

interface DocumentedPart {
  readonly value: Record<string, unknown>;
  /** Number of values left out. */
  readonly left: number;
  /** Whether any of them was a row, or a list of rows. */
  readonly lacksRows: boolean;
}

/**
 * The documented part of a reply: no undocumented members, no values of another type. Members named in `names` are
 * always kept.
 * @param convert turns a value of another type into the documented type, if it can only mean that
 */
export function documentedPart(
  schema: z.AnyZodObject,
  reply: JsonObject,
  names: Pick<ReadonlySet<string>, "has"> = new Set(),
  convert: (type: z.ZodTypeAny, value: unknown) => unknown = (_, value) => value,
): DocumentedPart {
  let omitted = 0;
  let lacksRows = false;
  /** Returns no value or one, or several for the items of a list. */
  const partOf = (type: z.ZodTypeAny | undefined, given: unknown): unknown[] => {
    const inner = type && innermost(type);
    const value = inner ? convert(inner, given) : given;
    if (Array.isArray(value)) {
      const items = value.flatMap((item) => partOf(inner instanceof z.ZodArray ? inner.element : undefined, item));
      if (items.length < value.length && inner && isRows(inner)) lacksRows = true;
      return items.length > 0 || inner instanceof z.ZodArray ? [items] : [];
    }
    if (typeof value === "object" && value !== null) {
      const members = membersOf(inner instanceof z.ZodObject ? inner.shape : {}, value);
      return Object.keys(members).length > 0 || inner instanceof z.ZodObject ? [members] : [];
    }
    if (type?.safeParse(value).success) return [value];
    omitted += 1;
    return [];
  };
  const membersOf = (shape: z.ZodRawShape, members: object): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(members).flatMap(([name, member]) => {
        const type = ownMember(shape, name);
        const part = names.has(name) ? [member] : partOf(type, member);
        if (part.length === 0 && type && isRows(type)) lacksRows = true;
        return part.map((value) => [name, value] as const);
      }),
    );
  const value = membersOf(schema.shape, reply);
  return { value, left: omitted, lacksRows };
}

/** What {@link readReply} returns. */
export type ReplyOf<Operation extends { readonly result: z.AnyZodObject }> = z.output<Operation["result"]>;

/** What {@link readReply} returned, with its schema: a long list that is kept is not copied again for each use. */
const schemaOfReply = new WeakMap<JsonObject, z.AnyZodObject>();

function wasReadWith<Result extends z.AnyZodObject>(schema: Result, reply: JsonObject): reply is z.output<Result> {
  return schemaOfReply.get(reply) === schema;
}

/**
 * A reply as the program itself reads it: a value in another type that can only mean the documented one is taken for
 * it, and what the documents do not have is left out. Undefined if that would be a false statement, because rows have
 * another form.
 */
export function readReply<Result extends z.AnyZodObject>(
  { result }: { readonly result: Result },
  reply: JsonObject,
): z.output<Result> | undefined {
  if (wasReadWith(result, reply)) return reply;
  const { value, lacksRows } = documentedPart(result, reply, new Set(), inDocumentedType);
  const read = lacksRows ? undefined : result.safeParse(value).data;
  if (read !== undefined) schemaOfReply.set(read, result);
  return read;
}

/** A number as text, text as a number, and texts in one text mean the same; any other value stays what it is. */
function inDocumentedType(type: z.ZodTypeAny, value: unknown): unknown {
  if (type instanceof z.ZodString && Number.isSafeInteger(value)) return String(value);
  if (typeof value !== "string") return value;
  if (type instanceof z.ZodNumber) return String(Number(value)) === value.trim() ? Number(value) : value;
  const isList = type instanceof z.ZodArray && type.element instanceof z.ZodString;
  return isList ? value.split(/[,;]/).flatMap((text) => text.trim() || []) : value;
}

/** The note if something was left out. */
export function noteOnOmitted({ left }: DocumentedPart, why: string): string[] {
  if (left === 0) return [];
  const what =
    left === 1 ? "One value that the documents do not have was" : `${left} values that the documents do not have were`;
  return [`${what} left out, because ${why}.`];
}
