import type fc from "fast-check";
import { ApprovalStore } from "../../../src/approval/approval-store.js";
import type { Channel } from "../../../src/approval/channel.js";
import { approvalLifetime } from "../../../src/approval/deadlines.js";
import { Gate } from "../../../src/approval/gate.js";
import type { Plan } from "../../../src/approval/plan.js";
import { questionLimits } from "../../../src/approval/question-limits.js";
import type { ApprovalRequest } from "../../../src/approval/request.js";
import type { AuditEntry } from "../../../src/audit/entry.js";
import { safe, verbatim } from "../../../src/lib/safe-text.js";
import { type OfferedApproval, ToolError } from "../../../src/lib/tool-error.js";
import { type ApprovedSteps, approveSteps } from "../../../src/pipeline/approved-steps.js";
import { Redactor } from "../../../src/secrets/redaction/redactor.js";
import { exactOf, type Wish } from "./wishes.js";

/** How the cloud answers a call. */
export type Answer = "accepted" | "refused" | "lost";

/** A question as a person saw it, at the moment when they did. */
interface Shown {
  readonly process: number;
  readonly exact: string;
  readonly plan: Plan;
  readonly at: { readonly wall: number; readonly monotonic: number };
  /** By how much the wall clock was ahead when the gate looked at it, at the least. */
  readonly lead: number;
  readonly state: number;
  /** Absent where a host shows the plan. */
  readonly request?: ApprovalRequest;
}

interface Call {
  readonly process: number;
  readonly wish: Wish;
  readonly controller: AbortController;
  readonly answer: Answer;
  /** The state that its last reading before sending found. */
  found: number | undefined;
  ended: string | undefined;
}

/** How far a clock may fall back without a doubt about approvals; as documented, not as the gate has it. */
const TOLERANCE = 2_000;
const SAME_PURCHASE = 60 * 60_000;

const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * Three processes, each with its gate: one asks in a form, one on a page, one has its host ask by token. They share audit
 * log, journal and clock. The scheduler decides what happens next wherever anything waits; what must never be is noted.
 */
export class Simulation {
  readonly violations: string[] = [];
  readonly calls: Call[] = [];
  readonly shown: Shown[] = [];
  readonly tokens: { readonly offer: OfferedApproval; readonly plan: Plan; readonly wish: Wish }[] = [];
  readonly sends: { readonly planId: string; readonly step: string; readonly call: Call; readonly at: number }[] = [];
  readonly audit: AuditEntry[] = [];
  wall = 1_000_000_000_000;
  monotonic = 5_000;
  state = 0;
  diskIsFull = false;
  readonly #approved = new Set<string>();
  readonly #claims = new Set<string>();
  readonly #scheduler: fc.Scheduler;
  readonly #pool: readonly Wish[];
  readonly #gates: readonly Gate[];
  readonly #asked: { readonly process: number; readonly at: number }[] = [];

  constructor(scheduler: fc.Scheduler, pool: readonly Wish[]) {
    this.#scheduler = scheduler;
    this.#pool = pool;
    this.#gates = [this.#gate([this.#form(0)], false), this.#gate([this.#page(1)], false), this.#gate([], true)];
  }

