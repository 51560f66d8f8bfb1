import { type AccessDeniedDetail, accessDeniedMembers } from "../../catalogue/errors/access-denied.js";
import { isEmptyMember, isObject, type JsonObject, ownMember, parseObject } from "../../lib/json.js";
import { wholeSeconds } from "../../lib/moment.js";
import { sha256Hex } from "../../lib/sha256.js";
import type { KeyParts } from "../credential-search.js";
import type { HttpReply, HttpRequest } from "../http.js";
import { signAcs3 } from "../signing/acs3.js";
import { flatten, form } from "../signing/primitives.js";
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

/** Alibaba Cloud RPC style with ACS3-HMAC-SHA256 (docs/cloud-behaviour.md 5.1). */
export const alibabaProtocol: Protocol<KeyParts> = { build, decode, maxBodyBytes: 10 * 1024 * 1024 };

function build(call: OutgoingCall<KeyParts>): HttpRequest {
  const { operation, params, endpoint, credentials, now, nonce } = call;
  // The official client puts every parameter, including the private key, into the URL, where proxies and gateways log
  // it. The signature covers a form body just as well; that a live gateway accepts it was not tested
  // (docs/cloud-behaviour.md 5.1, inferred).
  const body = form(flatten(params));
  const bodySha256 = sha256Hex(body);
  const signedHeaders = {
    host: endpoint.host,
    "content-type": "application/x-www-form-urlencoded",
    "x-acs-action": operation.name,
    "x-acs-version": operation.service.version,
    "x-acs-date": wholeSeconds(now),
    "x-acs-signature-nonce": nonce(),
    "x-acs-content-sha256": bodySha256,
    ...(credentials.token && {
      "x-acs-accesskey-id": credentials.id,
      "x-acs-security-token": credentials.token,
    }),
  };
  const { authorization } = signAcs3({
    method: "POST",
    query: [],
    headers: signedHeaders,
    bodySha256,
    accessKeyId: credentials.id,
    accessKeySecret: credentials.key,
  });
  return postTo(endpoint, { accept: "application/json", authorization, ...signedHeaders }, body);
}

/** Codes that are no refusal, as in the vendor's SDK (docs/cloud-behaviour.md 1.3). */
const successes = new Set(["200", "OK", "Success", "success"]);

function decode(reply: HttpReply): Success | Rejection | undefined {
  const body = parseObject(reply.body) ?? errorInXml(reply.body);
  if (body === undefined) return undefined;
  const { RequestId, Code, Message, ...result } = body;
  const id = requestIdFrom(RequestId, reply.headers["x-acs-request-id"]);
  const code = responseText(Code);
  const accepted = hasSucceeded(reply) && (isEmptyMember(Code) || successes.has(code));
  // No document says that these operations send it; other services of the vendor do, also without a code.
  const denied = result.Success === false || result.Success === "false";
  // Every result has the vendor's id (docs/cloud-behaviour.md 1.3).
  const isVendors = id.requestId !== undefined && !hasErrorMember(result);
  if (accepted && !denied) return isVendors ? { ok: true, result, ...id } : undefined;
  if (code === "" && !denied) return undefined;
  const detail = accessDeniedIn(body.AccessDeniedDetail);
  return {
    ok: false,
    code: accepted ? "" : code,
    message: responseText(Message),
    ...(detail !== undefined && { accessDenied: detail }),
    ...id,
  };
}

/** Some products send it as JSON text. */
function accessDeniedIn(detail: unknown): AccessDeniedDetail | undefined {
  const members = typeof detail === "string" ? parseObject(detail) : detail;
  if (!isObject(members)) return undefined;
  const texts = accessDeniedMembers.map((name) => [name, responseText(members[name])] as const);
  return Object.fromEntries(texts.filter(([, text]) => text !== ""));
}

/** The vendor's error in XML, the format of its API unless JSON is asked for (1.3); undefined without a code. */
function errorInXml(body: string): JsonObject | undefined {
  const [, members] = /^(?:<\?xml[^>]*>\s*)?<Error>([\s\S]*)<\/Error>$/.exec(body.trim()) ?? [];
  if (members === undefined) return undefined;
  const error = textsIn(members, ["RequestId", "Code", "Message"]);
  return isEmptyMember(error.Code)
    ? undefined
    : { ...error, AccessDeniedDetail: textsIn(members, accessDeniedMembers) };
}

/** The texts of these elements of an XML document, at any depth. */
function textsIn(xml: string, names: readonly string[]): Readonly<Record<string, string>> {
  const texts = xml.matchAll(new RegExp(`<(${names.join("|")})>([^<]*)</\\1>`, "g"));
  return Object.fromEntries(Array.from(texts, ([, name = "", text = ""]) => [name, unescaped(text)]));
}

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

const unescaped = (text: string) =>
  text.replace(/&(\w+);/g, (whole, name: string) => ownMember(entities, name) ?? whole);
