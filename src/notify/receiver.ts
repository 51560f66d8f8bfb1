import { z } from "zod";
import type { HttpReply, HttpRequest } from "../cloud/http.js";
import { parseJson } from "../lib/json.js";
import type { NotifyMessage } from "./message.js";

/** What an operator can name in `--notify`. */
export const receiverKinds = ["feishu", "dingtalk", "wecom", "slack", "webhook"] as const;
export type ReceiverKind = (typeof receiverKinds)[number];

/** Why a message did not arrive. */
export interface DeliveryFault {
  /** For the log; the receiver's words in it are quoted. */
  readonly reason: string;
  /** Whether the same message may arrive if it is sent again. */
  readonly isTransient: boolean;
  /** How long to wait before the next attempt at least, in milliseconds, if the receiver says. */
  readonly waitMs?: number;
}

/** At most so many messages in so many milliseconds. */
interface RateWindow {
  readonly messages: number;
  readonly perMs: number;
}

/** A destination of messages: how its vendor expects them, and what its answers mean. */
export interface Receiver {
  /** For log and doctor: "feishu (1)". Nothing of its address, which is as good as a password. */
  readonly name: string;
  /** The vendor's limits for one robot or address. */
  readonly windows: readonly RateWindow[];
  /** How many of the messages that wait, from the first on, go into one request: at least one. */
  batchSize(waiting: readonly NotifyMessage[]): number;
  /** The signed request, for this moment: receivers refuse old signatures. */
  request(messages: readonly NotifyMessage[], now: Date): HttpRequest;
  /** What is wrong with the answer; undefined if the message arrived. */
  faultIn(reply: HttpReply): DeliveryFault | undefined;
}

/** Where a receiver is, and what its messages are signed with. */
export interface ReceiverAddress {
  readonly name: string;
  readonly url: URL;
  readonly secret: string | undefined;
}

/** A POST of JSON; `query` is added to that of the address. */
export function jsonPost(
  { origin, pathname, search }: URL,
  body: string,
  headers: Readonly<Record<string, string>> = {},
  query: Readonly<Record<string, string>> = {},
): HttpRequest {
  const parameters = new URLSearchParams(search);
  for (const [name, value] of Object.entries(query)) parameters.set(name, value);
  const queryString = parameters.size === 0 ? "" : `?${parameters}`;
  return {
    method: "POST",
    origin,
    path: `${pathname}${queryString}`,
    headers: { "content-type": "application/json; charset=utf-8", "user-agent": "cloudcert-mcp", ...headers },
    body,
  };
}

/** Statuses after which the same request may pass: too many, too early, and a gateway's troubles. */
const transientStatuses = new Set([408, 425, 429, 500, 502, 503, 504]);

/** A status outside 200 to 299 is a failure, and so is a redirect: following one would take the message elsewhere. */
export function statusFault({ status, headers, body }: HttpReply): DeliveryFault | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status >= 300 && status < 400)
    return { reason: `HTTP ${status}, a redirect, which is not followed`, isTransient: false };
  const waitMs = retryAfterMs(headers["retry-after"]);
  const isTransient = transientStatuses.has(status);
  const words = body.trim();
  return {
    reason: `HTTP ${status}${words === "" ? "" : ` ${quotedWords(words)}`}`,
    isTransient,
    ...(waitMs !== undefined && { waitMs }),
  };
}

/** Only in seconds: the other form, a date, depends on both clocks. */
function retryAfterMs(header: string | string[] | undefined): number | undefined {
  return typeof header === "string" && /^\d{1,5}$/.test(header) ? Number(header) * 1_000 : undefined;
}

/** Longest text of a receiver in our log, in characters. */
const MAX_LOGGED_LENGTH = 160;

/** What a receiver says, on one line and in quotation marks. */
export function quotedWords(words: string): string {
  return JSON.stringify(words.slice(0, MAX_LOGGED_LENGTH));
}

/** Answers of a robot that come with HTTP 200 whether or not the message was taken. */
const verdict = z.object({
  code: z.number().optional(),
  errcode: z.number().optional(),
  StatusCode: z.number().optional(),
  msg: z.string().optional(),
  errmsg: z.string().optional(),
});

/** The fault in a robot's JSON: any code but 0. `transientCodes`: codes after which the same message may be taken later. */
export function verdictFault(reply: HttpReply, transientCodes: readonly number[]): DeliveryFault | undefined {
  const byStatus = statusFault(reply);
  const { data } = verdict.safeParse(parseJson(reply.body));
  const code = data?.code ?? data?.errcode ?? data?.StatusCode;
  // The robot's own code says more than the status that it comes with, such as 400 for too many messages.
  if (byStatus !== undefined && code !== undefined && transientCodes.includes(code))
    return { ...byStatus, isTransient: true };
  if (byStatus !== undefined) return byStatus;
  if (code === undefined) return { reason: "an answer that is none of this robot's", isTransient: false };
  if (code === 0) return undefined;
  const words = data?.msg ?? data?.errmsg ?? "";
  return { reason: `code ${code} ${quotedWords(words)}`, isTransient: transientCodes.includes(code) };
}
