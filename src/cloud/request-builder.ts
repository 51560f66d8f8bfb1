import { type Operation, serviceFor } from "../catalogue/operation.js";
import { type Cloud, hostOf, type Service, type ServiceId, type Site } from "../catalogue/services.js";
import { type JsonObject, mapMembers } from "../lib/json.js";
import { memoize } from "../lib/memoize.js";
import type { Redact } from "../lib/redacted-start.js";
import type { Credentials } from "./credentials.js";
import type { HttpReply, HttpRequest } from "./http.js";
import { tooLarge, withoutCredentials } from "./not-sent-errors.js";
import { alibabaProtocol } from "./protocols/alibaba.js";
import { huaweiProtocol } from "./protocols/huawei.js";
import type { Endpoint, OutgoingCall, Protocol, Success } from "./protocols/protocol.js";
import { tencentTc3, tencentV1 } from "./protocols/tencent.js";
import { sanitizedOutcome } from "./sanitize.js";
import type { TencentV1Method } from "./signing/tencent-v1.js";

export interface RequestBuilderOptions {
  readonly site: Site;
  readonly regions: Partial<Readonly<Record<Cloud, string>>>;
  /** Addresses that replace the documented hosts. */
  readonly endpoints: Partial<Readonly<Record<ServiceId, URL>>>;
  readonly tencentSignature: "TC3-HMAC-SHA256" | TencentV1Method;
  /** A UUID, different each time. */
  readonly nonce: () => string;
  /** Is applied to what a cloud says before any of it is replaced or cut. */
  readonly redact: Redact;
}

/** A call that can be sent and whose reply can be read. */
export interface PreparedRequest {
  readonly operation: Operation;
  readonly params: JsonObject;
  /**
   * Builds and signs a fresh request: the time and nonce of a sent one cannot be reused.
   * @throws {ToolError} if it is larger than the cloud accepts
   */
  sign(now: Date): HttpRequest;
  decode(reply: HttpReply): ReturnType<Protocol<unknown>["decode"]>;
}

type Params = PreparedRequest["params"];

/** Encodes a call for its vendor. @throws {ToolError} if there are no credentials for it */
export type BuildRequest = (operation: Operation, params: Params, credentials: Credentials) => PreparedRequest;

/** Creates the builder of one client, which caches addresses and derived keys across calls. */
export function createRequestBuilder(options: RequestBuilderOptions): BuildRequest {
  const { site, regions, endpoints, nonce, tencentSignature, redact } = options;
  const tencent = tencentSignature === "TC3-HMAC-SHA256" ? tencentTc3 : tencentV1(tencentSignature);
  const endpointOf = memoize(
    (service: Service): Endpoint => {
      const url = endpoints[service.id] ?? new URL(`https://${hostOf(service, site, regions[service.cloud])}/`);
      return { origin: url.origin, host: url.host };
    },
    ({ id }) => id,
  );
  return (given, all, credentials) => {
    const call = asOnWire(given, all);
    const { service } = call.operation;
    const prepareFor = <Keys>(protocol: Protocol<Keys>, keys: Keys | undefined) => {
      if (keys === undefined) throw withoutCredentials(service, credentials);
      const region = regions[service.cloud];
      const endpoint = endpointOf(service);
      const outgoing = { endpoint, credentials: keys, nonce, ...call, ...(region && { region }) };
      return preparedRequest(protocol, outgoing, redact);
    };
    switch (service.cloud) {
      case "tencent":
        return prepareFor(tencent, credentials.tencent);
      case "alibaba":
        return prepareFor(alibabaProtocol, credentials.alibaba);
      case "huawei":
        return prepareFor(huaweiProtocol, credentials.huawei);
    }
  };
}

/** The call with the store that it goes to, and the parameters of the wire. */
function asOnWire(operation: Operation, params: Params): { readonly operation: Operation; readonly params: Params } {
  const { stores, fixedParams } = operation;
  if (stores === undefined && fixedParams === undefined) return { operation, params };
  const { [stores?.parameter ?? ""]: _, ...rest } = params;
  return { operation: { ...operation, service: serviceFor(operation, params) }, params: { ...rest, ...fixedParams } };
}

function preparedRequest<Keys>(
  { build, decode, maxBodyBytes }: Protocol<Keys>,
  call: Omit<OutgoingCall<Keys>, "now"> & Pick<PreparedRequest, "operation">,
  redact: Redact,
): PreparedRequest {
  const { operation, params } = call;
  const drops = operation.effect === "read" ? operation.droppedMembers : undefined;
  const read: PreparedRequest["decode"] = (reply) => {
    const outcome = decode(reply, operation);
    const kept = drops && outcome?.ok ? withoutFields(drops, outcome) : outcome;
    return kept && sanitizedOutcome(kept, operation, params, redact);
  };
  const sign = (now: Date) => {
    const request = build({ now, ...call });
    const size = Buffer.byteLength(request.body);
    if (size > maxBodyBytes) throw tooLarge(operation, size, maxBodyBytes);
    return request;
  };
  return { operation, params, sign, decode: read };
}

/** The reply without the fields of these names at any depth; nobody gets to see them. */
function withoutFields(names: ReadonlySet<string>, { result, ...rest }: Success): Success {
  return { ...rest, result: mapMembers(result, (member, name) => (names.has(name) ? undefined : member)) };
}
