import { z } from "zod";

/**
 * Members of replies as the program itself reads them: any may be null or missing, and one of a strange type counts as
 * not told.
 */

export const optionalText = z.string().nullish().catch(undefined);
export const optionalNumber = z.number().nullish().catch(undefined);
export const optionalFlag = z.boolean().nullish().catch(undefined);

/** Strict in its items: to take a strange list for an empty one would be a false statement. */
export function optionalList<Item extends z.ZodTypeAny>(item: Item) {
  return z
    .array(item)
    .nullish()
    .transform((items): z.output<Item>[] => items ?? []);
}

/** The texts in a list; whatever else stands there is passed over. */
export const optionalTexts = z
  .array(z.unknown())
  .nullish()
  .catch(undefined)
  .transform((items) => (items ?? []).filter((item) => typeof item === "string"));
