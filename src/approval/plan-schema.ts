import { z } from "zod";
import { changeEffects } from "../catalogue/operation.js";
import { languages } from "../lib/language.js";

const pair = z.tuple([z.string(), z.string()]);

/** The members of a plan that have the same form wherever it is sent or kept. */
export const planMembers = {
  language: z.enum(languages),
  id: z.string(),
  where: z.string(),
  environment: z.string(),
  account: z.string(),
  operation: z.string(),
  title: z.string(),
  question: z.string(),
  effect: z.enum(changeEffects),
  warnings: z.array(z.string()),
  rows: z.array(z.object({ object: z.string(), aspect: z.string(), now: z.string(), then: z.string() }).strict()),
  facts: z.array(pair),
  details: z.array(pair),
  digest: z.string(),
};
