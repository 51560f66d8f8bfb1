import { waitingReply } from "../approval/approval-status.js";
import type { Caller, CallStage, PendingReply } from "../approval/channel.js";
import { settledWithin, type Timer } from "../approval/waiting.js";
import { isObject } from "../lib/json.js";
import { sha256Hex } from "../lib/sha256.js";
import { ToolError } from "../lib/tool-error.js";
import type { JsonObject } from "../pipeline/tool.js";
import type { Reply } from "../reply/format-reply.js";

/** Limits on calls that outlived their requests. */
const kept = {
  calls: 64,
  /** How long the outcome is kept, in milliseconds. */
  outcome: 10 * 60_000,
} as const;

/** Extra time for a call at its limit: a change in flight usually gets its answer soon. */
const GRACE = { most: 5_000, share: 0.1 };

export interface OngoingCallsOptions {
  /** Milliseconds on a monotonic clock. */
  readonly elapsed: () => number;
  readonly timer: Timer;
  /**
   * Whether a request for a call that another request still waits for takes it over. Over HTTP a client that gave up
   * is seldom seen to go; over stdio it cancels.
   */
  readonly takesOver?: boolean;
}

/** A request that makes a call. */
export interface Request {
  /** Aborts when the client cancels it. */
  readonly signal: AbortSignal;
  /** Aborts when the client can no longer be answered, although it cancelled nothing; the call goes on without it. */
  readonly hungUp?: AbortSignal | undefined;
  /** Whether whoever made it is still who may; always if absent. */
  readonly stillAdmitted?: (() => Promise<boolean>) | undefined;
  /** Time limit for the answer, in milliseconds. */
  readonly time: number;
  readonly client: Pick<Caller, "progress" | "offerLink">;
}

/** Does the work of a call. `signal` aborts when it is no longer wanted. */
export type Work = (reply: Omit<Caller, "signal" | "sending">, signal: AbortSignal) => Promise<Reply>;

/**
 * Calls that change something and may outlive their requests: clients often give up on a request while a person is
 * still reading. What was planned, asked or sent by then is not lost; the same call continues it.
 */
export class OngoingCalls {
  readonly #options: OngoingCallsOptions;
  /** Calls whose request was answered or cancelled, by name and arguments. */
  readonly #unheard = new Map<string, OngoingCall>();
  /** Calls that a request waits for, if another may take them over. */
  readonly #heard = new Map<string, OngoingCall>();

  constructor(options: OngoingCallsOptions) {
    this.#options = options;
  }

