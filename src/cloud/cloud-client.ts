import { explainError } from "../catalogue/errors/index.js";
import type { ChangeOperation, Operation, ReadOperation } from "../catalogue/operation.js";
import { clouds, type Service, type ServiceId, type Signers } from "../catalogue/services.js";
import type { JsonObject } from "../lib/json.js";
import { memoize } from "../lib/memoize.js";
import type { TimeSource } from "../lib/time-source.js";
import { PolicyViolation, ToolError } from "../lib/tool-error.js";
import { type AttemptDeps, attempt } from "./attempt.js";
import { circuitBreaker } from "./circuit.js";
import { clockSkew } from "./clock-skew.js";
import type { CredentialSource } from "./credential-source.js";
import { type Credentials, credentialId } from "./credentials.js";
import { CallDeadline } from "./deadline.js";
import { signerChanged, withoutCredentials } from "./not-sent-errors.js";
import type { Success } from "./protocols/protocol.js";
import { RateLimit, type Rates } from "./rate-limit.js";
import { reconcile, verificationOf } from "./reconcile.js";
import {
  type BuildRequest,
  createRequestBuilder,
  type PreparedRequest,
  type RequestBuilderOptions,
} from "./request-builder.js";
import { withRetry } from "./retry.js";
import type { Transport } from "./transport.js";

export interface CloudClientOptions extends RequestBuilderOptions, TimeSource {
  /** Where the credentials come from. */
  readonly source: CredentialSource;
  /** Limit for one call, including its repeats and the wait for its turn, in milliseconds. */
  readonly timeout: number;
  /** How long to wait for a reply to begin if the call may be repeated, in milliseconds; default 20,000. */
  readonly replyTimeout?: number;
  readonly transport: Transport;
  /** Which part of the operator's policy excludes an operation, in a few words; undefined if it is allowed. */
  readonly exclusionOf: (operation: Operation) => string | undefined;
  /** The rates that this client shares with other servers; its own if absent. */
  readonly rates?: Rates | undefined;
  /** Random number from 0 to 1. */
  readonly random: () => number;
  /** Hears of each call that failed; must not throw. */
  readonly onFailure?: ((service: ServiceId, error: unknown) => void) | undefined;
  /** Receives the warning that this machine's clock is off; never writes to stdout. */
  readonly log: (line: string) => void;
}

const REPLY_TIMEOUT = 20_000;

/** The share of a call's time that is reserved for the read that finds out its outcome, if there is one. */
const VERIFICATION_SHARE = 1 / 5;

/**
 * The one place where calls are checked against the operator's policy, built, signed, sent, repeated if that is
 * harmless, and their replies parsed.
 */
export class CloudClient {
  readonly #options: CloudClientOptions;
  readonly #buildRequest: BuildRequest;
  readonly #depsFor: (service: ServiceId) => AttemptDeps;

  constructor(options: CloudClientOptions) {
    this.#options = options;
    this.#buildRequest = createRequestBuilder(options);
    const { now, elapsed, log, transport, rates = new RateLimit(options), replyTimeout = REPLY_TIMEOUT } = options;
    const clocks = clockSkew(now, log);
    this.#depsFor = memoize(() => ({ rates, circuit: circuitBreaker(elapsed), clocks, transport, replyTimeout }));
  }

