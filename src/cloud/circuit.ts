/** Faults in a row, each without an answer of the cloud's own, after which calls are not sent for a while. */
const FAULTS_TO_OPEN = 5;

/** How long the first time, and at most after probes that failed, in milliseconds. */
const SHORTEST_BREAK = 5_000;
const LONGEST_BREAK = 60_000;

/** A call on its way through the circuit; exactly one of these is called once it is over. */
export interface CircuitPermit {
  /** The cloud answered, be it with a refusal. */
  answered(): void;
  /** It did not. */
  fault(reason: string): void;
  /** Nothing was learned: the caller took the call back, or it never came to sending. */
  nothing(): void;
}

/** Why no call passes at present. */
export interface OpenCircuit {
  /** When the next one may try, in milliseconds from now. */
  readonly reopensIn: number;
  readonly faults: number;
  /** The last fault. */
  readonly reason: string;
}

/**
 * Spares a service that does not answer, and the assistant the wait: after repeated faults calls are refused at once,
 * until one that is let through as a probe is answered. One for each service, so that none stops another.
 */
export class Circuit {
  readonly #elapsed: () => number;
  #faults = 0;
  #reason = "";
  #closedAt = Number.NEGATIVE_INFINITY;
  #break = SHORTEST_BREAK;
  #probing = false;
  readonly #straight = this.#circuitPermit(false);

  /** @param elapsed milliseconds since some moment; unlike the hour it never jumps */
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
