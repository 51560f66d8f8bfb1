/* Time limits for answering calls; milliseconds. */

/** The part of a client's own limit that is used once known. */
const SHARE_OF_LIMIT = 0.8;

/**
 * Clients known to extend a call with each progress notification, by the name they report. Asking for progress is no
 * proof: the Inspector and MCPorter stop after a minute in total, and a client made with an SDK resets nothing by
 * default. Claude Code counts idle time from the last progress (vfarcic/dot-ai pull request 708); opencode asks for
 * progress to reset its timer (anomalyco/opencode pull request 32477).
 */
const extendedByProgress: ReadonlySet<string> = new Set(["claude-code", "opencode"]);

/** The operator's settings. */
export interface CallTimeSettings {
  /** Where nothing is known of the client. */
  readonly usual: number;
  /** Where the client is known to reset its limit on progress. */
  readonly extended: number;
  /** How long a call may take; if undefined, what is known about the client decides. */
  readonly callTime?: number | undefined;
  /** How long a call may wait for a person. An operator who sets it longer knows that the client waits. */
  readonly approvalWait?: number | undefined;
}

/** What is known about this client's time limit for calls. */
export class CallTime {
  readonly #settings: CallTimeSettings;
  /** The shortest time after which it gave up on a call. */
  #limit = Number.POSITIVE_INFINITY;

  constructor(settings: CallTimeSettings) {
    this.#settings = settings;
  }

  /** How long a call may take until it must be answered. */
  timeLimitFor({ name, takesProgress }: { readonly name: string; readonly takesProgress: boolean }): number {
    const { callTime, approvalWait = 0, usual, extended } = this.#settings;
    const time = takesProgress && extendedByProgress.has(name) ? extended : usual;
    return Math.min(callTime ?? Math.max(time, approvalWait), this.#limit * SHARE_OF_LIMIT);
  }

  /** Records a call that the client gave up on after `ms`; `reason` says whether that was a timeout. */
  recordGivenUp(ms: number, reason: unknown): void {
    if (/timed? ?out/i.test(String(reason))) this.#limit = Math.min(this.#limit, ms);
  }
}
