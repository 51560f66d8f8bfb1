import { z } from "zod";
import { marked, withContent } from "./params.js";

/*
 * The member types of a reply. A cloud's reply is parsed loosely: any member may be null or missing, and undocumented
 * members pass. A successful call must not fail here.
 */

// One schema for all members of a type: zod makes some thirty closures for each, and the replies have 1,500 such members.
const types = {
  string: z.string().nullish(),
  int: z.number().int().nullish(),
  bool: z.boolean().nullish(),
};

export const string = () => types.string;
export const int = () => types.int;
export const bool = () => types.bool;

/** Text that must never be shown. */
export const keyString = () => withContent("private key", z.string()).nullish();
export const passwordString = () => withContent("password", z.string()).nullish();
export const archiveString = () => withContent("archive", z.string()).nullish();

/** Empty if null or missing. */
export function array<Item extends z.ZodTypeAny>(item: Item) {
  return nullishList(z.array(item));
}

/** A list whose emptiness is a statement: it is not read in part. */
export function rows<Item extends z.ZodTypeAny>(item: Item) {
  return nullishList(marked("rows", z.array(item)));
}

function nullishList<Item extends z.ZodTypeAny>(list: z.ZodArray<Item>) {
  return list.nullish().transform((items): z.output<Item>[] => items ?? []);
}

const lists = { strings: array(z.string()), ints: array(z.number().int()) };

export const strings = () => lists.strings;
export const ints = () => lists.ints;

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
