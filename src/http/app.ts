import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { BlockList, isIP, isIPv6 } from "node:net";
import rateLimit from "@fastify/rate-limit";
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
  fastify,
  LogController,
} from "fastify";
import { unlessThrown } from "../lib/failure.js";
import { forTheRecord } from "../lib/language.js";
import type { Redact } from "../lib/redacted-start.js";
import { capped } from "../lib/safe-text.js";
import type { TextOutput } from "../lib/text-output.js";
import { becauseOfDefect } from "../lib/tool-error.js";
import { healthPaths } from "./health.js";
import { pathWithoutQuery } from "./host-and-origin.js";
import { refuse } from "./refusal.js";
import { requestNow } from "./request-facts.js";

interface AppOptions {
  readonly logger: NonNullable<FastifyServerOptions["logger"]>;
  /** Is applied to a path before it is cut. */
  readonly redact: Redact;
  /** In PEM; plain HTTP if absent. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  readonly trustedProxies: readonly string[];
  /** How long a client may take to send a request, in milliseconds. */
  readonly requestTime: number;
  /** Requests a minute from one address; from an IPv6 network of 64 bits. */
  readonly addressRateLimit: number;
}

/** How long a client may take to send the headers, in milliseconds. */
const HEADERS_TIME = 10_000;

/** How long an idle connection stays open, in milliseconds: longer than proxies keep one, so that they close it. */
const KEEP_ALIVE = 75_000;

/** In bytes: a token of 8 KiB, and what a browser or a proxy adds. */
const MAX_HEADERS_SIZE = 16_384;

/** Largest body, in bytes, where a route does not say otherwise. */
const MAX_BODY_SIZE = 65_536;

/** Of a path in the log, in characters. */
const MAX_PATH = 200;

/** A minute, in milliseconds. */
const RATE_WINDOW = 60_000;

/** An HTTP server with limits on all that a caller sends, and nothing to call yet. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { logger, redact, tls, trustedProxies, requestTime, addressRateLimit } = options;
  const connections = {
    headersTimeout: Math.min(HEADERS_TIME, requestTime),
    // How often the time limits are checked.
    connectionsCheckingInterval: Math.min(1_000, requestTime / 2),
    maxHeaderSize: MAX_HEADERS_SIZE,
  };
  const proxies = networksOf(trustedProxies);
  // Also called with entries of X-Forwarded-For, which may be any text.
  const isTrusted = (written = "") => {
    const [address = ""] = written.split("%");
    return isIP(address) !== 0 && proxies.check(address, familyOf(address));
  };
  const common = {
    logger,
    logController: new LogController({ disableRequestLogging: true }),
    // The log adds the request to each line itself.
    childLoggerFactory: (parent: FastifyBaseLogger) => parent,
    genReqId: (request: IncomingMessage) => requestId(request, isTrusted),
    // The framework answers what it cannot decode, or finds too long, itself: past Host check, rate limits and log.
    rewriteUrl: ({ url = "" }: Pick<IncomingMessage, "url">) => decodable(url),
    routerOptions: { maxParamLength: MAX_HEADERS_SIZE },
    bodyLimit: MAX_BODY_SIZE,
    requestTimeout: requestTime,
    keepAliveTimeout: KEEP_ALIVE,
    trustProxy: isTrusted,
    forceCloseConnections: "idle" as const,
    // The endpoint says itself that it takes no more calls.
    return503OnClosing: false,
  };
  const app: FastifyInstance = tls
    ? fastify({ ...common, https: { ...connections, cert: tls.cert, key: tls.key, minVersion: "TLSv1.2" } })
    : fastify({ ...common, http: connections });
  await app.register(rateLimit, { global: false });
  limitAddresses(app, addressRateLimit);
  app.setNotFoundHandler((_request, reply) => refuse(reply, 404, "There is nothing at this address."));
  app.setErrorHandler(answerFailure);
  app.addHook("onResponse", async (request, reply) => {
    const { id, method, admitted } = request;
    const { statusCode: status } = reply;
    const path = pathWithoutQuery(request);
    // An orchestrator asks every few seconds.
    const level = healthPaths.includes(path) && status === 200 ? "debug" : "info";
    const ms = Math.round(reply.elapsedTime);
    const facts = {
      request_id: id,
      method,
      path: capped(path, MAX_PATH, { ...forTheRecord, redact }),
      status,
      ms,
      person: admitted?.person.id,
    };
    request.log[level](facts, "request");
  });
  return app;
}

/**
 * A log of one JSON document a line, each with the request and the trace that it belongs to. Nothing is logged of a
 * request but its method, path and outcome: a query or a header may hold what is secret.
 */
