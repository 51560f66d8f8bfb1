import type { ChangeEffect } from "../catalogue/operation.js";
import { effectInWords } from "../catalogue/planned.js";
import { capped, ownWords, safe } from "../lib/escape-text.js";
import type { Language, Reader } from "../lib/language.js";

/** One thing that changes, as a person compares it. */
export interface PlanRow {
  /** The object by name: "Certificate abcd1234 (www.example.com)". */
  readonly object: string;
  /** What of it changes: "server certificate". */
  readonly aspect: string;
  readonly now: string;
  readonly then: string;
}

/** What a person is shown before a change: enough to judge it in five seconds, and no secret. */
export interface Plan {
  /** In which its texts are. */
  readonly language: Language;
  /** Names the plan in logs and lists; knowing it approves nothing. */
  readonly id: string;
  /** The cloud and service: "Tencent Cloud SSL". */
  readonly where: string;
  /** Whether anything real is touched, and where: "sandbox, no real account is touched". */
  readonly environment: string;
  /** The credential id it will be done with, shortened, and the account's own number where it is known. */
  readonly account: string;
  /** The documented action. */
  readonly operation: string;
  readonly title: string;
  /** One sentence that begins with the verb and ends in a question mark, at most `LONGEST_QUESTION` characters. */
  readonly question: string;
  readonly effect: ChangeEffect;
  /** The worst first. */
  readonly warnings: readonly string[];
  readonly rows: readonly PlanRow[];
  /** Facts about the objects involved, for whoever wants to look closer: name and value. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** Every argument that will be sent, by the API's own name; secrets as type and fingerprint only. */
  readonly details: readonly (readonly [name: string, value: string])[];
  /** SHA-256 that stands for the operation, the account and exactly these arguments; the audit log has it too. */
  readonly digest: string;
  /** What the person must type back to approve; undefined when a yes is enough. */
  readonly typed: string | undefined;
}

/** The same plan for each reader that there may be: of one id, one digest, and one name to type. */
export type Plans = Readonly<Record<Language, Plan>>;

/** Longest part of a warning that stands in the headline, in characters; the whole of it follows below. */
const LONGEST_WARNING = 240;

/** How many things change. */
export function countOfObjects({ rows }: Pick<Plan, "rows">): number {
  return new Set(rows.map(({ object }) => object)).size;
}

/** How many objects a form shows whole. */
const FORM_HOLDS = 20;

/** Whether there are more objects than a form shows whole; they are numbered where they are listed. */
export function isLarge(plan: Pick<Plan, "rows">): boolean {
  return countOfObjects(plan) > FORM_HOLDS;
}

/** What stands before an object in a long list: "12. "; nothing in a short one. */
export function numbersOf(plan: Pick<Plan, "rows">): (object: string) => string {
  if (!isLarge(plan)) return () => "";
  const objects = [...new Set(plan.rows.map(({ object }) => object))];
  const numbers = new Map(objects.map((object, index) => [object, `${index + 1}. `]));
  return (object) => numbers.get(object) ?? "";
}

/** What has to be known first, whichever way a person is asked. */
export interface Headline {
  readonly question: string;
  readonly effect: string;
  /** "Affects 1 object.", "Affects 280 objects." */
  readonly objects: string;
  /** The worst one, with the number of the others; undefined where there is none. */
  readonly warning: string | undefined;
}

export function headlineOf(plan: Plan): Headline {
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
    effect: effectInWords[effect].for(plan),
    objects: (count === 1 ? safe`Affects 1 object.` : safe`Affects ${count} objects.`).for(plan),
    warning: worst === undefined ? undefined : `${capped(worst, LONGEST_WARNING, plan)}${others}`,
  };
}

/** One after the other; Chinese ones with nothing between them. */
export function sentences({ language }: Pick<Plan, "language">, texts: readonly string[]): string {
  return texts.join(language === "en" ? " " : "");
}

/** All warnings, where the headline does not show each of them whole. */
export function warningsBelow({ warnings }: Pick<Plan, "warnings">): readonly string[] {
  const [worst = ""] = warnings;
  return warnings.length > 1 || worst.length > LONGEST_WARNING ? warnings : [];
}

/** The headline, a line for each part. */
export function headlineLines(plan: Plan): string[] {
  const { question, effect, objects, warning } = headlineOf(plan);
  return [
    question,
    sentences(plan, [effect, objects]),
    ...(warning === undefined ? [] : [safe`Warning: ${ownWords(warning)}`.for(plan)]),
  ];
}

/** "Name: value". */
export function pairIn([name, value]: Plan["facts"][number], reader: Reader): string {
  return safe`${ownWords(name)}: ${ownWords(value)}`.for(reader);
}
