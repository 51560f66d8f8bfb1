import { z } from "zod";
import { changeEffects } from "../catalogue/operation.js";
import { aspectTexts, effectTexts } from "../catalogue/planned-change.js";
import { type Language, languages, type Reader } from "../lib/language.js";
import { byKey } from "../lib/lists.js";
import { capped, safe, verbatim } from "../lib/safe-text.js";
import { sha256Hex } from "../lib/sha256.js";

/** One change, for a person to compare. */
const planRow = z.strictObject({
  /** The object by name: "Certificate abcd1234 (www.example.com)". */
  object: z.string(),
  /** What changes: "server certificate". */
  aspect: z.string(),
  now: z.string(),
  then: z.string(),
});
export type PlanRow = Readonly<z.output<typeof planRow>>;

/** Name and value. */
const pairs = z.array(z.tuple([z.string(), z.string()]).readonly()).readonly();

/** The members of a plan that have the same form wherever it is sent or kept. */
export const planMembers = {
  /** The language of its texts. */
  language: z.enum(languages),
  /** Identifies the plan in logs and lists; knowing it approves nothing. */
  id: z.string(),
  /** The cloud and service: "Tencent Cloud SSL". */
  where: z.string(),
  /** Whether anything real is touched, and where: "sandbox, no real account is touched". */
  environment: z.string(),
  /** The shortened credential id, and the account number if known. */
  account: z.string(),
  /** The documented action. */
  operation: z.string(),
  title: z.string(),
  /** One sentence that starts with the verb and ends in a question mark, at most `MAX_QUESTION_LENGTH` characters. */
  question: z.string(),
  effect: z.enum(changeEffects),
  /** Worst first. */
  warnings: z.array(z.string()).readonly(),
  rows: z.array(planRow.readonly()).readonly(),
  /** Facts about the objects involved, for a closer look. */
  facts: pairs,
  /** Every argument that will be sent, by the API's own name; secrets as type and fingerprint only. */
  details: pairs,
  /** SHA-256 over the operation, the account and exactly these arguments; also in the audit log. */
  digest: z.string(),
};

/** What a person is shown before a change: enough to judge it in five seconds, without secrets. */
export interface Plan extends Readonly<z.output<z.ZodObject<typeof planMembers>>> {
  /** Who asks for it, where that is known by name. */
  readonly asker?: string | undefined;
  /** What the person must type to approve; undefined if a yes is enough. */
  readonly typed: string | undefined;
}

/** The same plan in each language, with the same id, digest and name to type. */
export type Plans = Readonly<Record<Language, Plan>>;

/** Whether this is the name to type, if one is asked for. An empty name cannot be typed back, so it approves nothing. */
export function isNamed({ typed: name }: Pick<Plan, "typed">, typed: string | undefined): boolean {
  if (name === undefined) return true;
  const answer = typed?.trim() ?? "";
  return name !== "" && (answer === name || halfWidth(answer) === name);
}

/** What a person's yes or no to a plan comes to, given what they typed. */
export function answerTo(
  plan: Pick<Plan, "typed">,
  approve: boolean,
  typed: string | undefined,
): "approved" | "wrong name" | "declined" {
  if (!approve) return "declined";
  return isNamed(plan, typed) ? "approved" : "wrong name";
}

/** Chinese and Japanese input methods may type ASCII at full width. Only what was typed is folded: never the name. */
function halfWidth(text: string): string {
  return text.replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));
}

/** A digest of all words that a plan shows; the plan's number is not one of them. */
export function wordsOf(plan: Plan): string {
  const { id: _, ...shown } = plan;
  const members = Object.entries(shown).sort(byKey);
  return sha256Hex(JSON.stringify(members));
}

/** Longest part of a warning in the headline, in characters; the full text follows below. */
const MAX_WARNING_LENGTH = 240;

/** What decides how many objects a plan affects. */
type Counted = Pick<Plan, "rows" | "effect" | "language">;

export function countOfObjects(plan: Counted): number {
  return affectedObjects(plan).length;
}

/** Each object that changes. A key that a job fetches for its targets does not: it is read, and stays where it is. */
function affectedObjects({ rows, effect, language }: Counted): readonly string[] {
  const key = aspectTexts["private key"].for({ language });
  const changed = effect === "key-export" ? rows : rows.filter(({ aspect }) => aspect !== key);
  return [...new Set(changed.map(({ object }) => object))];
}

/** How many objects a form shows in full. */
const FORM_HOLDS = 20;

/** Whether there are more objects than a form shows in full; they are numbered where listed. */
export function isLarge(plan: Counted): boolean {
  return countOfObjects(plan) > FORM_HOLDS;
}

/** The prefix of an object in a long list: "12. "; empty in a short one. */
export function numbersOf(plan: Counted): (object: string) => string {
  if (!isLarge(plan)) return () => "";
  const numbers = new Map(affectedObjects(plan).map((object, index) => [object, `${index + 1}. `]));
  return (object) => numbers.get(object) ?? "";
}

/** What a person must know first, in every channel; of the warnings the worst one, with the number of the others. */
export function headlineOf(plan: Plan) {
  const { question, effect, warnings } = plan;
  const count = countOfObjects(plan);
  const [worst, ...more] = warnings;
  const others =
    more.length === 0
      ? ""
      : more.length === 1
        ? safe` (and 1 more warning)`.for(plan)
        : safe` (and ${more.length} more warnings)`.for(plan);
  return {
    question,
    effect: effectTexts[effect].for(plan),
    objects: (count === 1 ? safe`Affects 1 object.` : safe`Affects ${count} objects.`).for(plan),
    warning: worst === undefined ? undefined : `${capped(worst, MAX_WARNING_LENGTH, plan)}${others}`,
  };
}

/** Joined sentences; Chinese ones without spaces. */
export function sentences({ language }: Pick<Plan, "language">, texts: readonly string[]): string {
  return texts.join(language === "en" ? " " : "");
}

/** All warnings, if the headline does not show them in full. */
export function warningsBelow({ warnings }: Pick<Plan, "warnings">): readonly string[] {
  const [worst = ""] = warnings;
  return warnings.length > 1 || worst.length > MAX_WARNING_LENGTH ? warnings : [];
}

/** The headline, one line per part. */
export function headlineLines(plan: Plan): string[] {
  const { question, effect, objects, warning } = headlineOf(plan);
  return [
    question,
    sentences(plan, [effect, objects]),
    ...(warning === undefined ? [] : [safe`Warning: ${verbatim(warning)}`.for(plan)]),
  ];
}

/** "Name: value". */
export function pairIn([name, value]: Plan["facts"][number], reader: Reader): string {
  return safe`${verbatim(name)}: ${verbatim(value)}`.for(reader);
}
