import type { PlannedChange } from "../catalogue/operation.js";
import { unlessAborted } from "../lib/time-source.js";
import { changesSince, type SinceShown, type StateSnapshot } from "./current-state/read-current-state.js";
import { expecting, type SentElsewhere } from "./current-state/reading.js";

/** Limit of one look at a target, in milliseconds: as long as a read of an inventory has. */
const LOOK_TIME = 15_000;

/** Pause before the second look, in milliseconds. */
const BEFORE_SECOND_LOOK = 1_500;

/** The longest that both looks at a target take, in milliseconds, with time to spare. */
export const longestLook = 2 * LOOK_TIME + BEFORE_SECOND_LOOK + 5_000;

/** What the looks are made with. */
interface LookSource {
  /** Gives up when `over` aborts. */
  read(changes: readonly PlannedChange[], over: AbortSignal): Promise<StateSnapshot>;
  /** Ends early if the call is cancelled. */
  pause(ms: number): Promise<void>;
  /** Resolves after the time that a look may take; rejects when `signal` aborts. */
  limit(ms: number, signal: AbortSignal): Promise<void>;
}

/**
 * What a person was shown as "now", compared with what is so when a request of a job is about to be sent: the rest of a
 * job may be sent long after its first request, and somebody else may have changed something since.
 */
export class ShownState {
  readonly #shown: StateSnapshot;
  readonly #source: LookSource;

  constructor(shown: StateSnapshot, source: LookSource) {
    this.#shown = shown;
    this.#source = source;
  }

  /**
   * What is no longer as it was shown, and what cannot be seen now.
   * @param elsewhere what the job sent to other places and may have brought here: that is nobody else's change
   */
  async lookAgain(changes: readonly PlannedChange[], elsewhere: SentElsewhere): Promise<SinceShown> {
    const overwritten = changes.filter(isOverwritten).map(asLookedAt);
    if (overwritten.length === 0) return asShown;
    const rows = this.#shown.rows.map((row) => ({ ...row, ...(row.is && { is: expecting(row.is, elsewhere) }) }));
    const look = async () => {
      const later = await this.#readInTime(overwritten);
      return later && changesSince({ ...this.#shown, rows }, later);
    };
    const first = await look();
    // A second look would take as long again.
    if (first === undefined) return outOfTime;
    if (first.changed.length + first.unseen.length === 0) return first;
    // A read or a connection may fail once, and often fails again at once.
    await this.#source.pause(BEFORE_SECOND_LOOK);
    return (await look()) ?? outOfTime;
  }

  /** Undefined if it takes too long: the other targets of the job must not wait for a cloud that does not answer. */
  async #readInTime(changes: readonly PlannedChange[]): Promise<StateSnapshot | undefined> {
    const [over, read] = [new AbortController(), new AbortController()];
    const limit = unlessAborted(this.#source.limit(LOOK_TIME, read.signal), read.signal);
    try {
      return await Promise.race([this.#source.read(changes, over.signal), limit.then(() => undefined)]);
    } finally {
      read.abort();
      over.abort();
    }
  }
}

const asShown: SinceShown = { changed: [], unseen: [] };
const outOfTime: SinceShown = {
  changed: [],
  unseen: [{ what: "The look at it", now: `no answer within ${LOOK_TIME / 1000} s` }],
};

/**
 * Whether a request sets this whatever is there by then. What concerns a stored certificate is left to the cloud, which
 * looks at the moment of the request: a one-click update changes only what still has the old certificate, and a deletion
 * is refused while something uses it (IsCheckResource). From here, either takes a search through all products.
 */
function isOverwritten({ subject: { kind } }: PlannedChange): boolean {
  return kind === "served-domain" || kind === "live-domain" || kind === "edgeone-host" || kind === "deployment";
}

/** Without what only a person needs to know: more reads tell about the certificates that it gets. */
function asLookedAt({ brings: _, ...change }: PlannedChange): PlannedChange {
  if (change.subject.kind !== "edgeone-host") return change;
  const { given: __, ...host } = change.subject;
  return { ...change, subject: host };
}
