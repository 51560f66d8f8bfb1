import { z } from "zod";
import { allOperations } from "../catalogue/index.js";
import { innermost } from "../catalogue/params.js";
import { replyLimit } from "./budget.js";
import { cloudMemberOf } from "./derived-members.js";
import { costOfText } from "./text-size.js";

/* Estimates the tokens that JSON costs a model, without a tokenizer. `underestimate` says how far it can be off. */

/** The least that a character costs: text longer than `maxShownLength` need not be measured. */
export const minPerCharacter = 0.3;
const maxShownLength = replyLimit / minPerCharacter;

/** Quotes, colon and comma, which tokenizers join with their neighbours. */
const nameOverhead = 2;
const bracketOverhead = 1;
const knownLetter = 0.25;

/** Names of documented members are words, which cost less than random text. */
const documented: ReadonlySet<string> = new Set(allOperations.flatMap(({ result }) => memberNames(result)));

/** True for a documented member, or one of ours named after it. */
export function isDocumented(name: string): boolean {
  return documented.has(name) || documented.has(cloudMemberOf(name));
}

/** The most that a byte of JSON costs: a digit in a list is two bytes with its comma, and three tokens. */
const maxPerByte = 1.5;

/** Whether an object costs at most `budget`. Its length often tells, which is quicker than an estimate. */
export function fitsBudget(value: object, budget: number): boolean {
  return Buffer.byteLength(JSON.stringify(value)) * maxPerByte <= budget || costOf(value) <= budget;
}

/** The cost of a value as JSON. */
export function costOf(value: unknown): number {
  if (typeof value === "string") {
    return value.length > maxShownLength ? value.length * minPerCharacter : costOfText(value);
  }
  if (Array.isArray(value)) return value.reduce((sum, item) => sum + costOfItem(item), bracketOverhead);
  if (typeof value !== "object" || value === null) return 1 + costOfText(String(value));
  return Object.entries(value).reduce((sum, [name, member]) => sum + costOfMember(name, member), bracketOverhead);
}

export function costOfItem(item: unknown): number {
  return 1 + costOf(item);
}

export function costOfMember(name: string, member: unknown): number {
  return costOfName(name) + costOf(member);
}

export function costOfName(name: string): number {
  return nameOverhead + (isDocumented(name) ? 1 + name.length * knownLetter : costOf(name));
}

/** Names of all members in a documented reply, at every depth. */
export function memberNames(schema: z.ZodTypeAny): string[] {
  const inner = innermost(schema);
  if (inner instanceof z.ZodArray) return memberNames(inner.element);
  if (!(inner instanceof z.ZodObject)) return [];
  const members: [string, z.ZodTypeAny][] = Object.entries(inner.shape);
  return members.flatMap(([name, member]) => [name, ...memberNames(member)]);
}
