import { z } from "zod";
import { innermost } from "../catalogue/params.js";

/** Names of all members in a documented reply, at every depth. */
export function memberNames(schema: z.ZodTypeAny): string[] {
  const inner = innermost(schema);
  if (inner instanceof z.ZodArray) return memberNames(inner.element);
  if (!(inner instanceof z.ZodObject)) return [];
  const members: [string, z.ZodTypeAny][] = Object.entries(inner.shape);
  return members.flatMap(([name, member]) => [name, ...memberNames(member)]);
}
