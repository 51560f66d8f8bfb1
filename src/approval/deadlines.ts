import type { TimeSource } from "../lib/time-source.js";

/** How long an approval is valid and how long a question can be answered, in milliseconds, unless a team says otherwise. */
export const approvalLifetime = 5 * 60_000;

/** The longest pause between the beginnings of two requests under one approval, in milliseconds. */
export const maxPause = approvalLifetime;

/** How long people are told that the same purchase or creation was made, in milliseconds. */
export const repeatWarningPeriod = 60 * 60_000;

/**
 * The machine's two clocks: people and the network can set the one on the wall; the monotonic one only moves forward,
 * and may stop while the machine sleeps.
 */
export type Clocks = Pick<TimeSource, "now" | "elapsed">;

/** How far the wall clock may fall back without counting as set back, in milliseconds: clocks are often corrected. */
const TOLERANCE = 2_000;

export interface ApprovalDeadline {
  /** Wall-clock time, for people. */
  readonly at: number;
  /**
   * Whether it has passed by either clock, or the wall clock was set back since. Once passed, it stays passed, even if
   * the wall clock falls back by less than the tolerance.
   */
  readonly passed: boolean;
  /** What is left until then by whichever clock is faster, in milliseconds. */
  readonly left: number;
  /** Whether the wall clock was set back since. */
  readonly clockSetBack: boolean;
}

/** Measures time by both clocks, since neither is reliable alone: one can be set, the other sleeps with the machine. */
export class Timekeeper {
  readonly #clocks: Clocks;
  /** The furthest the wall clock was ever ahead of the monotonic one. */
  #lead = Number.NEGATIVE_INFINITY;
  #setBacks = 0;

  constructor(clocks: Clocks) {
    this.#clocks = clocks;
  }

  /** Milliseconds from an arbitrary start. */
  get elapsed(): number {
    return this.#clocks.elapsed();
  }

  /** A deadline `ms` from now, by whichever clock is faster. */
  deadline(ms: number): ApprovalDeadline {
    const begun = { ...this.#look(), setBacks: this.#setBacks };
    const clockSetBack = () => {
      this.#look();
      return this.#setBacks !== begun.setBacks;
    };
    const left = () => {
      const { wall, monotonic } = this.#look();
      return ms - Math.max(wall - begun.wall, monotonic - begun.monotonic);
    };
    let over = false;
    const passed = () => {
      const isDue = left() <= 0;
      over ||= clockSetBack() || isDue;
      return over;
    };
    return {
      at: begun.wall + ms,
      get passed() {
        return passed();
      },
      get left() {
        return passed() ? 0 : left();
      },
      get clockSetBack() {
        return clockSetBack();
      },
    };
  }

  #look(): { wall: number; monotonic: number } {
    const [wall, monotonic] = [this.#clocks.now().getTime(), this.#clocks.elapsed()];
    const lead = wall - monotonic;
    if (lead < this.#lead - TOLERANCE) {
      this.#setBacks += 1;
      this.#lead = lead;
    }
    this.#lead = Math.max(this.#lead, lead);
    return { wall, monotonic };
  }
}
