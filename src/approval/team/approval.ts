import type { Requirement } from "../../access/requirement.js";
import type { AccessRules } from "../../access/rules.js";
import { isIrreversible, isRepeatHarmful, type Warning } from "../../catalogue/operation.js";
import type { Person } from "../../identity/person.js";
import { messageOf } from "../../lib/failure.js";
import { type SafeText, safe } from "../../lib/safe-text.js";
import type { ApprovalProgress } from "../approval-status.js";
import type { ApprovalBinding, GatedCall } from "../call-binding.js";
import type { Caller, Channel } from "../channel.js";
import type { Plans } from "../plan.js";
import { refusal } from "../refusals.js";
import { type ApprovalRequest, teamPlace } from "../request.js";
import { settledWithin, systemTimer } from "../waiting.js";
import { operationsToApprove } from "./asked-operations.js";
import { asksTheSame, isFor, type NewQuestion, sameRequirements, type TeamQuestion } from "./question.js";
import { AlteredQuestion, DuplicateQuestion, MissingStateKey, type Questions } from "./questions.js";
import { alsoAsked, notAsked, notUsable, teamProgress, usedBefore } from "./texts.js";

export interface TeamApprovalOptions {
  readonly questions: Questions;
  readonly rules: AccessRules;
  /** Who asks through it. */
  readonly person: Person;
  /** The name of the account that their calls are about. */
  readonly account: string;
  /** The address where a question is decided after logging in; absent if this server does not know its own. */
  readonly addressOf?: ((id: string) => string) | undefined;
  readonly now: () => Date;
  /** Receives a line for the operator. */
  readonly log: (line: string) => void;
}

/** What is known of a question before it is asked. */
interface QuestionDraft extends Omit<NewQuestion, "lifetimeMs"> {
  /** The question that stands already and says the same; if it has been used by now, nobody is asked again. */
  readonly existingId?: string;
}

/** A question as the gate will ask it. */
export interface PreparedQuestion {
  /** The plans to show. */
  readonly plans: Plans;
  /** How long the question that is joined can still be decided, in milliseconds; absent if there is none. */
  readonly left?: number;
  /** Tells which request it became. */
  opened(request: ApprovalRequest): void;
}

/**
 * Asks a person's team: the question is kept where every server of the team sees it, and is decided on the pages behind
 * login. One for each person and account.
 */
export class TeamApproval implements Channel {
  readonly outOfBand = true;
  readonly #options: TeamApprovalOptions;
  readonly #drafts = new WeakMap<ApprovalRequest, QuestionDraft>();
  readonly #ids = new WeakMap<ApprovalRequest, string>();
  readonly #closed = new AbortController();

  constructor(options: TeamApprovalOptions) {
    this.#options = { ...options, person: options.rules.known(options.person) };
  }

  /** @throws {ToolError} if the rules do not let this person ask for it now */
  admit(call: GatedCall): void {
    this.#requirementsOf(call);
  }

