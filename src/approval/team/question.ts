import { z } from "zod";
import { requirementSchema } from "../../access/requirement.js";
import { languages } from "../../lib/language.js";
import { type Plan, planMembers, wordsOf } from "../plan.js";
import type { NamedDecision } from "../request.js";

/* A question that a team decides, as it is kept where every server of the team finds it. */

const planSchema = z
  .object({ ...planMembers, asker: z.string().optional(), typed: z.string().optional() })
  .transform(({ typed, ...plan }): Plan => ({ ...plan, typed }));

/** Who asks, as other people are told. */
const askerSchema = z.object({ id: z.string(), name: z.string(), client: z.string().optional() });

/** What is kept of a question that does not change. */
export const askedSchema = z.object({
  asker: askerSchema,
  /** The account's name at this server. */
  account: z.string(),
  plans: z.object({ en: planSchema, "zh-CN": planSchema }),
  /** What it takes to be approved; each must be met. */
  requirements: z.array(requirementSchema).min(1).readonly(),
  /** Whether whoever approves it logs in anew for it: what it does cannot be undone, or lasts. */
  loginAgain: z.boolean(),
});

/** A question to ask. */
export interface NewQuestion extends Readonly<z.output<typeof askedSchema>> {
  /** What it is about: somebody has one open question about a thing at a time. */
  readonly thing: string;
  /** How long it can be decided and used, in milliseconds. */
  readonly lifetimeMs: number;
}

export const answers = ["approved", "declined", "wrong name"] as const;

/** What one person answered. */
export interface TeamDecision extends NamedDecision {
  /** The requirements that it counts for, by position. */
  readonly countsFor: readonly number[];
}

/** A question is open until it has one of the other states; only an approved one can be used, and once. */
export const questionStates = ["open", "approved", "declined", "wrong name", "withdrawn", "expired", "used"] as const;
export type QuestionState = (typeof questionStates)[number];

export interface TeamQuestion extends Readonly<z.output<typeof askedSchema>> {
  /** Knowing it decides nothing. */
  readonly id: string;
  readonly thing: string;
  readonly askedAt: Date;
  readonly expiresAt: Date;
  /** When this was read, by the clock that the other times are from. */
  readonly readAt: Date;
  /** When its approval was used. */
  readonly usedAt?: Date;
  readonly state: QuestionState;
  /** In order. */
  readonly decisions: readonly TeamDecision[];
}

/**
 * Whether a question is what would be asked now: it says the same in every language and takes the same approvals. The
 * name of the client may differ: of several servers, only one saw the client introduce itself. After the rules have
 * changed, what was approved under the old ones is not used.
 */
export function asksTheSame(one: Asked, other: Asked): boolean {
  const saysTheSame = languages.every((language) => changeIn(one.plans[language]) === changeIn(other.plans[language]));
  return saysTheSame && sameRequirements(one.requirements, other.requirements);
}

type Asked = Pick<TeamQuestion, "plans" | "requirements">;
type Requirements = TeamQuestion["requirements"];

const changeIn = ({ asker: _, ...plan }: Plan) => wordsOf(plan);

/** As they are kept: in the schema's order, without what says nothing. */
const canonicalText = (requirements: Requirements) =>
  JSON.stringify(askedSchema.shape.requirements.parse(requirements));

export function sameRequirements(one: Requirements, other: Requirements): boolean {
  return canonicalText(one) === canonicalText(other);
}

/** Whether it is this person's and can still be decided or used. */
export function isFor({ asker, state }: TeamQuestion, id: string): boolean {
  return asker.id === id && (state === "open" || state === "approved");
}

/** What an answer makes of an open question. Any no ends it; it is approved once all requirements are met. */
export function stateAfter(
  requirements: Requirements,
  decisions: readonly Pick<TeamDecision, "answer" | "countsFor">[],
): "open" | TeamDecision["answer"] {
  const no = decisions.find(({ answer }) => answer !== "approved");
  if (no !== undefined) return no.answer;
  const met = ({ approvers }: Requirements[number], index: number) =>
    decisions.filter(({ countsFor }) => countsFor.includes(index)).length >= approvers;
  return requirements.length > 0 && requirements.every(met) ? "approved" : "open";
}
