import { waitingReply } from "../approval/approval-status.js";
import type { Caller, CallStage, PendingReply } from "../approval/channel.js";
import type { ApprovalRequest } from "../approval/request.js";
import { settledWithin, type Timer } from "../approval/waiting.js";
import { isObject, type JsonObject } from "../lib/json.js";
import { byKey } from "../lib/lists.js";
import type { SafeText } from "../lib/safe-text.js";
import { sha256Hex } from "../lib/sha256.js";
import { ToolError } from "../lib/tool-error.js";
import type { Reply } from "../reply/format-reply.js";

/** Limits on calls that outlived their requests. */
const retention = {
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
export interface CallRequest {
  /** Aborts when the client cancels it. */
  readonly signal: AbortSignal;
  /** Aborts when the client can no longer be answered, although it cancelled nothing; the call goes on without it. */
  readonly disconnected?: AbortSignal | undefined;
  /** Whether the caller is still allowed to make it; if absent, always. */
  readonly isStillAdmitted?: (() => Promise<boolean>) | undefined;
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
  /** Calls that no request waits for any more, by name and arguments. */
  readonly #detached = new Map<string, OngoingCall>();
  /** Calls that a request waits for, if another may take them over. */
  readonly #attached = new Map<string, OngoingCall>();

  constructor(options: OngoingCallsOptions) {
    this.#options = options;
  }

  /**
   * Makes the call, or continues the same one if it outlived its request.
   * @throws {ToolError} also if the call continues but must be answered now
   */
  async answer(name: string, args: JsonObject, request: CallRequest, work: Work): Promise<Reply> {
    const key = keyOf(name, args);
    const call = this.#takeDetached(key) ?? this.#attached.get(key) ?? new OngoingCall(name, this.#options, work);
    if (this.#options.takesOver) this.#attached.set(key, call);
    const { reply, continuation } = await call.answer(request);
    if (continuation !== "taken over") this.#attached.delete(key);
    if (continuation === "continues") this.#detach(key, call);
    return reply();
  }

  /** Whether any call that outlived its request has not ended. */
  get busy(): boolean {
    return [...this.#detached.values()].some(({ ended }) => !ended);
  }

  #takeDetached(key: string): OngoingCall | undefined {
    const call = this.#detached.get(key);
    this.#detached.delete(key);
    return call?.worthKeeping ? call : undefined;
  }

  #detach(key: string, call: OngoingCall): void {
    for (const [other, { worthKeeping }] of this.#detached) if (!worthKeeping) this.#detached.delete(other);
    this.#detached.delete(key);
    this.#detached.set(key, call);
    for (const [oldest, { ended }] of this.#detached) {
      if (this.#detached.size <= retention.calls) return;
      if (ended) this.#detached.delete(oldest);
    }
  }
}

/** The outcome of a call: returns the reply or throws the failure. */
type Outcome = () => Reply;

/** Whether a later request can still get the outcome of a call; "taken over" if one already waits for it. */
type Continuation = "ended" | "continues" | "taken over";

class OngoingCall {
  readonly #name: string;
  readonly #options: OngoingCallsOptions;
  readonly #abandoned = new AbortController();
  readonly #done: Promise<void>;
  readonly #remarks: string[] = [];
  /** Whether the outcome goes to a request that was made after the sending had begun. */
  #resultPredatesRequest = false;
  #stage: CallStage = { name: "planning" };
  #request: CallRequest | undefined;
  /** Ends the wait of the request. */
  #stopWaiting = () => {};
  #askedAt = 0;
  #answerBy = 0;
  #listeners: (() => void)[] = [];
  #outcome: { readonly tell: Outcome; readonly at: number; readonly matters: boolean } | undefined;

  constructor(name: string, options: OngoingCallsOptions, work: Work) {
    this.#name = name;
    this.#options = options;
    // Started once there is a request to answer.
    this.#done = Promise.resolve().then(() => this.#run(work));
  }

  get ended(): boolean {
    return this.#outcome !== undefined;
  }

  /** Whether the same call, made again, still needs the outcome: it could not find it out by itself. */
  get worthKeeping(): boolean {
    if (this.#outcome === undefined) return true;
    return this.#outcome.matters && this.#options.elapsed() - this.#outcome.at < retention.outcome;
  }

  /**
   * Answers a request with the outcome, or with the call's state: when the time is over, and at once when it has
   * to tell of a question that the person sees nowhere.
   * @returns the reply, and what becomes of the call
   */
  async answer(request: CallRequest): Promise<{ reply: Outcome; continuation: Continuation }> {
    this.#stopWaiting();
    this.#resultPredatesRequest ||= this.ended || this.#stage.name === "sending";
    this.#request = request;
    this.#askedAt = this.#options.elapsed();
    this.#answerBy = this.#askedAt + request.time;
    for (const listener of this.#listeners.splice(0)) listener();
    const over = this.#endedOrHungUp(request);
    if (this.#mustReportQuestion) this.#stopWaiting();
    const settled = (ms: number) => settledWithin(over, request, { ms, timer: this.#options.timer });
    await settled(request.time);
    const grace = Math.min(GRACE.most, request.time * GRACE.share);
    const nearlyDone = this.#stage.name === "approved" || this.#stage.name === "sending";
    if (!this.ended && !request.signal.aborted && nearlyDone) await settled(grace);
    if (this.#request !== request) return { reply: continuedElsewhere, continuation: "taken over" };
    this.#request = undefined;
    if (request.signal.aborted) return { reply: cancelledByClient, continuation: this.#cancel() };
    if (this.#stage.name === "waiting") this.#markReported(this.#stage.request);
    if (this.#outcome !== undefined) return { reply: this.#withRemarks(this.#outcome.tell), continuation: "ended" };
    const stillWaiting = new ToolError(waitingReply(this.#name, this.#stage, this.#remarks));
    return { reply: () => fail(stillWaiting), continuation: "continues" };
  }

  /** Whether the person sees the question nowhere, and no reply had told of it when the request came. */
  get #mustReportQuestion(): boolean {
    if (this.#stage.name !== "waiting" || this.#stage.unseen !== true) return false;
    const { shown, reportedAt } = this.#stage.request;
    return !shown && (reportedAt === undefined || reportedAt > this.#askedAt);
  }

  /** A reply that names a form or a page that was shown does not count: the person may lose sight of it later. */
  #markReported(question: ApprovalRequest): void {
    if (!question.shown && question.places.size > 0) question.reportedAt ??= this.#options.elapsed();
  }

  /**
   * The client cancelled the request. A call that no person has been asked about ends with it; one that is being sent
   * sends nothing further.
   */
  #cancel(): Continuation {
    const { name } = this.#stage;
    if (name === "planning" || name === "sending") this.#abandoned.abort();
    return name === "planning" ? "ended" : "continues";
  }

  async #run(work: Work): Promise<void> {
    const { offerLink } = this.#request?.client ?? {};
    const caller = {
      progress: (message: SafeText) => this.#request?.client.progress(message),
      ...(offerLink && { offerLink }),
      reply: this.#reply(),
      // The current request decides: it may have taken the call over from another.
      isStillAdmitted: async () => (await this.#request?.isStillAdmitted?.()) ?? true,
    };
    try {
      const reply = await work(caller, this.#abandoned.signal);
      this.#end(() => reply, true);
    } catch (error) {
      this.#end(() => fail(error), mustBeKept(error));
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
      enterStage: (stage) => {
        call.#stage = stage;
        if (call.#mustReportQuestion) call.#stopWaiting();
      },
      add: (sentence) => {
        call.#remarks.push(sentence);
      },
    };
  }

  #end(tell: Outcome, matters: boolean): void {
    this.#outcome = { tell, matters, at: this.#options.elapsed() };
  }

  #withRemarks(tell: Outcome): Outcome {
    const remarks = this.#resultPredatesRequest ? [...this.#remarks, earlierCallNote] : this.#remarks;
    return () => {
      try {
        const reply = tell();
        return { ...reply, notes: [...reply.notes, ...remarks] };
      } catch (error) {
        if (!(error instanceof ToolError) || remarks.length === 0) throw error;
        throw new ToolError({ ...error.details, happened: [...remarks, error.details.happened].join(" ") });
      }
    };
  }

  /** Settles when the call has ended, or need not be waited for. */
  #endedOrHungUp({ disconnected }: CallRequest): Promise<void> {
    return new Promise((resolve) => {
      this.#stopWaiting = resolve;
      disconnected?.addEventListener("abort", () => resolve(), { once: true });
      if (disconnected?.aborted) resolve();
      void this.#done.then(resolve);
    });
  }
}

const earlierCallNote =
  "This is the result of the same call made earlier, which was still running when it was answered or cancelled; nothing was sent twice.";

/** Whether a failure has to be kept. If nothing was sent, the same call finds out the state by itself. */
function mustBeKept(error: unknown): boolean {
  return (
    !(error instanceof ToolError) || (error.details.changed !== "no" && error.details.changed !== "by the other call")
  );
}

function fail(error: unknown): never {
  throw error;
}

/** For a client that gave up on the request, or one that makes the same call twice at once. */
function continuedElsewhere(): never {
  throw new ToolError({
    kind: "cancelled",
    happened: "The same call was made again, and continues there.",
    changed: "by the other call",
    next: "Wait for the reply to the other call; do not repeat it.",
  });
}

/** Never shown: the protocol has no reply to a cancelled request. */
function cancelledByClient(): never {
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
    isObject(value) ? Object.fromEntries(Object.entries(value).sort(byKey)) : value;
  return sha256Hex(JSON.stringify([name, args], sorted));
}
