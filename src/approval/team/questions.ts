import { isRepeatHarmful } from "../../catalogue/operation.js";
import { ToolError } from "../../lib/tool-error.js";
import { asksTheSame, isFor, type NewQuestion, type TeamDecision, type TeamQuestion } from "./question.js";

/** Why an answer did not count; undefined if it did. */
export type NotCounted = "over" | "answered before" | undefined;

/** What became of an attempt to use an approval. Only one attempt ever gets "yours". */
export type ClaimResult = "yours" | "used" | "over";

/** A question that was not written by a server of this program, or was changed since. It is never acted on. */
export class AlteredQuestion extends ToolError {
  constructor(id: string) {
    super({
      kind: "refused",
      happened: `It was not carried out. The question about it, or an answer to it, is not as this program wrote it: the database was changed by other means (question ${id}). No answer to it counts. Nothing was sent.`,
      changed: "no",
      sent: false,
      next: "Tell the person: the operator must find out who can write to the database.",
    });
  }
}

/**
 * Another server signed with a state key that this one does not have: what it cannot verify is not altered, and it must
 * not ask anew what may wait there.
 */
export class MissingStateKey extends ToolError {
  /** @param id by which the logs of the servers name the key */
  constructor(id: string) {
    super({
      kind: "configuration",
      happened: `This server cannot verify the team's questions: one or more are signed with a state key that it does not have (${id}). Nothing was sent.`,
      changed: "no",
      sent: false,
      next: "Make the same call again: a server with that key takes up its question. If it persists, tell the operator: --state-key of this server lacks a key that another one signed with (docs/team-operations.md says what to do).",
    });
  }
}

/** Somebody else's question about the same creation or purchase still waits, or its approval does. */
export class DuplicateQuestion extends Error {}

/**
 * Decides what becomes of the asker's own question about the same thing: it is joined if it says the same, and is to be
 * withdrawn as outdated otherwise.
 * @throws {DuplicateQuestion} if somebody else's question about the same creation or purchase stands
 */
export function joinOrReplace(
  asked: NewQuestion,
  related: readonly TeamQuestion[],
): { readonly joined?: TeamQuestion | undefined; readonly outdated?: TeamQuestion | undefined } {
  const own = related.find((each) => isFor(each, asked.asker.id));
  if (own !== undefined && asksTheSame(own, asked)) return { joined: own };
  const isOthers = ({ asker, state }: TeamQuestion) => asker.id !== asked.asker.id && state !== "used";
  if (isRepeatHarmful(asked.plans.en.effect) && related.some(isOthers)) throw new DuplicateQuestion();
  return { outdated: own };
}

/**
 * The team's questions, as all servers of the team see them. Times are the store's own; the store decides what counts
 * when several act at once.
 */
export interface Questions {
  /**
   * Asks; or finds the same person's question about the same thing with the same account if that is open or approved
   * and asks the same. One that asks something else is withdrawn.
   * @throws {DuplicateQuestion}
   * @throws {MissingStateKey}
   */
  ask(question: NewQuestion): Promise<TeamQuestion>;
  /** Anybody's questions about a thing that are open, or approved, or were used a short time ago; the newest first. */
  about(account: string, thing: string): Promise<readonly TeamQuestion[]>;
  /**
   * @throws {AlteredQuestion}
   * @throws {MissingStateKey}
   */
  find(id: string): Promise<TeamQuestion | undefined>;
  /** The asker's question with this plan. */
  byPlan(planId: string, asker: string, account: string): Promise<TeamQuestion | undefined>;
  /** All that are open, and those that ended a short time ago; the newest first. */
  recent(): Promise<readonly TeamQuestion[]>;
  /** Records an answer if the question is open and the person has not answered it. */
  decide(id: string, decision: Omit<TeamDecision, "at">): Promise<NotCounted>;
  /** Uses an approval, once and for all servers. */
  claim(id: string): Promise<ClaimResult>;
  /** Ends it unless it has ended: nobody waits for it any more, or its plan is out of date. */
  withdraw(id: string): Promise<void>;
  /**
   * Calls back whenever the question may have changed, also if it has not. It must not throw.
   * @returns ends it
   */
  watch(id: string, changed: () => void): () => void;
}

/** How long a question can be found after its time is over, in milliseconds, also if it was decided before. */
export const endedQuestionRetention = 60 * 60_000;
