/** After this many faults in a row, none answered by the cloud itself, calls are not sent for a while. */
const FAULTS_TO_OPEN = 5;

/** How long the circuit stays open at first, and at most after failed probes, in milliseconds. */
const MIN_OPEN_MS = 5_000;
const MAX_OPEN_MS = 60_000;

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

export type Circuit = ReturnType<typeof circuitBreaker>;

/**
 * A circuit breaker. After repeated faults it opens and refuses calls at once, which spares the service the load and the
 * caller the wait. When it is half-open, one call may probe; an answer closes it. Each service has its own.
 * @param elapsed milliseconds from a monotonic clock
 */
export function circuitBreaker(elapsed: () => number) {
  let faults = 0;
  let reason = "";
  let halfOpenAt = Number.NEGATIVE_INFINITY;
  let openFor = MIN_OPEN_MS;
  let probing = false;
  const permit = (probe: boolean): CircuitPermit => {
    const endProbe = () => {
      if (probe) probing = false;
    };
    return {
      answered: () => {
        endProbe();
        faults = 0;
        openFor = MIN_OPEN_MS;
      },
      fault: (why) => {
        endProbe();
        faults += 1;
        reason = why;
        if (faults !== FAULTS_TO_OPEN && !probe) return;
        halfOpenAt = elapsed() + openFor;
        openFor = Math.min(MAX_OPEN_MS, openFor * 2);
      },
      release: endProbe,
    };
  };
  const closedPermit = permit(false);

  /** Allows a call, or says why not. */
  const tryEnter = (): CircuitPermit | OpenCircuit => {
    if (faults < FAULTS_TO_OPEN) return closedPermit;
    const retryIn = Math.max(0, halfOpenAt - elapsed());
    if (retryIn > 0 || probing) return { retryIn, faults, reason };
    probing = true;
    return permit(true);
  };
  return { tryEnter };
}
