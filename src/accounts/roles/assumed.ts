import type { KeyParts } from "../../cloud/credential-search.js";
import type { SourceDeps } from "../../cloud/credential-source.js";
import { TransportFault } from "../../cloud/http.js";
import { formatId } from "../../lib/safe-text.js";
import { type ToolError, unsent } from "../../lib/tool-error.js";
import type { RoleProtocol, RoleRefusal, TemporaryKeys } from "./role.js";

/** How long before their end keys are renewed, and how much time they must have left to be used if that fails; milliseconds. */
const renewBefore = 5 * 60_000;
const minRemaining = 60_000;

/** Limit on one attempt to fetch keys, and the number of attempts: a repeat does no harm. */
const ATTEMPT = 10_000;
const ATTEMPTS = 3;
const FIRST_PAUSE = 300;

/** How long a failure is reported again without another request, in milliseconds. */
const failureCacheTime = 2_000;

/** Refused keys are fetched anew only from this age on, in milliseconds: fresh keys that are refused will be refused again. */
const minRefetchAge = 30_000;

interface AssumedRoleOptions<Role> {
  readonly protocol: RoleProtocol<Role>;
  readonly role: Role;
  /** For people: "The role X of account Y". */
  readonly description: string;
  readonly url: URL;
  readonly deps: SourceDeps;
}

/** The temporary keys of one role: fetched by one call at a time, kept until shortly before their end. */
export class AssumedRole<Role> {
  readonly #options: AssumedRoleOptions<Role>;
  #cached: { readonly keys: TemporaryKeys; readonly since: number; readonly release: () => void } | undefined;
  #fetching: Promise<TemporaryKeys> | undefined;
  #lastFailure: { readonly error: ToolError; readonly at: number } | undefined;

  constructor(options: AssumedRoleOptions<Role>) {
    this.#options = options;
  }

  /**
   * @param longTerm the keys that may assume the role
   * @throws {ToolError} if the cloud gives none; nothing else was sent
   */
  async keys(longTerm: KeyParts, signal: AbortSignal): Promise<TemporaryKeys> {
    if (this.#cached !== undefined && this.#remaining() > renewBefore) return this.#cached.keys;
    try {
      return await this.#abortable(signal, this.#fetch(longTerm));
    } catch (error) {
      if (this.#cached !== undefined && this.#remaining() > minRemaining && !signal.aborted) return this.#cached.keys;
      throw error;
    }
  }

  /** The cloud refused a request that these keys signed. */
  refused(): void {
    if (this.#cached !== undefined && this.#now() - this.#cached.since >= minRefetchAge) this.#drop();
  }

  async #fetch(longTerm: KeyParts): Promise<TemporaryKeys> {
    if (this.#lastFailure !== undefined && this.#now() - this.#lastFailure.at < failureCacheTime)
      throw this.#lastFailure.error;
    this.#fetching ??= this.#fetchNow(longTerm).finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #fetchNow(longTerm: KeyParts): Promise<TemporaryKeys> {
    const outcome = await this.#exchange(longTerm);
    if ("error" in outcome) {
      this.#lastFailure = { error: outcome.error, at: this.#now() };
      throw outcome.error;
    }
    this.#lastFailure = undefined;
    this.#drop();
    const release = this.#options.deps.maskSecrets([outcome.key, outcome.token]);
    this.#cached = { keys: outcome, since: this.#now(), release };
    return outcome;
  }

  async #exchange(longTerm: KeyParts): Promise<TemporaryKeys | { readonly error: ToolError }> {
    const { deps, protocol, role, url } = this.#options;
    for (let attempt = 1; ; attempt++) {
      const request = protocol.build({ keys: longTerm, role, url, now: deps.now(), nonce: deps.nonce });
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
      `${this.#options.description} could not be assumed: the token service refused with ${what}${id}. Nothing else was sent.`,
      "Ask the operator to check the account's keys, the name of the role, and whether the role trusts the user of these keys.",
    );
  }

  #unreached(why: string): ToolError {
    return unsent(
      "cloud",
      `${this.#options.description} could not be assumed: no answer of the token service (${why}). Nothing else was sent.`,
      "Call again in a moment. If it persists, ask the operator to check the network between this server and the token service.",
    );
  }

  /** Waits for the outcome. A caller who cancels stops waiting at once; the fetch goes on for the others. */
  #abortable(signal: AbortSignal, fetching: Promise<TemporaryKeys>): Promise<TemporaryKeys> {
    const happened = `The call was cancelled while ${this.#options.description.replace(/^The/, "the")} was assumed. Nothing else was sent.`;
    return new Promise((resolve, reject) => {
      const stop = () => reject(unsent("cancelled", happened, "Make the call again if it is still wanted."));
      fetching.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop, { once: true });
    });
  }

  #remaining(): number {
    return this.#cached === undefined ? 0 : this.#cached.keys.until - this.#now();
  }

  #drop(): void {
    this.#cached?.release();
    this.#cached = undefined;
  }

  #now(): number {
    return this.#options.deps.now().getTime();
  }
}
