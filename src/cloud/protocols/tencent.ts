import { hostOf, type Service } from "../../catalogue/services.js";
import { isEmptyMember, isObject, parseObject } from "../../lib/json.js";
import type { KeyParts } from "../credential-search.js";
import type { HttpReply, HttpRequest } from "../http.js";
import { flatten, form } from "../signing/primitives.js";
import { signTc3 } from "../signing/tc3.js";
import { signTencentV1, type TencentV1Method } from "../signing/tencent-v1.js";
import {
  hasErrorMember,
  hasSucceeded,
  type OutgoingCall,
  type Protocol,
  postTo,
  type Rejection,
  requestIdFrom,
  responseText,
  type Success,
} from "./protocol.js";

type TencentCall = OutgoingCall<KeyParts>;

const MIB = 1024 * 1024;

/** Tencent Cloud API 3.0 with TC3-HMAC-SHA256 (docs/cloud-behaviour.md 2.1). */
export const tencentTc3: Protocol<KeyParts> = { build: buildTc3, decode, maxBodyBytes: 10 * MIB };

/**
 * Tencent Cloud API 3.0 with the older signature, for accounts whose policy still requires it (docs/cloud-behaviour.md
 * 2.2).
 */
export function tencentV1(algorithm: TencentV1Method): Protocol<KeyParts> {
  return { build: (call) => buildV1(call, algorithm), decode, maxBodyBytes: MIB };
}

function buildTc3(call: TencentCall): HttpRequest {
  const { operation, params, endpoint, credentials, now, region } = call;
  const body = JSON.stringify(params);
  const timestamp = Math.trunc(now.getTime() / 1000);
  const signedHeaders = { "content-type": "application/json", host: endpoint.host };
  const { authorization } = signTc3({
    service: scopeOf(operation.service),
    method: "POST",
    query: "",
    headers: signedHeaders,
    body,
    timestamp,
    secretId: credentials.id,
    secretKey: credentials.key,
  });
  const headers = {
    authorization,
    "x-tc-action": operation.name,
    "x-tc-version": operation.service.version,
    "x-tc-timestamp": String(timestamp),
    ...signedHeaders,
    ...(region && { "x-tc-region": region }),
    ...(credentials.token && { "x-tc-token": credentials.token }),
  };
  return postTo(endpoint, headers, body);
}

function buildV1(call: TencentCall, algorithm: TencentV1Method): HttpRequest {
  const { operation, params, endpoint, credentials, now, nonce, region } = call;
  const unsigned = Object.assign(flatten(params), {
    Action: operation.name,
    Version: operation.service.version,
    Timestamp: String(Math.trunc(now.getTime() / 1000)),
    // The vendor's SDKs send 0 to 65535 here (docs/cloud-behaviour.md 2.2).
    Nonce: String(Number.parseInt(nonce().slice(0, 4), 16)),
    SecretId: credentials.id,
    SignatureMethod: algorithm,
    ...(region && { Region: region }),
    ...(credentials.token && { Token: credentials.token }),
  });
  const { signature } = signTencentV1({
    secretKey: credentials.key,
    method: "POST",
    host: endpoint.host,
    algorithm,
    params: unsigned,
  });
  const body = form(Object.assign(unsigned, { Signature: signature }));
  return postTo(endpoint, { "content-type": "application/x-www-form-urlencoded" }, body);
}

/** The service's name in the credential scope: the first label of its documented host, `ssl` or `teo`. */
function scopeOf(service: Pick<Service, "hosts">): string {
  return hostOf(service, "intl").replace(/\..*/, "");
}

function decode(reply: HttpReply): Success | Rejection | undefined {
  const body = parseObject(reply.body);
  if (body === undefined) return undefined;
  const response = body.Response;
  if (isObject(response)) {
    const { Error: error, RequestId, ...result } = response;
    const id = requestIdFrom(RequestId);
    if (isObject(error)) {
      const code = responseText(error.Code ?? error.code);
      return { ok: false, code, message: responseText(error.Message ?? error.message), ...id };
    }
    // A result with a status of failure or without the vendor's id, or an error of another form: what came of the call
    // is unclear.
    const isVendors = id.requestId !== undefined && isEmptyMember(error) && !hasErrorMember(result);
    return hasSucceeded(reply) && isVendors ? { ok: true, result, ...id } : undefined;
  }
  // The envelope of API 2.0, which a gateway may still return (docs/cloud-behaviour.md 1.3).
  const code = responseText(body.codeDesc);
  return code === "" ? undefined : { ok: false, code, message: responseText(body.message) };
}