  /**
   * Makes the call, or continues the same one if it outlived its request.
   * @throws {ToolError} also if the call continues but must be answered now
   */
  async answer(name: string, args: JsonObject, request: Request, work: Work): Promise<Reply> {
    const key = keyOf(name, args);
    const call = this.#takeUnheard(key) ?? this.#heard.get(key) ?? new OngoingCall(name, this.#options, work);
    if (this.#options.takesOver) this.#heard.set(key, call);
    const { reply, goesOn } = await call.answer(request);
    if (goesOn !== "elsewhere") this.#heard.delete(key);
    if (goesOn === true) this.#keep(key, call);
    return reply();
  }

  /** Whether any call that outlived its request has not ended. */
  get busy(): boolean {
    return [...this.#unheard.values()].some(({ ended }) => !ended);
  }

  #takeUnheard(key: string): OngoingCall | undefined {
    const call = this.#unheard.get(key);
    this.#unheard.delete(key);
    return call?.worthHearing ? call : undefined;
  }

  #keep(key: string, call: OngoingCall): void {
    for (const [other, { worthHearing }] of this.#unheard) if (!worthHearing) this.#unheard.delete(other);
    this.#unheard.delete(key);
    this.#unheard.set(key, call);
    for (const [oldest, { ended }] of this.#unheard) {
      if (this.#unheard.size <= kept.calls) return;
      if (ended) this.#unheard.delete(oldest);
    }
  }
}

/** The outcome of a call: returns the reply or throws the failure. */
type Outcome = () => Reply;

class OngoingCall {
  readonly #name: string;
  readonly #options: OngoingCallsOptions;
  readonly #gone = new AbortController();
  readonly #done: Promise<void>;
  readonly #remarks: string[] = [];
  #stage: CallStage = { name: "planning" };
  #request: Request | undefined;
  /** Ends the wait of the request. */
  #letGo = () => {};
  #answerBy = 0;
  #listeners: (() => void)[] = [];
  #outcome: { readonly tell: Outcome; readonly at: number; readonly matters: boolean } | undefined;

  constructor(name: string, options: OngoingCallsOptions, work: Work) {
    this.#name = name;
    this.#options = options;
    // Started once there is a request to answer.
    this.#done = Promise.resolve().then(() => this.#carryOut(work));
  }

  get ended(): boolean {
    return this.#outcome !== undefined;
  }

  /** Whether the outcome matters to the same call: a repeat would not find it out. */
  get worthHearing(): boolean {
    if (this.#outcome === undefined) return true;
    return this.#outcome.matters && this.#options.elapsed() - this.#outcome.at < kept.outcome;
  }

  /**
   * Answers a request with the outcome, or with the call's state when the time is over.
   * @returns goesOn: whether another request may still hear of it; "elsewhere" if one does
   */
  async answer(request: Request): Promise<{ reply: Outcome; goesOn: boolean | "elsewhere" }> {
    this.#letGo();
    if (this.ended || this.#stage.name === "sending") this.#remarks.push(heardLate);
    this.#request = request;
    this.#answerBy = this.#options.elapsed() + request.time;
    for (const listener of this.#listeners.splice(0)) listener();
    const over = this.#over(request);
    await this.#settledWithin(over, request.time, request);
    const grace = Math.min(GRACE.most, request.time * GRACE.share);
    const nearlyDone = this.#stage.name === "approved" || this.#stage.name === "sending";
    if (!this.ended && !request.signal.aborted && nearlyDone) await this.#settledWithin(over, grace, request);
    if (this.#request !== request) return { reply: takenUp, goesOn: "elsewhere" };
    this.#request = undefined;
    if (request.signal.aborted) return { reply: taken, goesOn: this.#takeBack() };
    if (this.#outcome !== undefined) return { reply: this.#told(this.#outcome.tell), goesOn: false };
    const standing = new ToolError(waitingReply(this.#name, this.#stage, this.#remarks));
    return { reply: () => fail(standing), goesOn: true };
  }

  /** A call that no person has seen ends with its request; nothing further is sent for it. */
  #takeBack(): boolean {
    const { name } = this.#stage;
    if (name === "planning" || name === "sending") this.#gone.abort();
    return name !== "planning";
  }

  async #carryOut(work: Work): Promise<void> {
    const { offerLink } = this.#request?.client ?? {};
    const caller = {
      progress: (message: string) => this.#request?.client.progress(message),
      ...(offerLink && { offerLink }),
      reply: this.#reply(),
      // Of the request of that moment: another may have taken the call over.
      stillAdmitted: async () => (await this.#request?.stillAdmitted?.()) ?? true,
    };
    try {
      const reply = await work(caller, this.#gone.signal);
      this.#end(() => reply, true);
    } catch (error) {
      this.#end(() => fail(error), matters(error));
    }
  }

  #reply(): PendingReply {
    const call = this;
    return {
      get awaited() {
        return call.#request !== undefined;
      },
      whenAwaited: () => new Promise((resolve) => call.#listeners.push(resolve)),
      get timeLeft() {
        return Math.max(0, call.#answerBy - call.#options.elapsed());
      },
      reached: (stage) => {
        call.#stage = stage;
      },
      add: (sentence) => {
        call.#remarks.push(sentence);
      },
    };
  }

  #end(tell: Outcome, matters: boolean): void {
    this.#outcome = { tell, matters, at: this.#options.elapsed() };
  }

  #told(tell: Outcome): Outcome {
    return () => {
      try {
        const reply = tell();
        return { ...reply, notes: [...reply.notes, ...this.#remarks] };
      } catch (error) {
        if (!(error instanceof ToolError) || this.#remarks.length === 0) throw error;
        throw new ToolError({ ...error.details, happened: [...this.#remarks, error.details.happened].join(" ") });
      }
    };
  }

  /** Settles when the call has ended, or need not be waited for. */
  #over({ hungUp }: Request): Promise<void> {
    return new Promise((resolve) => {
      this.#letGo = resolve;
      hungUp?.addEventListener("abort", () => resolve(), { once: true });
      if (hungUp?.aborted) resolve();
      void this.#done.then(resolve);
    });
  }

  #settledWithin(over: Promise<void>, ms: number, request: Request): Promise<void> {
    return settledWithin(over, request, { ms, timer: this.#options.timer });
  }
}

const heardLate =
  "This is the result of the same call before, which was still running when it was answered or given up; nothing was sent twice.";

/** If nothing was sent, the same call finds out the state itself. */
function matters(error: unknown): boolean {
  return (
    !(error instanceof ToolError) || (error.details.changed !== "no" && error.details.changed !== "by the other call")
  );
}

function fail(error: unknown): never {
  throw error;
}

/** For a client that gave up on the request, or one that makes the same call twice at once. */
function takenUp(): never {
  throw new ToolError({
    kind: "cancelled",
    happened: "The same call was made again, and goes on there.",
    changed: "by the other call",
    next: "Wait for the reply to the other call; do not repeat it.",
  });
}

/** Nobody reads this error. */
function taken(): never {
  throw new ToolError({
    kind: "cancelled",
    happened: "The call was cancelled.",
    changed: "unknown",
    next: "Make the same call again if it is still wanted.",
  });
}

/** Independent of member order. Arguments may hold secrets, so only a digest is kept. */
function keyOf(name: string, args: JsonObject): string {
  const sorted = (_: string, value: unknown): unknown =>
    isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
  return sha256Hex(JSON.stringify([name, args], sorted));
}
