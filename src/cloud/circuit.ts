/** After this many faults in a row, none answered by the cloud itself, calls are not sent for a while. */
const FAULTS_TO_OPEN = 5;

/** The first break, and the longest one after failed probes, in milliseconds. */
const SHORTEST_BREAK = 5_000;
const LONGEST_BREAK = 60_000;

/** Permit for one call; the caller calls exactly one of these at the end. */
export interface CircuitPermit {
  /** The cloud answered, even if it refused. */
  answered(): void;
  /** The cloud did not answer. */
  fault(reason: string): void;
  /** Nothing was learned: the call was cancelled or never sent. */
  nothing(): void;
}

/** Why no call is let through now. */
export interface OpenCircuit {
  /** When the next call may try, in milliseconds from now. */
  readonly reopensIn: number;
  readonly faults: number;
  /** The last fault. */
  readonly reason: string;
}

/**
 * After repeated faults, refuses calls at once until a probe is answered. This spares the service, and the assistant
 * the wait. One per service, so they do not block each other.
 */
export class Circuit {
  readonly #elapsed: () => number;
  #faults = 0;
  #reason = "";
  #closedAt = Number.NEGATIVE_INFINITY;
  #break = SHORTEST_BREAK;
  #probing = false;
  readonly #straight = this.#circuitPermit(false);

  /** @param elapsed milliseconds from a monotonic clock */
  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  enter(): CircuitPermit | OpenCircuit {
    if (this.#faults < FAULTS_TO_OPEN) return this.#straight;
    const reopensIn = Math.max(0, this.#closedAt - this.#elapsed());
    if (reopensIn > 0 || this.#probing) return { reopensIn, faults: this.#faults, reason: this.#reason };
    this.#probing = true;
    return this.#circuitPermit(true);
  }

  #circuitPermit(probe: boolean): CircuitPermit {
    const over = () => {
      if (probe) this.#probing = false;
    };
    return {
      answered: () => {
        over();
        this.#faults = 0;
        this.#break = SHORTEST_BREAK;
      },
      fault: (reason) => {
        over();
        this.#faults += 1;
        this.#reason = reason;
        if (this.#faults !== FAULTS_TO_OPEN && !probe) return;
        this.#closedAt = this.#elapsed() + this.#break;
        this.#break = Math.min(LONGEST_BREAK, this.#break * 2);
      },
      nothing: over,
    };
  }
}
