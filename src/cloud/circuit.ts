/** After this many faults in a row, none answered by the cloud itself, calls are not sent for a while. */
const FAULTS_TO_OPEN = 5;

/** How long the circuit stays open at first, and at most after failed probes, in milliseconds. */
const SHORTEST_OPEN = 5_000;
const LONGEST_OPEN = 60_000;

/** Permission to make one call. The holder reports its end by exactly one of these. */
export interface CircuitPermit {
  /** The cloud answered, even if it refused. */
  answered(): void;
  /** The cloud did not answer. */
  fault(reason: string): void;
  /** Nothing was learned: the call was cancelled or never sent. */
  release(): void;
}

/** Why no call is allowed now. */
export interface OpenCircuit {
  /** When the next call may try, in milliseconds from now. */
  readonly retryIn: number;
  readonly faults: number;
  /** The last fault. */
  readonly reason: string;
}

/**
 * A circuit breaker. After repeated faults it opens and refuses calls at once, which spares the service the load and the
 * caller the wait. When it is half-open, one call may probe; an answer closes it. Each service has its own.
 */
export class Circuit {
  readonly #elapsed: () => number;
  #faults = 0;
  #reason = "";
  #halfOpenAt = Number.NEGATIVE_INFINITY;
  #openFor = SHORTEST_OPEN;
  #probing = false;
  readonly #closedPermit = this.#circuitPermit(false);

  /** @param elapsed milliseconds from a monotonic clock */
  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  /** Allows a call, or says why not. */
  tryEnter(): CircuitPermit | OpenCircuit {
    if (this.#faults < FAULTS_TO_OPEN) return this.#closedPermit;
    const retryIn = Math.max(0, this.#halfOpenAt - this.#elapsed());
    if (retryIn > 0 || this.#probing) return { retryIn, faults: this.#faults, reason: this.#reason };
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
        this.#openFor = SHORTEST_OPEN;
      },
      fault: (reason) => {
        over();
        this.#faults += 1;
        this.#reason = reason;
        if (this.#faults !== FAULTS_TO_OPEN && !probe) return;
        this.#halfOpenAt = this.#elapsed() + this.#openFor;
        this.#openFor = Math.min(LONGEST_OPEN, this.#openFor * 2);
      },
      release: over,
    };
  }
}
