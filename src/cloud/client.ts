import type { Operation } from "../catalogue/operation.js";
import type { Service, ServiceId } from "../catalogue/services.js";
import { PolicyViolation, ToolError } from "../lib/tool-error.js";
import { attempt, type Layers } from "./attempt.js";
import { Circuit } from "./circuit.js";
import { ClockSkew } from "./clock-skew.js";
import { credentialId } from "./credentials.js";
import { CallDeadline } from "./deadline.js";
import { withoutCredentials } from "./not-sent-errors.js";
import type { Success } from "./protocols/protocol.js";
import { RateLimit } from "./rate-limit.js";
import { reconcile, verificationOf } from "./reconcile.js";
import {
  type BuildRequest,
  createRequestBuilder,
  type PreparedRequest,
  type RequestBuilderOptions,
} from "./request-builder.js";
import { withRetry } from "./retry.js";
import type { Transport } from "./transport.js";

export interface CloudClientOptions extends RequestBuilderOptions {
  /** Limit on one call, its repeats and the wait for its turn included, in milliseconds. */
  readonly timeout: number;
  /** Limit on the wait for a reply to begin, where the call may be repeated; in milliseconds, 20,000 when absent. */
  readonly replyTimeout?: number;
  readonly transport: Transport;
  /** What of the operator's policy excludes an operation, in a few words; undefined where it may be used. */
  readonly exclusionOf: (operation: Operation) => string | undefined;
  /** The hour, for signatures. */
  readonly now: () => Date;
  /** Milliseconds since some moment; unlike the hour it never jumps. */
  readonly elapsed: () => number;
  /** Waits, in milliseconds; rejects when `signal` aborts. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Where it is told that this machine's clock is off; never stdout. */
  readonly log: (line: string) => void;
}

const REPLY_TIMEOUT = 20_000;

/** The part of a call's time that is kept for finding out what became of it, where a read can tell. */
const TIME_TO_FIND_OUT = 1 / 5;

/**
 * The one place where calls are held against the operator's policy, built, signed, sent, repeated where that can do no harm,
 * and their answers read.
 */
export class CloudClient {
  readonly #options: CloudClientOptions;
  readonly #buildRequest: BuildRequest;
  readonly #rates: RateLimit;
  readonly #clocks: ClockSkew;
  readonly #layers = new Map<ServiceId, Layers>();

  constructor(options: CloudClientOptions) {
    this.#options = options;
    this.#buildRequest = createRequestBuilder(options);
    this.#rates = new RateLimit(options);
    this.#clocks = new ClockSkew(options.now, options.log);
  }

  /**
   * The id of the credential that calls to `service` are signed with; not a secret. Asked before a person is, so that
   * nobody approves a call that cannot be made.
   * @throws {ToolError} naming the variables to set when there is none
   */
  accountOf(service: Service): string {
    const id = credentialId(this.#options.credentials, service.cloud);
    if (id === undefined) throw withoutCredentials(service, this.#options.credentials);
    return id;
  }

  /** Why the operator's policy excludes an operation; undefined where it may be used. */
  exclusionOf(operation: Operation): PolicyViolation | undefined {
    const why = this.#options.exclusionOf(operation);
    return why === undefined ? undefined : new PolicyViolation(operation.name, why);
  }

  /**
   * Carries out one call: sends it once, and again only where that can do no harm.
   * @throws {ToolError} unless the cloud said that it succeeded, or a read shows it; an Excluded one where the policy
   * excludes it
   */
  async send(operation: Operation, params: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<Success> {
    const call = this.#permitted(operation, params);
    const { timeout } = this.#options;
    const verification = verificationOf(call);
    if (verification === undefined) return await this.#carryOut(call, timeout, signal);
    const timeToFindOut = timeout * TIME_TO_FIND_OUT;
    try {
      return await this.#carryOut(call, timeout - timeToFindOut, signal);
    } catch (error) {
      const open = error instanceof ToolError && error.details.changed === "unknown" && !signal.aborted;
      if (!open) throw error;
      return reconcile(verification, error, async () => {
        const read = this.#permitted(verification.read, verification.params);
        return (await this.#carryOut(read, timeToFindOut, signal)).result;
      });
    }
  }

  /** Whatever is sent comes through here. @throws {ToolError} before anything is signed */
  #permitted(operation: Operation, params: PreparedRequest["params"]): PreparedRequest {
    const excluded = this.exclusionOf(operation);
    if (excluded !== undefined) throw excluded;
    return this.#buildRequest(operation, params);
  }

  async #carryOut(call: PreparedRequest, ms: number, signal: AbortSignal): Promise<Success> {
    const deadline = new CallDeadline(ms, signal, this.#options.elapsed);
    const layers = this.#layersFor(call.operation.service);
    try {
      return await withRetry(call, () => attempt(call, deadline, layers), deadline, this.#options);
    } finally {
      deadline.close();
    }
  }

  #layersFor({ id }: Service): Layers {
    const known = this.#layers.get(id);
    if (known !== undefined) return known;
    const { elapsed, transport, replyTimeout = REPLY_TIMEOUT } = this.#options;
    const circuit = new Circuit(elapsed);
    const layers = { rates: this.#rates, circuit, clocks: this.#clocks, transport, replyTimeout };
    this.#layers.set(id, layers);
    return layers;
  }
}
