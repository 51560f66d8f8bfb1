import type { Operation } from "../catalogue/operation.js";
import { type Cloud, hostOf, type Service, type ServiceId, type Site } from "../catalogue/services.js";
import { Failure } from "../failure.js";
import { type Credentials, credentialVariables } from "./credentials.js";
import { cancelled, rejected, unanswered, unreadable } from "./failures.js";
import { alibaba } from "./protocols/alibaba.js";
import { huawei } from "./protocols/huawei.js";
import type { OutgoingCall, Protocol, Success } from "./protocols/protocol.js";
import { tencentTc3, tencentV1 } from "./protocols/tencent.js";
import type { TencentV1Method } from "./signing/tencent-v1.js";
import { type HttpReply, type HttpRequest, type Transport, TransportFault } from "./transport.js";

export interface CloudClientOptions {
  readonly credentials: Credentials;
  readonly site: Site;
  readonly regions: Partial<Readonly<Record<Cloud, string>>>;
  /** Addresses that stand in for the documented hosts. */
  readonly endpoints: Partial<Readonly<Record<ServiceId, URL>>>;
  readonly tencentSignature: "TC3-HMAC-SHA256" | TencentV1Method;
  /** Limit on one call from first byte to last, in milliseconds. */
  readonly timeout: number;
  readonly transport: Transport;
  readonly now: () => Date;
  /** 32 hexadecimal digits, never the same twice. */
  readonly nonce: () => string;
}

/** The one place where calls are built, signed, sent and their answers read. */
export class CloudClient {
  readonly #options: CloudClientOptions;

  constructor(options: CloudClientOptions) {
    this.#options = options;
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
   * Carries out one call, once.
   * @throws {Failure} unless the cloud said that it succeeded
   */
  async send(operation: Operation, params: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<Success> {
    const { request, protocol } = this.#build(operation, params);
    const size = Buffer.byteLength(request.body);
    if (size > protocol.maxBodyBytes) throw tooLarge(operation, size, protocol.maxBodyBytes);
    const reply = await this.#exchange(operation, request, signal);
    const outcome = protocol.decode(reply);
    if (outcome === undefined) throw unreadable(operation, reply);
    if (!outcome.ok) throw rejected(operation, outcome, reply.status);
    return outcome;
  }

  #build(operation: Operation, params: Readonly<Record<string, unknown>>) {
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
      now: this.#options.now(),
      nonce: this.#options.nonce(),
      ...(region !== undefined && { region }),
    };
    return { request: protocol.build(call), protocol };
  }

  #endpoint(service: Service): URL {
    const { endpoints, site, regions } = this.#options;
    return endpoints[service.id] ?? new URL(`https://${hostOf(service, site, regions[service.cloud])}/`);
  }

  async #exchange(operation: Operation, request: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
    const { timeout, transport } = this.#options;
    // Not AbortSignal.timeout(): Node may collect one that only AbortSignal.any() refers to, and it never fires.
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(new Error("timeout")), timeout);
    try {
      return await transport.exchange(request, AbortSignal.any([signal, deadline.signal]));
    } catch (fault) {
      if (!(fault instanceof TransportFault)) throw fault;
      if (signal.aborted) throw cancelled(operation, fault.sent);
      throw unanswered(operation, fault, deadline.signal.aborted ? timeout / 1000 : undefined);
    } finally {
      clearTimeout(timer);
    }
  }
}

function withoutCredentials(cloud: Cloud, title: string): Failure {
  return new Failure({
    kind: "configuration",
    happened: `This server has no credentials for ${title}.`,
    changed: "no",
    next:
      `A person sets ${credentialVariables[cloud]} in the server's environment and restarts it, ` +
      "or starts it with --sandbox to try it without an account.",
  });
}

function tooLarge(operation: Operation, size: number, limit: number): Failure {
  return new Failure({
    kind: "input",
    happened: `The request for ${operation.name} is ${size} bytes; the cloud takes ${limit} with this signature.`,
    changed: "no",
    next: "Pass less text, or let a person choose another signature where there is one.",
  });
}
