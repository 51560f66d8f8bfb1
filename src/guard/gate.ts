import { Failure } from "../failure.js";
import type { AuditEntry } from "./audit/entry.js";
import type { Caller, Channel } from "./channel.js";
import type { Entry, Ledger } from "./ledger.js";
import { type PlannedCall, planOf, shortened } from "./planner.js";
import { type Governed, type Policy, prohibitionOf } from "./policy.js";
import { type Difference, differences, type Present, withoutPersonal } from "./present.js";
import { drifted, type Refused, refusal, waiting } from "./refusals.js";
import type { ApprovalRequest } from "./request.js";
import { decidedWithin, tellWaiting, whileTelling } from "./waiting.js";

export interface GateOptions {
  readonly policy: Policy;
  /** Ways to reach a person, tried in this order. */
  readonly channels: readonly Channel[];
  /** Whether the reply itself may carry the approval, for a host that asks a person at each call. */
  readonly token: { readonly offered: boolean; readonly forDestructive: boolean };
  readonly ledger: Ledger;
  readonly audit: { append(entry: AuditEntry): Promise<void>; close(): Promise<void> };
  /** Reads what is, through documented reads. `fresh`: not from the cloud's cache. */
  readonly readPresent: (call: PlannedCall, fresh: boolean, signal: AbortSignal) => Promise<Present>;
  /** Whether the model is shown personal data of what is; the person always is. */
  readonly showsPersonalData?: boolean;
  /** How long a call waits for a decision, in milliseconds. */
  readonly wait: number;
  readonly now: () => number;
  /** Where trouble with the audit log is told; never stdout. */
  readonly log: (line: string) => void;
}

/** A call before the gate: what is planned, on whose behalf, and the approval that came with it. */
export interface GatedCall extends PlannedCall {
  readonly caller: Caller;
  readonly approval: string | undefined;
  /** The operations that a job is made of: what the policy forbids of them, it forbids of the job. */
  readonly parts?: readonly Governed[];
}

/** What comes back from carrying something out. */
interface Answered {
  readonly requestId?: string;
}

/** A person's approval, in the hand of the call that it was given to. */
export interface Permit {
  /**
   * Carries out what was approved, recorded before and after. `step` names the part of a job that this is; that each part
   * is one of those that were shown, and sent once, is up to the holder.
   */
  carryOut<Answer extends Answered>(send: () => Promise<Answer>, step?: string): Promise<Answer>;
}

/** Lets a change through only after a person said yes to exactly this, once. Closed by default. */
export class Gate {
  readonly #options: GateOptions;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /**
   * Plans the change, has it approved, and carries it out by calling `send` once.
   * @throws {Failure} without having called `send`, unless a person approved
   */
  async carryOut<Answer extends Answered>(call: GatedCall, send: () => Promise<Answer>): Promise<Answer> {
    const permit = await this.approve(call);
    return permit.carryOut(send);
  }

  /**
   * Plans the change and has it approved.
   * @returns what lets it through, which is good for this call and no other
   * @throws {Failure} unless a person approved
   */
  async approve(call: GatedCall): Promise<Permit> {
    for (const part of [call.operation, ...(call.parts ?? [])]) {
      const prohibition = prohibitionOf(this.#options.policy, part);
      if (prohibition !== undefined) throw refusal({ operation: part }, prohibition);
    }
    const entry = await this.#approvedEntry(call);
    await this.#refuseIfDrifted(call, entry);
    // Of two calls that share an approval, the second finds it spent here.
    if (!this.#options.ledger.spend(entry, "used")) throw refusal(call, entry.spent ?? "expired");
    return { carryOut: (send, step) => this.#carryOut(call, entry.request.plan.id, send, step) };
  }

  /** Sends between two lines of the audit log. */
  async #carryOut<Answer extends Answered>(
    call: GatedCall,
    planId: string,
    send: () => Promise<Answer>,
    step?: string,
  ): Promise<Answer> {
    const about = { planId, ...(step !== undefined && { step }) };
    // What is refused here is one step of a job, whatever became of those before.
    const refused = { operation: { name: step ?? call.operation.name } };
    await this.#record(refused, { event: "sending", ...about });
    try {
      if (call.caller.signal.aborted) throw refusal(refused, "cancelled");
      const answer = await send();
      await this.#recordOutcome({ event: "outcome", ...about, sent: "yes", ok: true, ...pick(answer) });
      return answer;
    } catch (error) {
      const facts = error instanceof Failure ? error.facts : undefined;
      const sent = facts?.sent === undefined ? "unknown" : facts.sent ? "yes" : "no";
      await this.#recordOutcome({ event: "outcome", ...about, sent, ok: false, ...pick(facts ?? {}) });
      throw error;
    }
  }

  /** Withdraws every question and lets the audit log finish. */
  async close(): Promise<void> {
    await Promise.all(this.#options.channels.map((channel) => channel.close()));
    await this.#options.audit.close();
  }

  /** The entry for this call once a person has approved it. */
  async #approvedEntry(call: GatedCall): Promise<Entry> {
    const { ledger, token } = this.#options;
    const key = ledger.keyOf(call.operation, call.params, call.account);
    if (call.approval !== undefined) {
      const entry = token.offered ? ledger.redeem(call.approval, key) : "foreign";
      if (typeof entry === "string") throw refusal(call, entry);
      if (entry.request.decide(true, "token", entry.request.plan.typed)) await this.#recordDecision(call, entry);
      return entry;
    }
    const entry = ledger.find(key) ?? (await this.#putForward(call, key));
    if (entry.request.open) await this.#ask(call, entry);
    const { verdict } = entry.request;
    if (verdict === undefined) throw waiting(call);
    await this.#recordDecision(call, entry);
    if (verdict === "approved") return entry;
    ledger.drop(entry);
    throw refusal(call, verdict);
  }

  /** Makes the plan, with what it meets now, and writes it down. */
  async #putForward(call: GatedCall, key: string): Promise<Entry> {
    const present = await this.#options.readPresent(call, false, call.caller.signal);
    const plan = planOf(call, present);
    await this.#record(call, {
      event: "plan",
      planId: plan.id,
      service: call.operation.service.id,
      account: shortened(call.account),
      operation: plan.operation,
      effect: plan.effect,
      arguments: key,
      question: plan.question,
      warnings: plan.warnings.slice(0, 50),
    });
    return this.#options.ledger.open(key, plan, present);
  }

