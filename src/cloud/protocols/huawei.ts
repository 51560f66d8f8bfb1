import { percentEncode } from "../../encoding.js";
import { parseObject } from "../../json.js";
import type { HuaweiCredentials, HuaweiKeys } from "../credentials.js";
import { signSdkHmac } from "../signing/sdk-hmac.js";
import type { HttpReply, HttpRequest } from "../transport.js";
import { type OutgoingCall, type Protocol, type Rejection, requestIdFrom, type Success, textOf } from "./protocol.js";

/** Huawei Cloud REST, signed with SDK-HMAC-SHA256 or carrying a token from IAM (FACTS.md 1.5). */
export const huawei: Protocol<HuaweiCredentials> = { build, decode, maxBodyBytes: 12 * 1024 * 1024 };

function build(call: OutgoingCall<HuaweiCredentials>): HttpRequest {
  const { route } = call.operation;
  if (route === undefined) throw new Error(`${call.operation.name} has no route`);
  const { params, endpoint } = call;
  const inUrl = new Set(route.query);
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    inUrl.add(name);
    return percentEncode(textOf(params[name]));
  });
  const query = route.query.map((name) => [name, textOf(params[name])] as const);
  const search = query.map(([name, value]) => `${name}=${percentEncode(value)}`).join("&");
  const inBody = Object.fromEntries(Object.entries(params).filter(([name]) => !inUrl.has(name)));
  const request = { method: route.method, url: new URL(`${path}?${search}`, endpoint), body: JSON.stringify(inBody) };
  const headers =
    "authToken" in call.credentials
      ? { "content-type": "application/json", "x-auth-token": call.credentials.authToken }
      : signedHeaders(request, query, call.credentials, textOf(call.params.project_id), call.now);
  return { headers, ...request };
}

function signedHeaders(
  { method, url, body }: Pick<HttpRequest, "method" | "url" | "body">,
  query: readonly (readonly [string, string])[],
  keys: HuaweiKeys,
  projectId: string,
  now: Date,
): Record<string, string> {
  const date = now.toISOString().replace(/[-:]|\.\d+/g, "");
  const headers = {
    "content-type": "application/json",
    host: url.host,
    "x-project-id": projectId,
    "x-sdk-date": date,
    ...(keys.securityToken && { "x-security-token": keys.securityToken }),
  };
  const path = decodeURIComponent(url.pathname);
  const { authorization } = signSdkHmac({ method, path, query, headers, date, body, ...keys });
  return { authorization, ...headers };
}

function decode(reply: HttpReply): Success | Rejection | undefined {
  // Success has no body at all (FACTS.md 4.1).
  const bodiless = reply.body.trim() === "";
  const body = bodiless ? undefined : parseObject(reply.body);
  const id = requestIdFrom(reply.headers["x-request-id"], body?.request_id);
  if (reply.status >= 200 && reply.status < 300) {
    return bodiless || body !== undefined ? { ok: true, result: body ?? {}, ...id } : undefined;
  }
  const code = textOf(body?.error_code);
  return code === "" ? undefined : { ok: false, code, message: textOf(body?.error_msg), ...id };
}
