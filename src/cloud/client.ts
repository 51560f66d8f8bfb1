import { explainError } from "../catalogue/errors/index.js";
import type { Operation } from "../catalogue/operation.js";
import { type Cloud, hostOf, type Service, type ServiceId, type Site } from "../catalogue/services.js";
import { Failure } from "../failure.js";
import { ClockSkew } from "./clock-skew.js";
import type { Credentials } from "./credentials.js";
import { Deadline } from "./deadline.js";
import {
  cancelled,
  rejected,
  stillUnknown,
  tooLarge,
  tooManyWaiting,
  unanswered,
  unreadable,
  withoutCredentials,
} from "./failures.js";
import { alibaba } from "./protocols/alibaba.js";
import { huawei } from "./protocols/huawei.js";
import type { OutgoingCall, Protocol, Rejection, Success } from "./protocols/protocol.js";
import { tencentTc3, tencentV1 } from "./protocols/tencent.js";
import { type Place, RateLimit } from "./rate-limit.js";
import { ATTEMPTS, hintIn, isDone, mayRepeat, pauseBefore } from "./repeat.js";
import type { TencentV1Method } from "./signing/tencent-v1.js";
import { type HttpReply, type HttpRequest, type Transport, TransportFault } from "./transport.js";

export interface CloudClientOptions {
  readonly credentials: Credentials;
  readonly site: Site;
  readonly regions: Partial<Readonly<Record<Cloud, string>>>;
  /** Addresses that stand in for the documented hosts. */
  readonly endpoints: Partial<Readonly<Record<ServiceId, URL>>>;
  readonly tencentSignature: "TC3-HMAC-SHA256" | TencentV1Method;
  /** Limit on one call, its repeats and the wait for its turn included, in milliseconds. */
  readonly timeout: number;
  readonly transport: Transport;
  readonly now: () => Date;
  /** Waits, in milliseconds; rejects when `signal` aborts. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Where it is told that this machine's clock is off; never stdout. */
  readonly log: (line: string) => void;
  /** 32 hexadecimal digits, never the same twice. */
  readonly nonce: () => string;
}

/** The one place where calls are built, signed, sent and their answers read. */
export class CloudClient {
  readonly #options: CloudClientOptions;
  readonly #rates: RateLimit;
  readonly #clocks: ClockSkew;

  constructor(options: CloudClientOptions) {
    this.#options = options;
    this.#rates = new RateLimit({ now: () => options.now().getTime(), pause: options.pause });
    this.#clocks = new ClockSkew(options.now, options.log);
  }

  /**
   * The id of the credential that calls to `service` are signed with; not a secret. Asked before a person is, so that
   * nobody approves a call that cannot be made.
   * @throws {Failure} naming the variables to set when there is none
   */
  accountOf({ cloud, title }: Service): string {
    const { tencent, alibaba, huawei } = this.#options.credentials;
    const ids = {
      tencent: tencent?.secretId,
      alibaba: alibaba?.accessKeyId,
      huawei: huawei && ("authToken" in huawei ? "token from IAM" : huawei.accessKey),
    };
    const id = ids[cloud];
    if (id === undefined) throw withoutCredentials(cloud, title);
    return id;
  }