  /** Puts the plan before a person and waits a while for the decision. */
  async #ask(call: GatedCall, entry: Entry): Promise<void> {
    const { request } = entry;
    const { channels, token } = this.#options;
    if (token.offered && (token.forDestructive || request.plan.typed === undefined))
      throw this.#offerToken(call, entry);
    // A call that comes again while the question is open waits for the same answer; nobody is asked twice.
    if (!entry.presented) {
      entry.presented = await whileTelling(call.caller, () => presentTo(channels, request, call.caller));
      if (call.caller.signal.aborted) throw refusal(call, "cancelled");
      if (!entry.presented) {
        await this.#recordDecision(call, entry, "refused");
        throw refusal(call, "nobody to ask");
      }
    }
    if (!request.open) return;
    tellWaiting(call.caller);
    await whileTelling(call.caller, () => decidedWithin(request, this.#options.wait, call.caller));
  }

  #offerToken(call: GatedCall, entry: Entry): Failure {
    const { expiresAt, plan: shown } = entry.request;
    const { facts } = waiting(call);
    const plan = { ...planOf(call, this.#forModel(entry.present)), id: shown.id };
    return new Failure({
      ...facts,
      next: "Show the person the plan. Once they agree, make the same call with its argument approval set to the token.",
      approval: { token: this.#options.ledger.issueToken(entry), expiresAt: new Date(expiresAt).toISOString(), plan },
    });
  }

  /** Reads again what the person was shown, so that they approved what is. */
  async #refuseIfDrifted(call: GatedCall, entry: Entry): Promise<void> {
    const after = await this.#options.readPresent(call, true, call.caller.signal);
    const found = differences(entry.present, after);
    if (found.length === 0) return;
    this.#options.ledger.spend(entry, "voided");
    const planId = entry.request.plan.id;
    await this.#record(call, { event: "outcome", planId, sent: "no", ok: false, code: "StateChanged" });
    throw drifted(
      call,
      found.map((difference) => this.#toldToModel(difference, entry.present, after)),
    );
  }

  #forModel(present: Present): Present {
    return this.#options.showsPersonalData ? present : withoutPersonal(present);
  }

  #toldToModel({ what, shown, now }: Difference, before: Present, after: Present): Difference {
    if (this.#options.showsPersonalData) return { what, shown, now };
    return { what, shown: before.masked?.get(shown) ?? shown, now: after.masked?.get(now) ?? now };
  }

  async #recordDecision(call: GatedCall, { request, openedAt }: Entry, instead?: "refused"): Promise<void> {
    const { verdict = "dismissed", channel = "none", plan } = request;
    const tookMs = this.#options.now() - openedAt;
    await this.#record(call, { event: "decision", planId: plan.id, channel, verdict: instead ?? verdict, tookMs });
  }

  /** Writes down what is about to happen; when that fails, it does not happen. */
  async #record(refused: Refused, entry: AuditEntry): Promise<void> {
    try {
      await this.#options.audit.append(entry);
    } catch (error) {
      this.#options.log(`audit log: ${error instanceof Error ? error.message : String(error)}`);
      throw refusal(refused, "no record");
    }
  }

  /** Writes down what has happened; when that fails, the reply must still tell the truth. */
  async #recordOutcome(entry: AuditEntry): Promise<void> {
    try {
      await this.#options.audit.append(entry);
    } catch (error) {
      this.#options.log(`audit log: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

function pick(facts: { readonly requestId?: string; readonly code?: string; readonly httpStatus?: number }) {
  const { requestId, code, httpStatus } = facts;
  return { ...(requestId && { requestId }), ...(code && { code }), ...(httpStatus && { httpStatus }) };
}

/** Puts the request before a person in every way that reaches one, until it is decided. */
async function presentTo(channels: readonly Channel[], request: ApprovalRequest, caller: Caller): Promise<boolean> {
  let reached = false;
  for (const channel of channels) {
    if (!request.open) break;
    reached = (await channel.present(request, caller)) || reached;
  }
  return reached;
}