  /**
   * The id of the credential that signs calls to `service`; not a secret. Checked before a person is asked, so nobody
   * approves a call that cannot be made.
   * @throws {ToolError} naming the variables to set if there is none
   */
  credentialIdOf(service: Service): string {
    return signerIn(this.#options.source.latest(), service);
  }

  /**
   * The credentials that sign calls to these services, as a plan shows them and its approval covers them.
   * @throws {ToolError} naming the variables to set if there is none for one of them
   */
  signersFor(services: readonly Service[]): Signers {
    return Object.fromEntries(services.map((service) => [service.cloud, this.credentialIdOf(service)]));
  }

  /** Why nothing may be sent for a plan with these signers: one of them is not what would sign now. */
  signerChange({ name }: Pick<Operation, "name">, signers: Signers): ToolError | undefined {
    const latest = this.#options.source.latest();
    const other = clouds.find(
      (cloud) => signers[cloud] !== undefined && credentialId(latest, cloud) !== signers[cloud],
    );
    return other && signerChanged(name, other);
  }

  /** Why the operator's policy excludes an operation; undefined if it is allowed. */
  exclusionOf(operation: Operation): PolicyViolation | undefined {
    const why = this.#options.exclusionOf(operation);
    return why === undefined ? undefined : new PolicyViolation(operation.name, why);
  }

  /**
   * Executes a read: sends it once, and again only if that is harmless.
   * @param within a limit for this call, in milliseconds, if shorter than that for all
   * @throws {ToolError} unless the cloud reported success; a PolicyViolation if the policy excludes it
   */
  async send(
    operation: ReadOperation,
    params: JsonObject,
    signal: AbortSignal,
    within = Number.POSITIVE_INFINITY,
  ): Promise<Success> {
    const call = await this.#prepare(operation, params, signal);
    return this.#send(call, Math.min(within, this.#options.timeout), signal);
  }

  /**
   * Executes what a person approved, in the same way.
   * @param signer the id of the credential that it was approved for: nothing else may sign it
   * @throws {ToolError} unless the cloud reported success, or a read shows it; nothing was sent if another credential
   * would have signed it, or if the policy excludes it
   */
  async sendApproved(
    operation: ChangeOperation,
    params: JsonObject,
    signer: string,
    signal: AbortSignal,
  ): Promise<Success> {
    const call = await this.#prepare(operation, params, signal, signer);
    const { timeout } = this.#options;
    const verification = verificationOf(call);
    if (verification === undefined) return await this.#send(call, timeout, signal);
    const timeToFindOut = timeout * VERIFICATION_SHARE;
    try {
      return await this.#send(call, timeout - timeToFindOut, signal);
    } catch (error) {
      const open = error instanceof ToolError && error.details.changed === "unknown" && !signal.aborted;
      if (!open) throw error;
      return reconcile(verification, error, async () => {
        // Another account would not know of the change.
        const read = await this.#prepare(verification.read, verification.params, signal, signer);
        return (await this.#send(read, timeToFindOut, signal)).result;
      });
    }
  }

  /** Every call passes here. @throws {ToolError} before anything is signed */
  async #prepare(
    operation: Operation,
    params: PreparedRequest["params"],
    signal: AbortSignal,
    signer?: string,
  ): Promise<PreparedRequest> {
    const excluded = this.exclusionOf(operation);
    if (excluded !== undefined) throw excluded;
    const { name, service } = operation;
    const credentials = await this.#options.source.signing(service.cloud, signal);
    // Read and compared at one moment: files may be rotated at any other.
    if (signer !== undefined && signerIn(credentials, service) !== signer) throw signerChanged(name, service.cloud);
    return this.#buildRequest(operation, params, credentials);
  }

  async #send(call: PreparedRequest, ms: number, signal: AbortSignal): Promise<Success> {
    const { elapsed, now } = this.#options;
    const deadline = new CallDeadline(ms, signal, elapsed, call.operation.effect === "read" ? undefined : now);
    const deps = this.#depsFor(call.operation.service.id);
    try {
      return await withRetry(call, () => attempt(call, deadline, deps), deadline, this.#options);
    } catch (error) {
      this.#options.onFailure?.(call.operation.service.id, error);
      if (isCredentialRefused(call.operation, error)) this.#options.source.refused(call.operation.service.cloud);
      throw error;
    } finally {
      deadline.close();
    }
  }
}

/** @throws {ToolError} if there is no credential for the service */
function signerIn(credentials: Credentials, service: Service): string {
  const id = credentialId(credentials, service.cloud);
  if (id === undefined) throw withoutCredentials(service, credentials);
  return id;
}

/** Whether the cloud does not take what the request was signed with. */
function isCredentialRefused({ service }: Operation, error: unknown): boolean {
  if (!(error instanceof ToolError) || error.details.code === undefined) return false;
  return explainError(service, error.details.code, error.details)?.kind === "credential";
}
