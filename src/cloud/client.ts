import type { Operation } from "../catalogue/operation.js";
import type { Service, ServiceId } from "../catalogue/services.js";
import { Excluded, Failure } from "../failure.js";
import { attempt, type Layers } from "./attempt.js";
import { Circuit } from "./circuit.js";
import { ClockSkew } from "./clock-skew.js";
import { credentialId } from "./credentials.js";
import { Deadline } from "./deadline.js";
import { findOut, traceOf } from "./find-out.js";
import { type Outgoing, type OutgoingOptions, type Pack, packer } from "./outgoing.js";
import type { Success } from "./protocols/protocol.js";
import { RateLimit } from "./rate-limit.js";
import { persist } from "./repeat.js";
import type { Transport } from "./transport.js";
import { withoutCredentials } from "./unsent.js";

export interface CloudClientOptions extends OutgoingOptions {
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
  readonly #pack: Pack;
  readonly #rates: RateLimit;
  readonly #clocks: ClockSkew;
  readonly #layers = new Map<ServiceId, Layers>();

  constructor(options: CloudClientOptions) {
    this.#options = options;
    this.#pack = packer(options);
    this.#rates = new RateLimit(options);
    this.#clocks = new ClockSkew(options.now, options.log);
  }

  /**
   * The id of the credential that calls to `service` are signed with; not a secret. Asked before a person is, so that
   * nobody approves a call that cannot be made.
   * @throws {Failure} naming the variables to set when there is none
   */
  accountOf(service: Service): string {
    const id = credentialId(this.#options.credentials, service.cloud);
    if (id === undefined) throw withoutCredentials(service, this.#options.credentials);
    return id;
  }

  /** Why the operator's policy excludes an operation; undefined where it may be used. */
  exclusionOf(operation: Operation): Excluded | undefined {
    const why = this.#options.exclusionOf(operation);
    return why === undefined ? undefined : new Excluded(operation.name, why);
  }

  /**
   * Carries out one call: sends it once, and again only where that can do no harm.
   * @throws {Failure} unless the cloud said that it succeeded, or a read shows it; an Excluded one where the policy
   * excludes it
   */
  async send(operation: Operation, params: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<Success> {
    const call = this.#permitted(operation, params);
    const { timeout } = this.#options;
    const trace = traceOf(call);
    if (trace === undefined) return await this.#carryOut(call, timeout, signal);
    const timeToFindOut = timeout * TIME_TO_FIND_OUT;
    try {
      return await this.#carryOut(call, timeout - timeToFindOut, signal);
    } catch (error) {
      const open = error instanceof Failure && error.facts.changed === "unknown" && !signal.aborted;
      if (!open) throw error;
      return findOut(trace, error, async () => {
        const read = this.#permitted(trace.read, trace.params);
        return (await this.#carryOut(read, timeToFindOut, signal)).result;
      });
    }
  }

  /** Whatever is sent comes through here. @throws {Failure} before anything is signed */
  #permitted(operation: Operation, params: Outgoing["params"]): Outgoing {
    const excluded = this.exclusionOf(operation);
    if (excluded !== undefined) throw excluded;
    return this.#pack(operation, params);
  }

  async #carryOut(call: Outgoing, ms: number, signal: AbortSignal): Promise<Success> {
    const deadline = new Deadline(ms, signal, this.#options.elapsed);
    const layers = this.#layersFor(call.operation.service);
    try {
      return await persist(call, () => attempt(call, deadline, layers), deadline, this.#options);
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