export function jsonLog(
  output: TextOutput,
  redact: (line: string) => string,
): NonNullable<FastifyServerOptions["logger"]> {
  return {
    level: "info",
    base: null,
    messageKey: "message",
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (level) => ({ level }) },
    mixin: () => {
      const facts = requestNow();
      if (facts === undefined) return {};
      const { id, trace, identity } = facts;
      return { request_id: id, trace_id: trace.traceId, span_id: trace.spanId, person: identity.person.id };
    },
    stream: { write: (line: string) => void output.write(redact(line)) },
  };
}

/** A path that no server can decode becomes one that is nowhere. */
function decodable(url: string): string {
  const path = pathWithoutQuery({ url });
  const isDecodable = unlessThrown(() => decodeURIComponent(path)) !== undefined;
  return isDecodable ? url : `${path.replaceAll("%", "%25")}${url.slice(path.length)}`;
}

/** A proxy's id for the request, if it comes from one that is trusted; else an id of our own. */
function requestId({ headers, socket }: IncomingMessage, isTrusted: (address?: string) => boolean): string {
  const given = headers["x-request-id"];
  return isTrusted(socket.remoteAddress) && typeof given === "string" && /^[\w.-]{8,64}$/.test(given)
    ? given
    : randomUUID();
}

function networksOf(written: readonly string[]): BlockList {
  const networks = new BlockList();
  for (const each of written) {
    const [address = "", bits] = each.split("/");
    if (bits === undefined) networks.addAddress(address, familyOf(address));
    else networks.addSubnet(address, Number(bits), familyOf(address));
  }
  return networks;
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIPv6(address) ? "ipv6" : "ipv4";
}

function limitAddresses(app: FastifyInstance, max: number): void {
  const fromAddress = app.createRateLimit({ max, timeWindow: RATE_WINDOW });
  app.addHook("onRequest", async (request, reply) => {
    reply.headers({ "x-request-id": request.id, "x-content-type-options": "nosniff", "cache-control": "no-store" });
    if (healthPaths.includes(pathWithoutQuery(request))) return undefined;
    return tooMany(reply, secondsLeft(await fromAddress(request)), "from this address");
  });
}

/** Counts the requests of each sender. @returns the seconds until the next is accepted, if there were too many */
export function limitEach(app: FastifyInstance, max: number) {
  const keys = new WeakMap<FastifyRequest, string>();
  const keyGenerator = (request: FastifyRequest) => keys.get(request) ?? request.ip;
  const count = app.createRateLimit({ max, timeWindow: RATE_WINDOW, keyGenerator });
  return async (request: FastifyRequest, whose: string): Promise<number | undefined> => {
    keys.set(request, whose);
    return secondsLeft(await count(request));
  };
}

/** Limits the requests of each person. */
export function limitPersons(app: FastifyInstance, max: number): void {
  const ofPerson = limitEach(app, max);
  app.addHook("onRequest", async (request, reply) => {
    const seconds = await ofPerson(request, `person ${request.admitted?.person.id}`);
    return tooMany(reply, seconds, "of this person");
  });
}

type Limit = Awaited<ReturnType<ReturnType<FastifyInstance["createRateLimit"]>>>;

/** How long to wait, if there were too many requests. */
function secondsLeft(limit: Limit): number | undefined {
  return limit.isAllowed || !limit.isExceeded ? undefined : limit.ttlInSeconds;
}

function tooMany(reply: FastifyReply, seconds: number | undefined, whose: string) {
  if (seconds === undefined) return undefined;
  const message = `There are too many requests ${whose}. Nothing was done. Send the request again in ${seconds} seconds.`;
  return refuse(reply.header("retry-after", String(seconds)), 429, message);
}

/** The framework's refusals in our form. A defect of this program is logged and not shown. */
function answerFailure(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const given = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
  const status = typeof given === "number" && given >= 400 && given < 500 ? given : 500;
  if (status === 500) request.log.error({ request_id: request.id, err: error });
  return refuse(reply, status, failures[status] ?? "The request is not valid. Nothing was done.");
}

const failures: Readonly<Record<number, string>> = {
  408: "The request took too long to arrive. Nothing was done.",
  413: "The request is too large. Nothing was done.",
  415: "Send JSON, as Content-Type: application/json. Nothing was done.",
  500: `The request failed ${becauseOfDefect}`,
};
