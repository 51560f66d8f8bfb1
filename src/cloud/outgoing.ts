import type { Operation } from "../catalogue/operation.js";
import { type Cloud, hostOf, type Service, type ServiceId, type Site } from "../catalogue/services.js";
import type { Credentials } from "./credentials.js";
import { alibaba } from "./protocols/alibaba.js";
import { huawei } from "./protocols/huawei.js";
import type { Protocol } from "./protocols/protocol.js";
import { tencentTc3, tencentV1 } from "./protocols/tencent.js";
import type { TencentV1Method } from "./signing/tencent-v1.js";
import type { HttpRequest } from "./transport.js";
import { tooLarge, withoutCredentials } from "./unsent.js";

export interface OutgoingOptions {
  readonly credentials: Credentials;
  readonly site: Site;
  readonly regions: Partial<Readonly<Record<Cloud, string>>>;
  /** Addresses that stand in for the documented hosts. */
  readonly endpoints: Partial<Readonly<Record<ServiceId, URL>>>;
  readonly tencentSignature: "TC3-HMAC-SHA256" | TencentV1Method;
  /** 32 hexadecimal digits, never the same twice. */
  readonly nonce: () => string;
}

/** A call that can be sent, and whose reply can be read. */
export interface Outgoing {
  readonly operation: Operation;
  readonly params: Readonly<Record<string, unknown>>;
  /**
   * Builds and signs the request anew, because time and nonce of one that was sent are used up.
   * @throws {Failure} when it is larger than the cloud takes
   */
  sign(now: Date): HttpRequest;
  readonly decode: Protocol<unknown>["decode"];
}

type Params = Outgoing["params"];

/**
 * The call as its vendor packs it.
 * @throws {Failure} when there are no credentials for it
 */
export function outgoing(operation: Operation, params: Params, options: OutgoingOptions): Outgoing {
  const { credentials, tencentSignature } = options;
  switch (operation.service.cloud) {
    case "tencent": {
      const protocol = tencentSignature === "TC3-HMAC-SHA256" ? tencentTc3 : tencentV1(tencentSignature);
      return packed(protocol, operation, params, credentials.tencent, options);
    }
    case "alibaba":
      return packed(alibaba, operation, params, credentials.alibaba, options);
    case "huawei":
      return packed(huawei, operation, params, credentials.huawei, options);
  }
}

function packed<Keys>(
  { build, decode, maxBodyBytes }: Protocol<Keys>,
  operation: Operation,
  params: Params,
  credentials: Keys | undefined,
  options: OutgoingOptions,
): Outgoing {
  const { service } = operation;
  if (credentials === undefined) throw withoutCredentials(service);
  const region = options.regions[service.cloud];
  const call = { operation, params, credentials, endpoint: endpointOf(service, options), ...(region && { region }) };
  const sign = (now: Date) => {
    const request = build({ ...call, now, nonce: options.nonce() });
    const size = Buffer.byteLength(request.body);
    if (size > maxBodyBytes) throw tooLarge(operation, size, maxBodyBytes);
    return request;
  };
  return { operation, params, sign, decode };
}

function endpointOf(service: Service, { endpoints, site, regions }: OutgoingOptions): URL {
  return endpoints[service.id] ?? new URL(`https://${hostOf(service, site, regions[service.cloud])}/`);
}
