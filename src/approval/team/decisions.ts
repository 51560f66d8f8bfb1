import { countsFor, isOneOf, type UncountedReason } from "../../access/requirement.js";
import type { AccessRules } from "../../access/rules.js";
import type { Person } from "../../identity/person.js";
import { type Language, languages } from "../../lib/language.js";
import { answerTo, wordsOf } from "../plan.js";
import type { TeamDecision, TeamQuestion } from "./question.js";
import { AlteredQuestion, type NotCounted, type Questions } from "./questions.js";

/** What a person answers, and how. */
interface TeamAnswer {
  readonly approve: boolean;
  /** What was typed, if the plan asks for it. */
  readonly typed?: string | undefined;
  /** The digest of the words that were shown. */
  readonly shown: string;
  /** Whether the person has just logged in anew. */
  readonly loggedInAgain: boolean;
}

type Answered =
  | { readonly counted: true; readonly answer: TeamDecision["answer"]; readonly question: TeamQuestion }
  | {
      readonly counted: false;
      readonly why: UncountedReason | NonNullable<NotCounted> | "unknown" | "login again" | "other words";
    };

/** Takes the decisions of a team: who may see a question, and whose answer counts. Login is checked elsewhere. */
export class TeamDecisions {
  readonly #questions: Questions;
  readonly #rules: Pick<AccessRules, "known">;

  constructor(questions: Questions, rules: Pick<AccessRules, "known">) {
    this.#questions = questions;
    this.#rules = rules;
  }

  /** The person as the rules know them now, however long ago they logged in. */
  known(person: Person): Person {
    return this.#rules.known(person);
  }

  /** The questions that this person asked or may decide; the newest first. */
  async questionsOf(person: Person): Promise<readonly TeamQuestion[]> {
    const recent = await this.#questions.recent();
    return recent.map((question) => this.#withCurrentIds(question)).filter((question) => maySee(question, person));
  }

  /** The question, if the person may see it: to anybody else it does not exist. */
  async question(id: string, person: Person): Promise<TeamQuestion | undefined> {
    const question = await this.#questions.find(id).catch(unlessAltered);
    const known = question && this.#withCurrentIds(question);
    return known !== undefined && maySee(known, person) ? known : undefined;
  }

  /** Takes a person's answer, if it counts. */
  async answer(id: string, person: Person, { approve, typed, shown, loggedInAgain }: TeamAnswer): Promise<Answered> {
    const question = await this.question(id, person);
    if (question === undefined) return { counted: false, why: "unknown" };
    // The store knows whoever answered under other rules by another id.
    if (hasAnswered(question, person)) return { counted: false, why: "answered before" };
    const counts = approve ? approvalCounts(question, person) : declineCounts(question, person);
    if (typeof counts === "string") return { counted: false, why: counts };
    if (!languages.some((language) => shown === shownDigest(question, language)))
      return { counted: false, why: "other words" };
    if (approve && question.loginAgain && !loggedInAgain) return { counted: false, why: "login again" };
    const answer = answerTo(question.plans.en, approve, typed);
    const decision = { id: person.id, name: person.name, answer, shown, countsFor: counts } as const;
    const why = await this.#questions.decide(id, decision);
    if (why !== undefined) return { counted: false, why };
    return { counted: true, answer, question: (await this.question(id, person)) ?? question };
  }

  /** With everybody under the id that the rules of now give them: a question outlasts a restart with other rules. */
  #withCurrentIds(question: TeamQuestion): TeamQuestion {
    return {
      ...question,
      asker: this.#rules.known(question.asker),
      decisions: question.decisions.map((decision) => this.#rules.known(decision)),
    };
  }
}

/** A question that was altered in the database counts as not there. */
function unlessAltered(error: unknown): undefined {
  if (!(error instanceof AlteredQuestion)) throw error;
}

/** The digest of the words that a question shows in a language. */
export function shownDigest({ plans }: Pick<TeamQuestion, "plans">, language: Language): string {
  return wordsOf(plans[language]);
}

/** The requirements that the person's approval counts for now, by position; or why it does not count. */
export function approvalCounts(question: TeamQuestion, person: Person): readonly number[] | UncountedReason {
  return countsFor(question.requirements, person, question.asker.id, question.readAt);
}

/** Like {@link approvalCounts}, but for declining, which also counts in quiet hours. */
export function declineCounts(question: TeamQuestion, person: Person): readonly number[] | UncountedReason {
  return countsFor(question.requirements, person, question.asker.id, undefined);
}

export function hasAnswered({ decisions }: TeamQuestion, { id }: Person): boolean {
  return decisions.some((decision) => decision.id === id);
}

function maySee({ asker, requirements }: TeamQuestion, person: Person): boolean {
  if (person.id === asker.id) return true;
  return person.scopes.has("certs:approve") && requirements.some(({ approve }) => isOneOf(approve, person));
}