  call(
    process: number,
    wish: Wish,
    answer: Answer,
    token?: { readonly offer: OfferedApproval; readonly plan: Plan },
  ): void {
    const controller = new AbortController();
    const call: Call = { process, wish, controller, answer, found: undefined, ended: undefined };
    this.calls.push(call);
    // A host that hands a token over has had its plan approved.
    if (token !== undefined) this.#approved.add(token.plan.id);
    const lead = this.#lead;
    void this.#made(call, token?.offer.token).then(
      () => {
        call.ended = "done";
      },
      (error: unknown) => {
        call.ended = textOf(error);
        if (!(error instanceof ToolError)) this.violations.push(`a defect: ${textOf(error)}`);
        if (error instanceof ToolError && error.details.approval !== undefined)
          this.#offered(call, error.details.approval, lead);
      },
    );
  }

  get #lead(): number {
    return this.wall - this.monotonic;
  }

  wish(which: number): Wish {
    const wish = this.#pool[which % this.#pool.length];
    if (wish === undefined) throw new Error("a story without a wish");
    return wish;
  }

  /** The person's decision on one of the open questions. */
  decide(process: number, which: number, behaviour: "yes" | "another name" | "no" | "dismissed"): void {
    const open = this.shown.filter((shown) => shown.process === process && shown.request?.open);
    const { request, plan } = open[which % Math.max(1, open.length)] ?? {};
    if (request === undefined || plan === undefined) return;
    if (behaviour === "dismissed") request.dismiss("person");
    else {
      const counted = request.decide(behaviour !== "no", "person", behaviour === "yes" ? plan.typed : "another name");
      if (counted && (behaviour === "yes" || (behaviour === "another name" && plan.typed === undefined)))
        this.#approved.add(plan.id);
    }
  }

  /** Nobody answers any more. */
  endQuestions(): void {
    for (const { request } of this.shown) request?.dismiss("person");
  }

  /** What is wrong when nothing moves any more. */
  atRest(): readonly string[] {
    const stuck = this.calls.filter(({ ended }) => ended === undefined);
    return [...this.violations, ...stuck.map(({ wish }) => `a call never ended: ${wish.exact}`)];
  }

  #later<Value>(what: string, value: () => Value): Promise<Value> {
    return this.#scheduler.schedule(Promise.resolve(), what).then(value);
  }

  #gate(channels: readonly Channel[], offered: boolean): Gate {
    return new Gate({
      policy: { readOnly: false, allowPurchases: true, allow: [], deny: [] },
      channels,
      token: { offered, forDestructive: true },
      store: new ApprovalStore({ now: () => new Date(this.wall), elapsed: () => this.monotonic }),
      audit: {
        append: (entry) =>
          this.#later(`audit ${entry.event}`, () => {
            if (this.diskIsFull) throw new Error("disk full");
            this.audit.push(entry);
          }),
      },
      readCurrentState: (_planned, fresh, signal) =>
        this.#later(fresh ? "read again" : "read", () => {
          if (signal.aborted)
            throw new ToolError({ kind: "cancelled", happened: "taken back", changed: "no", next: "" });
          const call = this.calls.find(({ controller }) => controller.signal === signal);
          if (call !== undefined) call.found = this.state;
          return {
            rows: [{ object: safe`It`, aspect: "status", now: safe`state ${this.state}`, then: safe`other` }],
            facts: [],
          };
        }),
      wait: 60_000,
      timer: (_ms, end) => {
        void this.#later("the call has waited long enough", end);
        return () => {};
      },
      log: () => {},
    });
  }

  /** Comes back with the answer, as a client's form does. */
  #form(process: number): Channel {
    return {
      present: async (request, { signal }) => {
        this.#put(process, request);
        const withdrawn = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
        await Promise.race([request.decided, withdrawn]);
        await this.#later("the form closes", () => request.dismiss("form"));
        return true;
      },
      close: async () => {},
    };
  }

  /** Comes back at once; the person decides later, or never. */
  #page(process: number): Channel {
    return {
      present: (request) => {
        this.#put(process, request);
        return this.#later("the page is offered", () => true);
      },
      close: async () => {},
    };
  }

  #put(process: number, request: ApprovalRequest): void {
    const { plan } = request;
    const at = { wall: this.wall, monotonic: this.monotonic };
    const exact = exactOf(plan.operation, plan.account.replace("access key ", ""), plan.details);
    const open = this.shown.filter((shown) => shown.process === process && shown.request?.open);
    const thing = this.#thingOf(exact);
    if (open.some((shown) => this.#thingOf(shown.exact) === thing)) this.violations.push(`two questions for ${exact}`);
    if (open.length >= questionLimits.open) this.violations.push("too many questions are open");
    this.#asked.push({ process, at: this.monotonic });
    const lately = this.#asked.filter((asked) => asked.process === process && this.monotonic - asked.at < 60_000);
    if (lately.length > questionLimits.perMinute) this.violations.push("too many questions in a minute");
    this.shown.push({ process, exact, plan, at, lead: this.#lead, state: stateIn(plan), request });
  }

  #offered(call: Call, offer: OfferedApproval, lead: number): void {
    const plan = this.#planOf(offer);
    const at = { wall: this.wall, monotonic: this.monotonic };
    const exact = exactOf(plan.operation, plan.account.replace("access key ", ""), plan.details);
    this.tokens.push({ offer, plan, wish: call.wish });
    // The gate looked at the clocks when the call began.
    const least = Math.min(lead, this.#lead);
    this.shown.push({ process: call.process, exact, plan, at, lead: least, state: stateIn(plan) });
  }

  #planOf({ plan }: OfferedApproval): Plan {
    // It is the plan itself, which leaves as JSON only further out.
    return JSON.parse(JSON.stringify(plan));
  }

  #thingOf(exact: string): string {
    return this.calls.find(({ wish }) => wish.exact === exact)?.wish.thing ?? exact;
  }

  async #made(call: Call, approval: string | undefined): Promise<void> {
    const { wish, controller } = call;
    const { tool, params, account } = wish;
    const { signal } = controller;
    const caller = { signal, sending: signal, progress: () => {} };
    const gated = { params, account, approval, redactor: new Redactor([]), caller };
    const gate = this.#gates[call.process];
    if (gate === undefined) throw new Error("no such process");
    if ("plannedChanges" in tool) {
      await gate.approveAndRun({ ...gated, operation: tool }, () => this.#send(call, ""));
      return;
    }
    const ground = {
      gate,
      cloud: {
        signersFor: () => ({ tencent: account }),
        signerChange: () => undefined,
        exclusionOf: () => undefined,
        sendApproved: (_operation: unknown, { CertificateId }: Readonly<Record<string, unknown>>) =>
          this.#send(call, `Rename ${CertificateId}`),
      },
      operations: wish.steps.map(({ operation }) => operation),
      now: () => new Date(this.wall),
      read: async () => ({}),
      addSecrets: () => {},
      report: (error: unknown) => {
        throw error;
      },
      tlsCheck: { roots: [] },
      storeReplySecrets: (_operation: unknown, result: Readonly<Record<string, unknown>>) => ({ result, notes: [] }),
    };
    const asked = { question: verbatim("Rename?"), steps: wish.steps, warnings: [] };
    const approved = await approveSteps(tool, asked, gated, ground);
    try {
      await this.#underClaim(wish, approved);
    } catch (error) {
      throw approved.errorAfterSteps(error);
    } finally {
      approved.permit?.end();
    }
  }

  /** As a job does: one process at a time works on it. */
  async #underClaim({ thing, steps }: Wish, approved: ApprovedSteps): Promise<void> {
    await this.#later("claim", () => {
      if (this.#claims.has(thing)) throw new ToolError({ kind: "refused", happened: "busy", changed: "no", next: "" });
      this.#claims.add(thing);
    });
    try {
      for (const step of steps) await approved.send(step);
    } finally {
      this.#claims.delete(thing);
    }
  }

  async #send(call: Call, step: string) {
    this.#check(call, step);
    await this.#later("the cloud answers", () => {});
    if (call.answer === "accepted") return { ok: true as const, requestId: "r-1", result: { CertificateIds: ["c-1"] } };
    const changed = call.answer === "refused" ? "no" : "unknown";
    throw new ToolError({ kind: "cloud", happened: call.answer, changed, next: "", sent: true });
  }

  /** Holds a request that leaves against what a person saw, said, and when. */
  #check(call: Call, step: string): void {
    const { wish, process, controller } = call;
    const approved = this.shown.filter(
      (shown) => shown.process === process && shown.exact === wish.exact && this.#approved.has(shown.plan.id),
    );
    const unused = approved.filter(({ plan }) =>
      this.#sentFor(plan).every((other) => other.call === call && other.step !== step),
    );
    // Which of several approvals it was is not known out here: it was right if one of them was good.
    const judged = unused.map((shown) => ({ shown, faults: this.#faultsIn(call, step, shown) }));
    const best = judged.sort((one, other) => one.faults.length - other.faults.length)[0];
    const faults = best?.faults ?? [approved.length === 0 ? "nobody approved it" : "a second time for one approval"];
    if (controller.signal.aborted) faults.push("the call had been taken back");
    this.violations.push(...faults.map((why) => `sent ${wish.exact} ${step}: ${why}`));
    if (best !== undefined) this.sends.push({ planId: best.shown.plan.id, step, call, at: this.monotonic });
  }

  #sentFor({ id }: Plan) {
    return this.sends.filter(({ planId }) => planId === id);
  }

  #faultsIn(call: Call, step: string, { plan, at, lead, state }: Shown): string[] {
    const faults: string[] = [];
    if (this.#sentFor(plan).length === 0) {
      // The clock may have fallen back a little between the gate's first look at it and the question.
      const aged = Math.max(this.wall - at.wall - TOLERANCE, this.monotonic - at.monotonic);
      if (aged >= approvalLifetime) faults.push("the approval had expired");
      if (this.#lead < lead - TOLERANCE) faults.push("the clock had been set back");
      if (call.found !== state) faults.push("what was shown had changed");
      if (call.wish.isPurchase && this.#boughtWithoutAWord(call, plan)) faults.push("bought twice without a word");
    }
    const about = this.audit.filter((entry) => "planId" in entry && entry.planId === plan.id);
    if (!about.some(({ event }) => event === "plan")) faults.push("the plan is not in the record");
    if (!about.some((entry) => entry.event === "decision" && entry.verdict === "approved")) {
      faults.push("the decision is not in the record");
    }
    const sending = about.filter((entry) => entry.event === "sending" && (entry.step ?? "").startsWith(step));
    if (sending.length === 0) faults.push("the sending is not in the record");
    return faults;
  }

  /** Whoever buys the same once more has read that it was bought. */
  #boughtWithoutAWord({ wish, process }: Call, { warnings }: Plan): boolean {
    const before = this.sends.some(
      ({ call, at }) =>
        call.process === process &&
        call.wish.thing === wish.thing &&
        call.answer !== "refused" &&
        this.monotonic - at < SAME_PURCHASE,
    );
    return before && !warnings[0]?.startsWith("The same purchase was");
  }
}

function stateIn({ rows }: Plan): number {
  return Number(rows[0]?.now.replace("state ", ""));
}
