import type { NewQuestion, TeamDecision, TeamQuestion } from "./question.js";

/** Why an answer did not count; undefined if it did. */
export type NotCounted = "over" | "answered before" | undefined;

/** What became of an attempt to use an approval. Only one attempt ever gets "yours". */
export type Claimed = "yours" | "used" | "over";

/**
 * The team's questions, as all servers of the team see them. Times are the store's own; the store decides what counts
 * when several act at once.
 */
export interface Questions {
  /**
   * Asks; or finds the same person's question about the same thing with the same account if that is open or approved
   * and says the same. One that says something else is withdrawn.
   */
  ask(question: NewQuestion): Promise<{ readonly question: TeamQuestion; readonly joined: boolean }>;
  /** The asker's question about a thing that is open, or approved and unused. */
  current(asker: string, account: string, thing: string): Promise<TeamQuestion | undefined>;
  find(id: string): Promise<TeamQuestion | undefined>;
  /** The asker's question with this plan. */
  byPlan(planId: string, asker: string, account: string): Promise<TeamQuestion | undefined>;
  /** All that are open, and those that ended a short time ago; the newest first. */
  recent(): Promise<readonly TeamQuestion[]>;
  /** Records an answer if the question is open and the person has not answered it. */
  decide(id: string, decision: Omit<TeamDecision, "at">): Promise<NotCounted>;
  /** Uses an approval, once and for all servers. */
  claim(id: string): Promise<Claimed>;
  /** Ends it unless it has ended: nobody waits for it any more, or what it says is not so any more. */
  withdraw(id: string): Promise<void>;
  /**
   * Calls back whenever the question may have changed, also if it has not. It must not throw.
   * @returns ends it
   */
  watch(id: string, changed: () => void): () => void;
}

/** How long a question that has ended can be found, in milliseconds. */
export const rememberedFor = 60 * 60_000;
