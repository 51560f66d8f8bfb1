import type { HttpReply, HttpRequest } from "../cloud/http.js";
import { messageOf } from "../lib/failure.js";
import type { TimeSource } from "../lib/time-source.js";
import type { NotifyMessage } from "./message.js";
import type { DeliveryFault, Receiver } from "./receiver.js";

/** The time that something may take. */
interface OutboxDeadline {
  /** Aborts when it ends. */
  readonly signal: AbortSignal;
  /** Releases its timer. */
  close(): void;
}

export interface OutboxOptions extends TimeSource {
  /** Sends one request and reads its answer; rejects if there is none, also when the signal aborts. */
  readonly exchange: (request: HttpRequest, signal: AbortSignal) => Promise<HttpReply>;
  /** Ends after so many milliseconds, or when `signal` aborts. */
  readonly deadline: (ms: number, signal: AbortSignal) => OutboxDeadline;
  readonly log: (line: string) => void;
}

export const outboxLimits = {
  /** Messages that wait for one receiver; further ones are dropped, which the log says. */
  waiting: 100,
  /** One attempt, in milliseconds: connection, request and answer. */
  attemptMs: 15_000,
  /** Before the second attempt and those after it, in milliseconds. */
  backoffMs: [1_000, 5_000, 20_000],
  /** The longest wait that a receiver can ask for, in milliseconds. */
  maxWaitMs: 60_000,
} as const;

/**
 * The messages for one receiver, sent in the background, one request at a time. Whatever the receiver does, a message
 * costs this server no more than some memory for a while.
 */
export class Outbox {
  readonly #receiver: Receiver;
  readonly #options: OutboxOptions;
  readonly #waiting: NotifyMessage[] = [];
  /** When requests were sent, the oldest first. */
  readonly #sentAt: number[] = [];
  readonly #ended = new AbortController();
  #sending: Promise<void> | undefined;
  #dropped = 0;
  /** The last message did not arrive: until one does, each gets a single attempt. */
  #isDown = false;

  constructor(receiver: Receiver, options: OutboxOptions) {
    this.#receiver = receiver;
    this.#options = options;
  }

  add(message: NotifyMessage): void {
    if (this.#ended.signal.aborted) {
      this.#log(`${message.type} came after the end and was not sent`);
      return;
    }
    if (this.#waiting.length >= outboxLimits.waiting) {
      this.#dropped += 1;
      if (this.#dropped === 1)
        this.#log(`more than ${outboxLimits.waiting} notifications wait; further ones are dropped`);
      return;
    }
    this.#waiting.push(message);
    this.#sending ??= this.#sendAll();
  }

  /** Waits until everything was sent or given up, at most until `limit` aborts; then nothing more is sent. */
  async close(limit: AbortSignal): Promise<void> {
    const end = () => this.#ended.abort();
    if (limit.aborted) end();
    limit.addEventListener("abort", end, { once: true });
    try {
      await this.#sending;
    } finally {
      limit.removeEventListener("abort", end);
      end();
    }
    const unsent = this.#waiting.length + this.#dropped;
    if (unsent > 0) this.#log(`${unsent} notifications were not sent: the process ends`);
  }

  async #sendAll(): Promise<void> {
    // What is added in the same moment goes together.
    await Promise.resolve();
    const { signal } = this.#ended;
    try {
      while (this.#waiting.length > 0 && !signal.aborted) {
        await this.#waitForRateLimit(signal);
        // Taken only now, so that messages that came meanwhile fit into the same request.
        const messages = this.#waiting.slice(0, this.#receiver.batchSize(this.#waiting));
        await this.#deliver(messages, signal);
        this.#waiting.splice(0, messages.length);
      }
    } catch (error) {
      if (!signal.aborted) {
        this.#log(`notifications stop after a defect: ${messageOf(error)}`);
        this.#ended.abort();
      }
    } finally {
      // In the same turn as the last check of what waits: a message that comes later starts anew.
      this.#sending = undefined;
    }
  }

  async #waitForRateLimit(signal: AbortSignal): Promise<void> {
    const { elapsed, pause } = this.#options;
    for (const { messages, perMs } of this.#receiver.windows) {
      const blocking = this.#sentAt.at(-messages);
      if (blocking === undefined) continue;
      const ms = blocking + perMs - elapsed();
      if (ms > 0) await pause(ms, signal);
    }
  }

  async #deliver(messages: readonly NotifyMessage[], signal: AbortSignal): Promise<void> {
    const backoff = this.#isDown ? [] : outboxLimits.backoffMs;
    for (let attempt = 0; ; attempt += 1) {
      const fault = await this.#attempt(messages, signal);
      if (fault === undefined) {
        this.#isDown = false;
        return;
      }
      const wait = backoff[attempt];
      if (!fault.isTransient || wait === undefined) {
        this.#isDown = true;
        this.#log(`not delivered after ${attempt + 1} attempts: ${namesOf(messages)}: ${fault.reason}`);
        return;
      }
      await this.#options.pause(Math.min(Math.max(wait, fault.waitMs ?? 0), outboxLimits.maxWaitMs), signal);
    }
  }

  async #attempt(messages: readonly NotifyMessage[], signal: AbortSignal): Promise<DeliveryFault | undefined> {
    const { exchange, now, elapsed, deadline } = this.#options;
    const request = this.#receiver.request(messages, now());
    this.#sentAt.push(elapsed());
    const most = Math.max(...this.#receiver.windows.map((window) => window.messages));
    this.#sentAt.splice(0, this.#sentAt.length - most);
    const limit = deadline(outboxLimits.attemptMs, signal);
    try {
      return this.#receiver.faultIn(await exchange(request, limit.signal));
    } catch (error) {
      signal.throwIfAborted();
      const reason = limit.signal.aborted ? `no answer in ${outboxLimits.attemptMs / 1_000} s` : messageOf(error);
      return { reason, isTransient: true };
    } finally {
      limit.close();
    }
  }

  #log(event: string): void {
    this.#options.log(`notify ${this.#receiver.name}: ${event}. Nothing else is affected.`);
  }
}

const namesOf = (messages: readonly NotifyMessage[]) => messages.map(({ type }) => type).join(", ");
