import { z } from "zod";
import { isObject } from "../lib/json.js";
import { holding, innermost } from "./params.js";

/**
 * The member types of a reply. A cloud's reply is parsed loosely: any member may be null or missing, and undocumented
 * members pass. A successful call must not fail here.
 */

export const string = () => z.string().nullish();
export const int = () => z.number().int().nullish();
export const bool = () => z.boolean().nullish();

/** Text that must never be shown. */
export const keyString = () => holding("private key", z.string()).nullish();
export const passwordString = () => holding("password", z.string()).nullish();
export const archiveString = () => holding("archive", z.string()).nullish();

/** Empty if null or missing. */
export function array<Item extends z.ZodTypeAny>(item: Item) {
  return nullishList(z.array(item));
}

const rowLists = new WeakSet<z.ZodTypeAny>();

/** A list whose emptiness is a statement; see {@link readReply}. */
export function rows<Item extends z.ZodTypeAny>(item: Item) {
  const list = z.array(item);
  rowLists.add(list);
  return nullishList(list);
}

function nullishList<Item extends z.ZodTypeAny>(list: z.ZodArray<Item>) {
  return list.nullish().transform((items): z.output<Item>[] => items ?? []);
}

export const strings = () => array(z.string());
export const ints = () => array(z.number().int());

/** A nested structure. */
export function record<Shape extends z.ZodRawShape>(shape: Shape) {
  return members(shape).nullish();
}

/** The structure itself, for use inside {@link array} and as the reply's top level. */
export function members<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape> {
  return z.object(shape).passthrough();
}

/** The top level of a reply, which may always carry the request's id. */
export function reply<Shape extends z.ZodRawShape>(shape: Shape) {
  return members({ ...shape, RequestId: string() });
}

/** What {@link readReply} returns. */
export type ReplyOf<Operation extends { readonly result: z.ZodTypeAny }> = z.output<Operation["result"]>;

/**
 * A reply as the program itself reads it: members of an undocumented type count as missing, such items of lists and
 * undocumented members are left out. Undefined if that would be a false statement: the reply is no object, or
 * {@link rows} have another form.
 */
export function readReply<Result extends z.ZodTypeAny>(
  { result }: { readonly result: Result },
  reply: unknown,
): z.output<Result> | undefined {
  return result.safeParse(fitting(result, reply)).data;
}

/** What of `value` has its documented type; undefined if nothing has. */
function fitting(schema: z.ZodTypeAny, value: unknown): unknown {
  const kind = innermost(schema);
  if (kind instanceof z.ZodObject && isObject(value)) {
    const shape: Readonly<Record<string, z.ZodTypeAny>> = kind.shape;
    const members = Object.entries(shape).flatMap(([name, member]) => {
      const given = value[name];
      return given === undefined ? [] : [[name, given === null ? null : fitting(member, given)] as const];
    });
    return Object.fromEntries(members);
  }
  if (kind instanceof z.ZodArray && Array.isArray(value)) {
    const items = value.map((item) => fitting(kind.element, item));
    return rowLists.has(kind) ? items : items.filter((item) => item !== undefined);
  }
  return rowLists.has(kind) || kind.safeParse(value).success ? value : undefined;
}
