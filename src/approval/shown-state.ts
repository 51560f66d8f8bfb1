import type { PlannedChange } from "../catalogue/operation.js";
import { changesSince, type Difference, type StateSnapshot } from "./current-state/read-current-state.js";
import { expecting, type SentElsewhere } from "./current-state/reading.js";

/**
 * What a person was shown as "now", compared with what is so when a request of a job is about to be sent: the rest of a
 * job may be sent long after its first request, and somebody else may have changed something since.
 */
export class ShownState {
  readonly #shown: StateSnapshot;
  readonly #read: (changes: readonly PlannedChange[]) => Promise<StateSnapshot>;

  constructor(shown: StateSnapshot, read: (changes: readonly PlannedChange[]) => Promise<StateSnapshot>) {
    this.#shown = shown;
    this.#read = read;
  }

  /**
   * What is no longer as it was shown.
   * @param elsewhere what the job sent to other places and may have brought here: that is nobody else's change
   */
  async changesOf(changes: readonly PlannedChange[], elsewhere: SentElsewhere): Promise<readonly Difference[]> {
    const overwritten = changes.filter(isOverwritten).map(asLookedAt);
    if (overwritten.length === 0) return [];
    const rows = this.#shown.rows.map((row) => ({ ...row, ...(row.is && { is: expecting(row.is, elsewhere) }) }));
    const look = async () => changesSince({ ...this.#shown, rows }, await this.#read(overwritten));
    const found = await look();
    // A read or a connection may fail once.
    return found.length === 0 ? found : look();
  }
}

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
