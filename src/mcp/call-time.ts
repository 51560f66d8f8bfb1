/** How long calls may take before they have to be answered; milliseconds. */

/**
 * Below the minute after which most clients give a call up: it is the default of the SDKs for TypeScript, of MCPorter and
 * of Claude Desktop, and progress extends it in none of them unless the client's author asked for that
 * (modelcontextprotocol/typescript-sdk pull requests 152, 1393; anthropics/claude-code issue 22542).
 */
export const usualTime = 50_000;

/** Where progress keeps a call alive: below the five minutes that an approval is good for. */
export const extendedTime = 240_000;

/** The part of a client's own limit that is used once it is known. */
const SHARE_OF_LIMIT = 0.8;

/**
 * Clients of which it is known that each progress notification gives a call more time, by the name that they give
 * themselves. That one asks for progress does not tell: the Inspector stops after a minute in all, MCPorter too, and a
 * client made with an SDK resets nothing by default. Claude Code counts idle time from the last progress
 * (vfarcic/dot-ai pull request 708); opencode asks for progress in order to reset (anomalyco/opencode pull request 32477).
 */
const extendedByProgress: ReadonlySet<string> = new Set(["claude-code", "opencode"]);

/** The operator's settings. */
export interface CallTimeSettings {
  /** How long a call may take; undefined: what is known of the client decides. */
  readonly callTime?: number | undefined;
  /** How long a call may wait for a person; whoever sets it longer knows a client that waits. */
  readonly approvalWait?: number | undefined;
}

/** What is known of the time that this client gives to a call. */
export class CallTime {
  readonly #settings: CallTimeSettings;
  /** The shortest time after which it gave a call up. */
  #limit = Number.POSITIVE_INFINITY;

  constructor(settings: CallTimeSettings) {
    this.#settings = settings;
  }

  /** How long a call may take before it has to be answered. */
  of(client: { readonly name: string; readonly takesProgress: boolean }): number {
    return Math.min(this.#chosen(client), this.#limit * SHARE_OF_LIMIT);
  }

  /** Takes note of a call that the client gave up after `ms`; it says so where its time was over. */
  gaveUp(ms: number, reason: unknown): void {
    if (/timed? ?out/i.test(String(reason))) this.#limit = Math.min(this.#limit, ms);
  }

  #chosen({ name, takesProgress }: Parameters<CallTime["of"]>[0]): number {
    const { callTime, approvalWait = 0 } = this.#settings;
    if (callTime !== undefined) return callTime;
    const time = takesProgress && extendedByProgress.has(name) ? extendedTime : usualTime;
    return Math.max(time, approvalWait);
  }
}
