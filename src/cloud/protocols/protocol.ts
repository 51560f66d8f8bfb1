import type { AccessDeniedDetail } from "../../catalogue/errors/access-denied.js";
import type { Operation } from "../../catalogue/operation.js";
import type { Service } from "../../catalogue/services.js";
import { isEmptyMember, type JsonObject } from "../../lib/json.js";
import type { ToolError } from "../../lib/tool-error.js";
import type { HttpReply, HttpRequest } from "../http.js";

/** Where calls to a service go. */
export interface Endpoint {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Host, and port unless it is the scheme's default, as in the Host header. */
  readonly host: string;
}

/** The part of an operation that decides how a request is built. */
export interface AddressedOperation extends Pick<Operation, "name" | "route"> {
  readonly service: Pick<Service, "version" | "hosts">;
}

/** A call to a cloud. Clock and nonce are passed in, so that a request can be reproduced exactly. */
export interface OutgoingCall<Credentials> {
  readonly operation: AddressedOperation;
  readonly params: JsonObject;
  readonly endpoint: Endpoint;
  readonly credentials: Credentials;
  readonly now: Date;
  /** A UUID, different each time. */
  readonly nonce: () => string;
  /** Sent if the protocol has a place for it. */
  readonly region?: string;
}

export interface Success {
  readonly ok: true;
  readonly result: JsonObject;
  readonly requestId?: string;
  /** Further remarks, one sentence each. */
  readonly notes?: readonly string[];
  /** Why no clear answer came, if only a later read showed the success. */
  readonly verifiedAfter?: ToolError;
}

export interface Rejection {
  readonly ok: false;
  /** Empty if the cloud reported an error without one: what came of the call is unclear. */
  readonly code: string;
  readonly message: string;
  readonly requestId?: string;
  /** There was a message that must not be shown. */
  readonly withheld?: true;
  /** What lacks the permission, as far as the cloud says it. */
  readonly accessDenied?: AccessDeniedDetail;
}

/**
 * How one vendor encodes calls and replies. Every call passes here, so spreads come last in their objects: Node 20
 * takes 0.6 µs for each property after a spread, and less than five for a signature.
 */
export interface Protocol<Credentials> {
  build(call: OutgoingCall<Credentials>): HttpRequest;
  /**
   * What the vendor said; undefined if this is not the vendor's envelope at all. Only a reply with evidence that it is
   * the vendor's is a success: a proxy or a portal may answer any call with 200 and JSON of its own.
   * @param documented the operation that was called, if it is in the catalogue
   */
  decode(reply: HttpReply, documented?: Pick<Operation, "effect" | "result">): Success | Rejection | undefined;
  /** Largest request body that the vendor accepts, in bytes. */
  readonly maxBodyBytes: number;
}

/** A call in the RPC style: the operation's name is in the headers or the body. */
export function postTo({ origin }: Endpoint, headers: HttpRequest["headers"], body: string): HttpRequest {
  return { method: "POST", origin, path: "/", headers, body };
}

/** A field that should be text, as text; empty if missing. */
export function responseText(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
}

/** Whether the status is one of success. A cloud that means a refusal may still send it. */
export function hasSucceeded({ status }: HttpReply): boolean {
  return status >= 200 && status < 300;
}

/** The request id by which the vendor can find the call, from the first place that has one. */
export function requestIdFrom(...places: readonly unknown[]): { requestId?: string } {
  for (const place of places) {
    const requestId = responseText(place);
    if (requestId !== "") return { requestId };
  }
  return {};
}

/** Names of an error, as this vendor, its other services or whatever answers in its place spells them. */
const errorNames = /^(?:err(?:or)?s?(?:[-_]?(?:code|msg|message|desc|description|info|detail)s?)?|code(?:desc)?)$/i;

/** Values that are no error, whatever the name. */
const noErrors = new Set(["0", "200", "ok", "success", "false"]);

/** Whether a member says that there was an error, although it is not the one in which the vendor documents errors. */
export function hasErrorMember(members: JsonObject): boolean {
  return Object.entries(members).some(([name, value]) => {
    if (/^success$/i.test(name)) return value === false || value === "false";
    return errorNames.test(name) && !isNoError(value);
  });
}

function isNoError(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return isEmptyMember(value) || value === false || noErrors.has(responseText(value).toLowerCase());
}
