import { z } from "zod";
import {
  answers,
  askedSchema,
  type QuestionState,
  questionStates,
  stateAfter,
  type TeamDecision,
  type TeamQuestion,
} from "../approval/team/question.js";
import { AlteredQuestion, MissingStateKey } from "../approval/team/questions.js";
import type { RowSigner } from "./signing.js";

/** A question with its answers, as the database has it. */
export const questionRow = z.object({
  id: z.string(),
  asker: z.string(),
  account: z.string(),
  thing: z.string(),
  plan_id: z.string(),
  asked: z.string(),
  asked_at: z.date(),
  expires_at: z.date(),
  used_at: z.date().nullable(),
  read_at: z.date(),
  state: z.enum(questionStates),
  mac: z.string(),
  key: z.string(),
  decisions: z.array(
    z.object({
      person: z.string(),
      name: z.string(),
      at: z.coerce.date(),
      answer: z.enum(answers),
      shown: z.string(),
      counts_for: z.array(z.number()),
      mac: z.string(),
      key: z.string(),
    }),
  ),
});
type QuestionRow = Readonly<z.output<typeof questionRow>>;

/** What is signed of a question: all but its state, which follows from the answers or gives nothing. */
type SignedQuestion = Omit<QuestionRow, "used_at" | "read_at" | "state" | "mac" | "key" | "decisions">;

export function valuesOf(row: SignedQuestion): readonly unknown[] {
  const { id, asker, account, thing, plan_id: planId, asked, asked_at: askedAt, expires_at: expiresAt } = row;
  return ["question", id, asker, account, thing, planId, asked, askedAt.toISOString(), expiresAt.toISOString()];
}

/** What is signed of an answer. */
export function answerValues(question: string, { id, name, at, answer, shown, countsFor }: TeamDecision) {
  return ["answer", question, id, name, at.toISOString(), answer, shown, countsFor];
}

/**
 * Reads a question, trusting only what is signed: its state is what its answers make of it.
 * @throws {AlteredQuestion} if the row is not what a server wrote
 * @throws {MissingStateKey} if it may be, with a key that this server lacks
 */
export function questionIn(row: QuestionRow, signer: RowSigner): TeamQuestion {
  const { id, thing, asked, asked_at: askedAt, expires_at: expiresAt, used_at: usedAt, read_at: readAt } = row;
  verify(id, row, valuesOf(row), signer);
  const people = new Set<string>();
  const decisions = row.decisions.map(({ person, counts_for: countsFor, mac, key, ...rest }): TeamDecision => {
    const decision = { ...rest, id: person, countsFor };
    if (people.has(person)) throw new AlteredQuestion(id);
    verify(id, { mac, key }, answerValues(id, decision), signer);
    people.add(person);
    return decision;
  });
  const question = askedSchema.parse(JSON.parse(asked));
  const state = stateIn(row, stateAfter(question.requirements, decisions));
  return { ...question, id, thing, askedAt, expiresAt, readAt, state, decisions, ...(usedAt && { usedAt }) };
}

function verify(
  id: string,
  { mac, key }: Pick<QuestionRow, "mac" | "key">,
  values: readonly unknown[],
  signer: RowSigner,
) {
  if (signer.verifies(mac, values)) return;
  throw signer.keyIds.includes(key) ? new AlteredQuestion(id) : new MissingStateKey(key);
}

/** @param decided what the answers make of it */
function stateIn(row: QuestionRow, decided: QuestionState): QuestionState {
  const { id, state } = row;
  // These allow nothing.
  if (state === "withdrawn" || state === "expired") return state;
  if (decided !== (state === "used" ? "approved" : state)) throw new AlteredQuestion(id);
  return isPast(row) ? "expired" : state;
}

/** Whether it has expired, even if its row does not say so yet. */
export function isPast({ state, expires_at: expiresAt, read_at: readAt }: QuestionRow): boolean {
  return (state === "open" || state === "approved") && readAt >= expiresAt;
}