  /**
   * Carries out one call: in its turn, within its time, and again where that is safe (FACTS.md 4.4).
   * @throws {Failure} unless the cloud said that it succeeded
   */
  async send(operation: Operation, params: Params, signal: AbortSignal): Promise<Success> {
    const deadline = new Deadline(this.#options.timeout, this.#options.now);
    let clockCorrected = false;
    let unknown = false;
    for (let attempt = 1; ; attempt++) {
      const place = await this.#turn(operation, deadline, signal);
      const { outcome, headers } = await this.#attempt(operation, params, deadline, signal).finally(() =>
        place.leave(),
      );
      if (!(outcome instanceof Failure)) return outcome;
      if (unknown && isDone(operation, params, outcome)) return { ok: true, result: {} };
      // A refused signature did nothing, so that the time is the one thing to put right.
      const again =
        operation.effect !== "purchase" &&
        this.#isClock(operation, outcome) &&
        !clockCorrected &&
        this.#clocks.learn(operation.service, { headers });
      if (again) {
        clockCorrected = true;
        continue;
      }
      const may = mayRepeat(operation, params, outcome);
      const pause = pauseBefore(attempt, operation, hintIn(headers), this.#options.random);
      if (may === "no" || attempt >= ATTEMPTS || pause >= deadline.left() || signal.aborted) {
        throw unknown ? stillUnknown(operation, outcome) : outcome;
      }
      unknown ||= may === "repeatable";
      await this.#options.pause(pause, signal).catch(() => {});
    }
  }

  /** Waits until the vendor's limits have room. */
  async #turn(operation: Operation, deadline: Deadline, signal: AbortSignal): Promise<Place> {
    const place = await this.#rates.enter(operation, deadline.left(), signal).catch((error: unknown) => {
      throw signal.aborted ? cancelled(operation, false) : error;
    });
    if (place === undefined) throw tooManyWaiting(operation);
    return place;
  }

  async #attempt(operation: Operation, params: Params, deadline: Deadline, signal: AbortSignal): Promise<Attempt> {
    const { request, protocol } = this.#build(operation, params);
    const size = Buffer.byteLength(request.body);
    if (size > protocol.maxBodyBytes) throw tooLarge(operation, size, protocol.maxBodyBytes);
    let reply: HttpReply;
    try {
      reply = await this.#exchange(operation, request, deadline, signal);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { outcome: error, headers: {} };
    }
    const { headers } = reply;
    const outcome = protocol.decode(reply);
    if (outcome === undefined) return { outcome: unreadable(operation, reply), headers };
    this.#notePace(operation, outcome);
    return { outcome: outcome.ok ? outcome : rejected(operation, outcome, reply.status), headers };
  }

  #notePace(operation: Operation, outcome: Success | Rejection): void {
    if (outcome.ok) this.#rates.passed(operation);
    else if (explainError(operation.service, outcome.code)?.kind === "throttled") this.#rates.throttled(operation);
  }

  #isClock({ service }: Operation, { facts }: Failure): boolean {
    if (facts.code === undefined) return false;
    // Huawei Cloud has one code for a wrong time and for any other signature that does not fit (FACTS.md 4.2).
    return explainError(service, facts.code)?.kind === "clock" || ["APIGW.0301", "APIG.0301"].includes(facts.code);
  }

  #build(operation: Operation, params: Params) {
    const { credentials, tencentSignature } = this.#options;
    switch (operation.service.cloud) {
      case "tencent": {
        const protocol = tencentSignature === "TC3-HMAC-SHA256" ? tencentTc3 : tencentV1(tencentSignature);
        return this.#request(protocol, operation, params, credentials.tencent);
      }
      case "alibaba":
        return this.#request(alibaba, operation, params, credentials.alibaba);
      case "huawei":
        return this.#request(huawei, operation, params, credentials.huawei);
    }
  }

  #request<Keys>(
    protocol: Protocol<Keys>,
    operation: Operation,
    params: Readonly<Record<string, unknown>>,
    credentials: Keys | undefined,
  ): { request: HttpRequest; protocol: Pick<Protocol<Keys>, "decode" | "maxBodyBytes"> } {
    const { service } = operation;
    if (credentials === undefined) throw withoutCredentials(service.cloud, service.title);
    const region = this.#options.regions[service.cloud];
    const call: OutgoingCall<Keys> = {
      operation,
      params,
      credentials,
      endpoint: this.#endpoint(service),
      now: this.#clocks.nowAt(service),
      nonce: this.#options.nonce(),
      ...(region !== undefined && { region }),
    };
    return { request: protocol.build(call), protocol };
  }

  #endpoint(service: Service): URL {
    const { endpoints, site, regions } = this.#options;
    return endpoints[service.id] ?? new URL(`https://${hostOf(service, site, regions[service.cloud])}/`);
  }

  async #exchange(
    operation: Operation,
    request: HttpRequest,
    deadline: Deadline,
    signal: AbortSignal,
  ): Promise<HttpReply> {
    const { timeout, transport } = this.#options;
    // Not AbortSignal.timeout() and AbortSignal.any(): Node may collect such a timer, and it never fires.
    const end = new AbortController();
    const takeBack = () => end.abort(signal.reason);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      end.abort(new Error("timeout"));
    }, deadline.left());
    if (signal.aborted) takeBack();
    else signal.addEventListener("abort", takeBack, { once: true });
    try {
      return await transport.exchange(request, end.signal);
    } catch (fault) {
      if (!(fault instanceof TransportFault)) throw fault;
      if (signal.aborted) throw cancelled(operation, fault.sent);
      throw unanswered(operation, fault, isLate ? timeout / 1000 : undefined);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", takeBack);
    }
  }
}

type Params = Readonly<Record<string, unknown>>;

interface Attempt {
  readonly outcome: Success | Failure;
  readonly headers: HttpReply["headers"];
}
