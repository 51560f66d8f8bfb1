import type { Operation } from "../../catalogue/operation.js";
import { isObject, type JsonObject, parseObject } from "../../lib/json.js";
import { percentEncode } from "../../lib/percent-encode.js";
import type { KeyParts } from "../credential-search.js";
import type { HuaweiCredentials } from "../credentials.js";
import type { HttpReply, HttpRequest } from "../http.js";
import { sdkDate, signSdkHmac } from "../signing/sdk-hmac.js";
import {
  hasErrorMember,
  hasSucceeded,
  type OutgoingCall,
  type Protocol,
  type Rejection,
  requestIdFrom,
  responseText,
  type Success,
} from "./protocol.js";

/** Huawei Cloud REST, signed with SDK-HMAC-SHA256 or carrying an IAM token (docs/cloud-behaviour.md 6.1). */
export const huaweiProtocol: Protocol<HuaweiCredentials> = { build, decode, maxBodyBytes: 12 * 1024 * 1024 };

function build(call: OutgoingCall<HuaweiCredentials>): HttpRequest {
  const { route } = call.operation;
  if (route === undefined) throw new Error(`${call.operation.name} has no route`);
  const { params, endpoint, credentials } = call;
  const inUrl = new Set(route.query);
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    inUrl.add(name);
    return percentEncode(responseText(params[name]));
  });
  const given = route.query.filter((name) => params[name] !== undefined);
  const query = given.map((name) => [name, responseText(params[name])] as const);
  const search = query.map(([name, value]) => `${name}=${percentEncode(value)}`).join("&");
  const inBody = Object.fromEntries(Object.entries(params).filter(([name]) => !inUrl.has(name)));
  const { method } = route;
  const body = method === "PUT" ? JSON.stringify(inBody) : "";
  const headers =
    "authToken" in credentials
      ? { "content-type": "application/json", "x-auth-token": credentials.authToken }
      : signedHeaders({ method, path, body }, query, credentials, call);
  return { method, origin: endpoint.origin, path: search === "" ? path : `${path}?${search}`, headers, body };
}

/** @param request its path as sent, encoded */
function signedHeaders(
  { method, path, body }: Pick<HttpRequest, "method" | "path" | "body">,
  query: readonly (readonly [string, string])[],
  { id: accessKey, key: secretKey, token }: KeyParts,
  { params, endpoint, now }: OutgoingCall<HuaweiCredentials>,
): Record<string, string> {
  const date = sdkDate(now);
  const headers = {
    "content-type": "application/json",
    host: endpoint.host,
    "x-project-id": responseText(params.project_id),
    "x-sdk-date": date,
    ...(token && { "x-security-token": token }),
  };
  const decoded = decodeURIComponent(path);
  const { authorization } = signSdkHmac({ method, path: decoded, query, headers, date, body, accessKey, secretKey });
  return { authorization, ...headers };
}

function decode(reply: HttpReply, documented?: Pick<Operation, "effect" | "result">): Success | Rejection | undefined {
  const isBodiless = reply.body.trim() === "";
  const body = isBodiless ? undefined : parseObject(reply.body);
  const id = requestIdFrom(reply.headers["x-request-id"], body?.request_id);
  if (hasSucceeded(reply) && !(body && hasErrorMember(body))) {
    // A change has no body at all (docs/cloud-behaviour.md 1.3); a read without one would look like an empty list.
    if (isBodiless) return documented?.effect === "read" ? undefined : { ok: true, result: {}, ...id };
    const isVendors = body && (id.requestId !== undefined || hasOnlyDocumented(body, documented));
    return isVendors ? { ok: true, result: body, ...id } : undefined;
  }
  const refused = body && errorIn(body, reply);
  return refused && { ok: false, ...refused, ...id };
}

/** Whether a body without the vendor's id is a result all the same: it has members, and only those of the operation. */
function hasOnlyDocumented(body: JsonObject, documented: Pick<Operation, "result"> | undefined): boolean {
  const names = Object.keys(body);
  return (
    documented !== undefined && names.length > 0 && names.every((name) => Object.hasOwn(documented.result.shape, name))
  );
}

/** In the envelope of IAM (docs/cloud-behaviour.md 1.3) only a code of the vendor's form tells it from a proxy's error. */
const vendorCode = /^[A-Z][A-Za-z]*\.\d+$/;

function errorIn(
  { error_code, error_msg, error }: JsonObject,
  { status }: HttpReply,
): Pick<Rejection, "code" | "message"> | undefined {
  const code = responseText(error_code);
  if (code !== "") return { code, message: responseText(error_msg) };
  if (!isObject(error)) return undefined;
  const nested = responseText(error.code);
  // IAM itself repeats the status as the code, and has a title beside the message; it refuses before anything is done.
  const isIams = error.code === status && (status === 401 || status === 403) && responseText(error.title) !== "";
  return isIams || vendorCode.test(nested) ? { code: nested, message: responseText(error.message) } : undefined;
}
