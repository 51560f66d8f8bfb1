import type { Decision } from "../audit/entry.js";
import { dayMs } from "../lib/days.js";
import { keepNewest } from "../lib/keep-newest.js";

/**
 * How often a person may be asked, to prevent approval fatigue. Far more than honest work needs: renewing twelve
 * domains with a few changes each does not reach the limits.
 */
export const questionLimits = {
  /** Questions that wait for a decision at the same time. */
  open: 12,
  /** Questions within any minute. */
  perMinute: 30,
  /** Questions within any day. */
  perDay: 300,
  /** The pause before a declined change may be asked again, in milliseconds; doubles each time. */
  declinedPause: { first: 30_000, longest: 3_600_000 },
  /** Noes in a row, about anything, after which nothing is asked for a while. */
  declinesInARow: 5,
  /** The length of that pause in milliseconds; doubles each time until an approval. */
  declinesPause: { first: 30_000, longest: 900_000 },
  /** How many declined changes are remembered. */
  remembered: 1_000,
} as const;

const MINUTE = 60_000;

/** Why a question is not asked now, and in how many milliseconds it may be. */
export interface LimitReached {
  readonly limit: "open" | "minute" | "day" | "declined" | "noes";
  readonly wait: number;
}

/** A question that was put to a person, as far as it counts. */
export interface CountedQuestion {
  /** Whether it can still be decided. */
  isOpen(): boolean;
  /** Milliseconds until it ends at the latest. */
  timeLeft(): number;
}

/** Counts the questions put to a person and their outcomes, whichever account they are about. */
export class QuestionLimits {
  readonly #elapsed: () => number;
  /** Some may have ended since. */
  readonly #questions = new Set<CountedQuestion>();
  /** When questions were asked, oldest first. */
  #asked: number[] = [];
  /** By `thing`. */
  readonly #declined = new Map<string, { readonly times: number; readonly until: number }>();
  #declinesInARow = 0;
  #pauses = 0;
  #pausedUntil = Number.NEGATIVE_INFINITY;

  /** @param elapsed milliseconds on a monotonic clock */
  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  /** Counts a question about `thing` as asked unless a limit is reached. */
  admit(thing: string): LimitReached | undefined {
    const now = this.#elapsed();
    this.#asked = this.#asked.filter((at) => now - at < dayMs);
    const reached = this.#reached(thing, now);
    if (reached === undefined) this.#asked.push(now);
    return reached;
  }

  /** Counts an admitted question as open until it says otherwise. */
  count(question: CountedQuestion): void {
    this.#questions.add(question);
  }

  /** Takes back a question that reached nobody. */
  withdraw(): void {
    this.#asked.pop();
  }

  /** Records a person's decision about `thing`. */
  decided(thing: string, verdict: Decision): void {
    if (verdict === "approved") {
      this.#declined.delete(thing);
      this.#declinesInARow = 0;
      this.#pauses = 0;
      this.#pausedUntil = Number.NEGATIVE_INFINITY;
      return;
    }
    if (verdict === "declined") this.#pauseDeclined(thing);
    this.#declinesInARow += 1;
    const now = this.#elapsed();
    // If several questions were open at once, further noes during a pause do not lengthen it.
    if (this.#declinesInARow < questionLimits.declinesInARow || now < this.#pausedUntil) return;
    this.#pausedUntil = now + backoff(questionLimits.declinesPause, this.#pauses);
    this.#pauses += 1;
  }

  #reached(thing: string, now: number): LimitReached | undefined {
    const declinedFor = (this.#declined.get(thing)?.until ?? now) - now;
    if (declinedFor > 0) return { limit: "declined", wait: declinedFor };
    if (this.#pausedUntil > now) return { limit: "noes", wait: this.#pausedUntil - now };
    for (const question of this.#questions) if (!question.isOpen()) this.#questions.delete(question);
    if (this.#questions.size >= questionLimits.open)
      return { limit: "open", wait: Math.min(...[...this.#questions].map((question) => question.timeLeft())) };
    return (
      this.#rateReached(MINUTE, questionLimits.perMinute, "minute", now) ??
      this.#rateReached(dayMs, questionLimits.perDay, "day", now)
    );
  }

  #rateReached(span: number, most: number, limit: "minute" | "day", now: number): LimitReached | undefined {
    const oldest = this.#asked.at(-most);
    return oldest !== undefined && now - oldest < span ? { limit, wait: oldest + span - now } : undefined;
  }

  #pauseDeclined(thing: string): void {
    const times = (this.#declined.get(thing)?.times ?? 0) + 1;
    const until = this.#elapsed() + backoff(questionLimits.declinedPause, times - 1);
    keepNewest(this.#declined, thing, { times, until }, questionLimits.remembered);
  }
}

function backoff({ first, longest }: { readonly first: number; readonly longest: number }, times: number): number {
  return Math.min(longest, first * 2 ** times);
}
