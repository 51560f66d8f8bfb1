import type { SourceDeps } from "../../cloud/credential-source.js";
import { TransportFault } from "../../cloud/http.js";
import { formatId } from "../../lib/safe-text.js";
import { type ToolError, unsent } from "../../lib/tool-error.js";
import type { RoleProtocol, RoleRefusal, TemporaryKeys } from "./role.js";

/** How long before their end keys are renewed, and until when they still sign if that fails; milliseconds. */
const renewBefore = 5 * 60_000;
const usableUntil = 60_000;

/** Limit on one attempt to fetch keys, and the number of attempts: a repeat does no harm. */
const ATTEMPT = 10_000;
const ATTEMPTS = 3;
const FIRST_PAUSE = 300;

/** How long a failure is repeated without another call, in milliseconds. */
const failureHolds = 2_000;

/** Refused keys are fetched anew from this age on, in milliseconds: what is refused when fresh will be refused again. */
const oldEnough = 30_000;

interface AssumedRoleOptions<Keys, Role> {
  readonly protocol: RoleProtocol<Keys, Role>;
  readonly role: Role;
  /** For people: "The role X of account Y". */
  readonly named: string;
  readonly url: URL;
  readonly deps: SourceDeps;
}

interface Held {
  readonly keys: TemporaryKeys;
  readonly since: number;
  readonly release: () => void;
}

/** The temporary keys of one role: fetched by one call at a time, kept until shortly before their end. */
export class AssumedRole<Keys, Role> {
  readonly #options: AssumedRoleOptions<Keys, Role>;
  #held: Held | undefined;
  #fetching: Promise<TemporaryKeys> | undefined;
  #failed: { readonly error: ToolError; readonly at: number } | undefined;

  constructor(options: AssumedRoleOptions<Keys, Role>) {
    this.#options = options;
  }

  /**
   * @param lasting the keys that may assume the role
   * @throws {ToolError} if the cloud gives none; nothing else was sent
   */
  async keys(lasting: Keys, signal: AbortSignal): Promise<TemporaryKeys> {
    if (this.#held !== undefined && this.#left() > renewBefore) return this.#held.keys;
    try {
      return await this.#heard(signal, this.#fetch(lasting));
    } catch (error) {
      if (this.#held !== undefined && this.#left() > usableUntil && !signal.aborted) return this.#held.keys;
      throw error;
    }
  }

  /** The cloud refused a request that these keys signed. */
  refused(): void {
    if (this.#held !== undefined && this.#now() - this.#held.since >= oldEnough) this.#drop();
  }

  async #fetch(lasting: Keys): Promise<TemporaryKeys> {
    if (this.#failed !== undefined && this.#now() - this.#failed.at < failureHolds) throw this.#failed.error;
    this.#fetching ??= this.#fetchNow(lasting).finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #fetchNow(lasting: Keys): Promise<TemporaryKeys> {
    const outcome = await this.#exchange(lasting);
    if ("error" in outcome) {
      this.#failed = { error: outcome.error, at: this.#now() };
      throw outcome.error;
    }
    this.#failed = undefined;
    this.#drop();
    const release = this.#options.deps.hold([outcome.key, outcome.token]);
    this.#held = { keys: outcome, since: this.#now(), release };
    return outcome;
  }

  async #exchange(lasting: Keys): Promise<TemporaryKeys | { readonly error: ToolError }> {
    const { deps, protocol, role, url } = this.#options;
    for (let attempt = 1; ; attempt++) {
      const request = protocol.build({ keys: lasting, role, url, now: deps.now(), nonce: deps.nonce });
      let why: string;
      try {
        const reply = await deps.exchange(request, AbortSignal.timeout(ATTEMPT), ATTEMPT);
        const read = protocol.read(reply);
        if (read !== undefined) return "until" in read ? read : { error: this.#refusal(read) };
        why = `an answer that is not its own, HTTP ${reply.status}`;
      } catch (error) {
        if (!(error instanceof TransportFault)) throw error;
        why = error.message;
      }
      if (attempt === ATTEMPTS) return { error: this.#unreached(why) };
      await deps.pause(FIRST_PAUSE * attempt, AbortSignal.timeout(ATTEMPT)).catch(() => {});
    }
  }

  #refusal({ code, requestId }: RoleRefusal): ToolError {
    const what = code === "" ? "an error that has no code" : formatId(code);
    const id = requestId === undefined ? "" : `, request id ${formatId(requestId)}`;
    return unsent(
      "configuration",
      `${this.#options.named} could not be assumed: the token service refused with ${what}${id}. Nothing else was sent.`,
      "Ask the operator to check the account's keys, the name of the role, and whether the role trusts the user of these keys.",
    );
  }

  #unreached(why: string): ToolError {
    return unsent(
      "cloud",
      `${this.#options.named} could not be assumed: no answer of the token service (${why}). Nothing else was sent.`,
      "Call again in a moment. If it persists, ask the operator to check the network between this server and the token service.",
    );
  }

  /** Waits for the outcome. A caller who cancels stops waiting at once; the fetch goes on for the others. */
  #heard(signal: AbortSignal, fetching: Promise<TemporaryKeys>): Promise<TemporaryKeys> {
    const happened = `The call was cancelled while ${this.#options.named.replace(/^The/, "the")} was assumed. Nothing else was sent.`;
    return new Promise((resolve, reject) => {
      const stop = () => reject(unsent("cancelled", happened, "Make the call again if it is still wanted."));
      fetching.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop, { once: true });
    });
  }

  #left(): number {
    return this.#held === undefined ? 0 : this.#held.keys.until - this.#now();
  }

  #drop(): void {
    this.#held?.release();
    this.#held = undefined;
  }

  #now(): number {
    return this.#options.deps.now().getTime();
  }
}
