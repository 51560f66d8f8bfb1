import { randomBytes } from "node:crypto";
import { EventEmitter } from "node:events";
import { repeatWarningPeriod } from "../deadlines.js";
import {
  isFor,
  type NewQuestion,
  type QuestionState,
  stateAfter,
  type TeamDecision,
  type TeamQuestion,
} from "./question.js";
import {
  type ClaimResult,
  endedQuestionRetention,
  joinOrReplace,
  type NotCounted,
  type Questions,
} from "./questions.js";

type StoredQuestion = Omit<TeamQuestion, "readAt" | "state"> & { readonly ended: QuestionState };

/** The questions of one server that shares them with no other; they end with it. */
export class MemoryQuestions implements Questions {
  readonly #now: () => Date;
  readonly #questions = new Map<string, StoredQuestion>();
  /** By id. */
  readonly #watched = new EventEmitter().setMaxListeners(0);

  constructor(now: () => Date) {
    this.#now = now;
  }

  async ask(asked: NewQuestion) {
    this.#forgetOld();
    const { lifetimeMs, ...question } = asked;
    const { joined, outdated } = joinOrReplace(asked, this.#about(asked.account, asked.thing));
    if (joined !== undefined) return joined;
    if (outdated !== undefined) this.#withdraw(outdated.id);
    const askedAt = this.#now();
    const id = randomBytes(16).toString("base64url");
    const expiresAt = new Date(askedAt.getTime() + lifetimeMs);
    const kept: StoredQuestion = { ...question, id, askedAt, expiresAt, decisions: [], ended: "open" };
    this.#questions.set(id, kept);
    return this.#read(kept);
  }

  async about(account: string, thing: string) {
    return this.#about(account, thing);
  }

  #about(account: string, thing: string): readonly TeamQuestion[] {
    const recently = this.#now().getTime() - repeatWarningPeriod;
    return this.#all().filter(
      (each) =>
        each.account === account &&
        each.thing === thing &&
        (isFor(each, each.asker.id) || (each.usedAt !== undefined && each.usedAt.getTime() > recently)),
    );
  }

  async find(id: string) {
    const kept = this.#questions.get(id);
    return kept && this.#read(kept);
  }

  async byPlan(planId: string, asker: string, account: string) {
    return this.#all().find(
      ({ plans, asker: { id }, account: of }) => plans.en.id === planId && id === asker && of === account,
    );
  }

  async recent() {
    this.#forgetOld();
    return this.#all();
  }

  async decide(id: string, decision: Omit<TeamDecision, "at">): Promise<NotCounted> {
    const kept = this.#questions.get(id);
    if (kept === undefined || this.#read(kept).state !== "open") return "over";
    if (kept.decisions.some((each) => each.id === decision.id)) return "answered before";
    const decisions = [...kept.decisions, { ...decision, at: this.#now() }];
    this.#change({ ...kept, decisions, ended: stateAfter(kept.requirements, decisions) });
    return undefined;
  }

  async claim(id: string): Promise<ClaimResult> {
    const kept = this.#questions.get(id);
    const state = kept && this.#read(kept).state;
    if (kept === undefined || state !== "approved") return state === "used" ? "used" : "over";
    this.#change({ ...kept, ended: "used", usedAt: this.#now() });
    return "yours";
  }

  async withdraw(id: string): Promise<void> {
    this.#withdraw(id);
  }

  #withdraw(id: string): void {
    const kept = this.#questions.get(id);
    const state = kept && this.#read(kept).state;
    if (kept !== undefined && (state === "open" || state === "approved")) this.#change({ ...kept, ended: "withdrawn" });
  }

  watch(id: string, changed: () => void): () => void {
    this.#watched.on(id, changed);
    return () => void this.#watched.off(id, changed);
  }

  /** The newest first. */
  #all(): readonly TeamQuestion[] {
    return [...this.#questions.values()].reverse().map((kept) => this.#read(kept));
  }

  #read({ ended, ...kept }: StoredQuestion): TeamQuestion {
    const readAt = this.#now();
    const over = readAt >= kept.expiresAt && (ended === "open" || ended === "approved");
    // Written down, so that it stays over if the clock is set back.
    if (over) this.#questions.set(kept.id, { ...kept, ended: "expired" });
    return { ...kept, readAt, state: over ? "expired" : ended };
  }

  #change(kept: StoredQuestion): void {
    this.#questions.set(kept.id, kept);
    this.#watched.emit(kept.id);
  }

  #forgetOld(): void {
    const oldest = this.#now().getTime() - endedQuestionRetention;
    for (const [id, { expiresAt }] of this.#questions) if (expiresAt.getTime() < oldest) this.#questions.delete(id);
  }
}
