import { z } from "zod";

/**
 * Reply members that the program itself reads: any may be null or missing, and one of an unexpected type counts as
 * missing.
 */

export const optionalText = z.string().nullish().catch(undefined);
export const optionalNumber = z.number().nullish().catch(undefined);
export const optionalFlag = z.boolean().nullish().catch(undefined);

/** Strict about its items: treating an unexpected list as empty would be a false statement. */
export function optionalList<Item extends z.ZodTypeAny>(item: Item) {
  return z
    .array(item)
    .nullish()
    .transform((items): z.output<Item>[] => items ?? []);
}

/** The texts in a list; other items are skipped. */
export const optionalTexts = z
  .array(z.unknown())
  .nullish()
  .catch(undefined)
  .transform((items) => (items ?? []).filter((item) => typeof item === "string"));