  /**
   * Finds the person's own question that says the same and still stands, asked at any server.
   * @param known whether this server itself did the same for this person a short time ago
   * @param plansWith makes the plans, with warnings about others' questions for the same change
   * @throws {ToolError} if the same creation or purchase waits for somebody else
   */
  async prepare(
    call: GatedCall,
    { thing }: ApprovalBinding,
    known: boolean,
    plansWith: (elsewhere: readonly Warning[]) => Plans,
  ): Promise<PreparedQuestion> {
    const { questions, person, account } = this.#options;
    const about = await questions.about(account, thing);
    const plans = plansWith(this.#sameElsewhere(call, about, known));
    const requirements = this.#requirementsOf(call);
    const { client } = call.caller.identity ?? {};
    const asker = { id: person.id, name: person.name, ...(client !== undefined && { client }) };
    const loginAgain = isIrreversible(call.operation.effect) || call.operation.outOfBand === true;
    const draft = { asker, account, thing, requirements, loginAgain };
    const prepared = (shown: Plans, existingId?: string) => ({
      plans: shown,
      opened: (request: ApprovalRequest) => {
        this.#drafts.set(request, { ...draft, plans: shown, ...(existingId !== undefined && { existingId }) });
      },
    });
    const existing = about.find((each) => isFor(each, person.id));
    if (existing === undefined || !asksTheSame(existing, { plans, requirements })) return prepared(plans);
    const left = existing.expiresAt.getTime() - existing.readAt.getTime();
    return { ...prepared(existing.plans, existing.id), left };
  }

  async present(request: ApprovalRequest, caller: Caller): Promise<boolean> {
    const { questions, addressOf, now } = this.#options;
    const draft = this.#drafts.get(request);
    if (draft === undefined) throw new Error("the team was not told what it is asked");
    const lifetimeMs = Math.max(0, request.expiresAt - now().getTime());
    const { existingId, ...question } = draft;
    const id = existingId ?? (await this.#ask({ ...question, lifetimeMs })).id;
    this.#ids.set(request, id);
    const withdraw = () => {
      questions.withdraw(id).catch((cause) => this.#options.log(`A question was not withdrawn: ${messageOf(cause)}`));
    };
    caller.signal.addEventListener("abort", withdraw, { once: true });
    if (caller.signal.aborted) withdraw();
    let onChange = () => {};
    const unwatch = questions.watch(id, () => onChange());
    const nextChange = () =>
      new Promise<void>((resolve) => {
        onChange = resolve;
      });
    request.offerAt(teamPlace, true, addressOf?.(id));
    void this.#follow(request, id, nextChange, (says) => caller.progress(says)).finally(unwatch);
    return true;
  }

  /**
   * Uses the approval, once for all servers.
   * @throws {ToolError} if another call has used it, or it is not valid any more
   */
  async use(call: GatedCall, request: ApprovalRequest): Promise<void> {
    const id = this.#ids.get(request);
    if (id === undefined) throw new Error("the team was not asked");
    const question = await this.#options.questions.find(id);
    // The rules may have changed since it was asked, so that other people would have to approve it now.
    if (
      question !== undefined &&
      !sameRequirements(question.requirements, this.#requirementsOf(call, question.askedAt))
    )
      throw notUsable(call, "other rules");
    const claimed = await this.#options.questions.claim(id);
    if (claimed !== "yours") throw notUsable(call, claimed);
  }

  /** The progress of a plan that was asked at another server. */
  async progressOf(planId: string): Promise<ApprovalProgress | undefined> {
    const { questions, person, account, addressOf } = this.#options;
    const question = await questions.byPlan(planId, person.id, account);
    return question && teamProgress(question, addressOf?.(question.id));
  }

  /** Its questions stay: the same call made at another server takes them up. */
  async close(): Promise<void> {
    this.#closed.abort();
  }

  /** Warnings about other questions for the same change, asked by anybody at any server. */
  #sameElsewhere(call: GatedCall, about: readonly TeamQuestion[], known: boolean): readonly Warning[] {
    const { person } = this.#options;
    const once = isRepeatHarmful(call.operation.effect);
    const others = about.filter(({ asker, state }) => asker.id !== person.id && state !== "used");
    if (once && others.length > 0) throw refusal(call, "much the same waits");
    const used = once ? about.filter(({ asker, state }) => state === "used" && !(known && asker.id === person.id)) : [];
    return [...used.map((each) => usedBefore(each, call.operation)), ...others.map(alsoAsked)];
  }

  async #ask(question: NewQuestion): Promise<TeamQuestion> {
    try {
      return await this.#options.questions.ask(question);
    } catch (error) {
      if (!(error instanceof DuplicateQuestion)) throw error;
      throw refusal({ operation: { name: question.plans.en.operation } }, "much the same waits");
    }
  }

  #requirementsOf(call: GatedCall, at = this.#options.now()): readonly Requirement[] {
    const { rules, account } = this.#options;
    // Scopes and groups are those of this call's token; they may differ from those of the first call.
    const person = call.caller.identity?.person ?? this.#options.person;
    const found = rules.requirementsFor({ person, account, operations: operationsToApprove(call), at });
    if (typeof found === "string") throw notAsked(call, found);
    return found;
  }

  /** Passes the decision on, wherever it was made. */
  async #follow(
    request: ApprovalRequest,
    id: string,
    nextChange: () => Promise<void>,
    tell: (says: SafeText) => void,
  ): Promise<void> {
    while (request.verdict === undefined && !this.#closed.signal.aborted) {
      // From before the reading, so that no change during it is missed.
      const changed = nextChange();
      const ms = await this.#look(request, id, tell);
      const changedOrOver = Promise.race([changed, request.decided]);
      await settledWithin(changedOrOver, this.#closed, ms === undefined ? undefined : { ms, timer: systemTimer });
    }
  }

  /** @returns in how many milliseconds to look again; undefined if the question has ended */
  async #look(request: ApprovalRequest, id: string, tell: (says: SafeText) => void): Promise<number | undefined> {
    try {
      const question = await this.#options.questions.find(id);
      if (question === undefined) request.dismiss(teamPlace);
      if (question === undefined || passOutcomeTo(request, question)) return undefined;
      const given = question.decisions.length;
      if (given > 0) tell(safe`${given} approved, waiting for more`);
      return Math.max(1, question.expiresAt.getTime() - question.readAt.getTime());
    } catch (cause) {
      this.#options.log(`A question could not be read: ${messageOf(cause)}`);
      if (!(cause instanceof AlteredQuestion || cause instanceof MissingStateKey)) return RETRY_AFTER;
      request.dismiss(teamPlace, cause);
      return undefined;
    }
  }
}

/** After how long a question that could not be read is read again, in milliseconds. */
const RETRY_AFTER = 1_000;

/** Decides or dismisses the request as its question has ended. @returns false if the question is still open */
function passOutcomeTo(request: ApprovalRequest, { state, decisions }: TeamQuestion): boolean {
  switch (state) {
    case "open":
      return false;
    // If another call has used it, the claim says so.
    case "approved":
    case "used":
      request.decide(true, teamPlace, request.plan.typed, decisions);
      return true;
    case "declined":
      request.decide(false, teamPlace, undefined, decisions);
      return true;
    case "wrong name":
      request.decide(true, teamPlace, "", decisions);
      return true;
    case "expired":
    case "withdrawn":
      request.dismiss(teamPlace);
      return true;
  }
}
