/** The two clocks of a machine, in milliseconds. */
export interface Clocks {
  /** What people read, since the epoch; it can be set, by them and by the network. */
  readonly wall: () => number;
  /** Only goes forward, from an arbitrary beginning; it may stand still while the machine sleeps. */
  readonly monotonic: () => number;
}

/** How far the wall clock may fall back before it counts as set back: clocks are corrected all the time, in milliseconds. */
const TOLERANCE = 2_000;

/** When something ends. */
export interface ApprovalDeadline {
  /** By the wall clock, for people to read. */
  readonly at: number;
  /**
   * Whether it is over: by either clock, or because the wall clock was set back since. What was seen to be over stays
   * so, even if the wall clock falls back by less than counts as set back.
   */
  readonly passed: boolean;
  /** Whether the wall clock was set back since. */
  readonly clockSetBack: boolean;
}

/** Measures time by both clocks, since neither alone can be trusted: one can be set, the other sleeps with the machine. */
export class Timekeeper {
  readonly #clocks: Clocks;
  /** By how much the wall clock was ever ahead of the monotonic one. */
  #lead = Number.NEGATIVE_INFINITY;
  #setBacks = 0;

  constructor(clocks: Clocks) {
    this.#clocks = clocks;
  }

  /** Milliseconds from an arbitrary beginning. */
  get elapsed(): number {
    return this.#clocks.monotonic();
  }

  /** A moment that is `ms` from now, by whichever clock is faster. */
  deadline(ms: number): ApprovalDeadline {
    const begun = { ...this.#look(), setBacks: this.#setBacks };
    const clockSetBack = () => {
      this.#look();
      return this.#setBacks !== begun.setBacks;
    };
    let over = false;
    const passed = () => {
      const { wall, monotonic } = this.#look();
      over ||= clockSetBack() || wall - begun.wall >= ms || monotonic - begun.monotonic >= ms;
      return over;
    };
    return {
      at: begun.wall + ms,
      get passed() {
        return passed();
      },
      get clockSetBack() {
        return clockSetBack();
      },
    };
  }

  #look(): { wall: number; monotonic: number } {
    const { wall, monotonic } = { wall: this.#clocks.wall(), monotonic: this.#clocks.monotonic() };
    const lead = wall - monotonic;
    if (lead < this.#lead - TOLERANCE) {
      this.#setBacks += 1;
      this.#lead = lead;
    }
    this.#lead = Math.max(this.#lead, lead);
    return { wall, monotonic };
  }
}
