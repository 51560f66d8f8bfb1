import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Socket } from "node:net";
import { z } from "zod";
import { type Language, languageAccepted } from "../../lib/language.js";
import type { ApprovalRequest } from "../request.js";
import { checkSource, readForm } from "./form.js";
import { approvalPage, noticePage } from "./html.js";
import { type OneTimeLink, OneTimeLinks } from "./links.js";
import { type PageReply, sendFailure, sendReply } from "./reply.js";
import { type Texts, textsIn } from "./texts.js";

/** The channel name in recorded decisions. */
const PAGE = "page";

interface ApprovalPageOptions {
  /** How long a client may take to send a request, in milliseconds. */
  readonly timeoutMs?: number;
  /** The page's language; if absent, the one that the browser asks for. */
  readonly language?: Language | undefined;
}

/** The web server on the loopback address that shows plans and takes decisions. */
export class ApprovalPage {
  readonly #links = new OneTimeLinks();
  readonly #timeoutMs: number;
  readonly #language: Language | undefined;
  #starting: Promise<Server> | undefined;

  constructor({ timeoutMs = 10_000, language }: ApprovalPageOptions = {}) {
    this.#timeoutMs = timeoutMs;
    this.#language = language;
  }

  /**
   * Starts the server with the first request.
   * @returns the link to decide the request; anyone who knows it can decide
   * @throws if the server cannot listen
   */
  async offer(request: ApprovalRequest): Promise<string> {
    this.#starting ??= this.#start();
    const server = await this.#starting.catch((cause: unknown) => {
      this.#starting = undefined;
      throw cause;
    });
    return `http://127.0.0.1:${portOf(server)}/approve/${this.#links.add(request)}`;
  }

  async close(): Promise<void> {
    const server = await this.#starting?.catch(() => undefined);
    if (!server?.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  }

  async #start(): Promise<Server> {
    const server = createServer({
      headersTimeout: this.#timeoutMs,
      requestTimeout: this.#timeoutMs,
      keepAliveTimeout: this.#timeoutMs,
      connectionsCheckingInterval: this.#timeoutMs / 2,
      maxHeaderSize: 8192,
    });
    // Covers clients that do not read; the other timeouts cover what clients send.
    server.setTimeout(2 * this.#timeoutMs);
    server.maxRequestsPerSocket = 1;
    dropIdleAtLimit(server);
    server.on("request", (request, response) => {
      this.#reply(request, portOf(server)).then(
        (reply) => sendReply(response, reply),
        (cause: unknown) => sendFailure(response, cause),
      );
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    // Failed connections need no handling: only their clients are affected.
    server.on("error", () => {});
    return server;
  }

  async #reply(request: IncomingMessage, port: number): Promise<PageReply> {
    checkSource(request, port);
    const language = this.#language ?? languageAccepted(request.headers["accept-language"]);
    const texts = textsIn[language];
    const [, token] = /^\/approve\/([\w-]{43})$/.exec(request.url ?? "") ?? [];
    const link = token === undefined ? undefined : this.#links.find(token);
    if (link === undefined) return { status: 404, page: noticePage("unknown", texts) };
    if (!link.request.open) return endedReply(link.request, texts);
    return request.method === "POST" ? decide(link, request, language) : show(link, language);
  }
}

function show(link: OneTimeLink, language: Language): PageReply {
  const plan = link.request.planIn(language);
  const deadline = new Date(link.request.expiresAt);
  return { status: 200, page: approvalPage(plan, link.issueCsrfToken(), deadline, textsIn[language]) };
}

async function decide(link: OneTimeLink, incoming: IncomingMessage, language: Language): Promise<PageReply> {
  const texts = textsIn[language];
  const { csrfToken, decision, typed } = await readForm(incoming);
  if (!link.isIssued(csrfToken)) return { status: 403, page: noticePage("outdated", texts) };
  const { request } = link;
  if (!request.decide(decision === "approve", PAGE, typed)) return endedReply(request, texts);
  const { verdict } = request;
  const about = request.planIn(language).question;
  if (verdict === "approved" || verdict === "declined") return { status: 200, page: noticePage(verdict, texts, about) };
  return { status: 422, page: noticePage("wrong name", texts, about) };
}

/** The page of a request that can no longer be decided; it does not show the question. */
function endedReply({ verdict }: ApprovalRequest, texts: Texts): PageReply {
  if (verdict === undefined) return { status: 410, page: noticePage("expired", texts) };
  return { status: 410, page: noticePage("gone", texts, undefined, texts.ended[verdict]) };
}

function portOf(server: Server): number {
  return z.object({ port: z.number() }).parse(server.address()).port;
}

/** Maximum number of connections: a full backlog, so a new connection is read before it becomes the oldest. */
const MAX_CONNECTIONS = 512;

/**
 * Keeps room for new connections: at the limit, the one that has withheld a request for longest is dropped. If new
 * connections were refused instead, idle connections could block the server.
 */
function dropIdleAtLimit(server: Server): void {
  /** In order of arrival, with their latest request. */
  const connections = new Map<Socket, IncomingMessage | undefined>();
  server.on("connection", (socket) => {
    if (connections.size >= MAX_CONNECTIONS) longestIdle(connections)?.destroy();
    connections.set(socket, undefined);
    socket.once("close", () => connections.delete(socket));
  });
  server.prependListener("request", (request) => {
    if (connections.has(request.socket)) connections.set(request.socket, request);
  });
}

/** The oldest connection without a complete request; if all have one, the oldest. */
function longestIdle(connections: ReadonlyMap<Socket, IncomingMessage | undefined>): Socket | undefined {
  const open = [...connections].filter(([socket]) => !socket.destroyed);
  const [found] = open.find(([, request]) => request?.complete !== true) ?? open[0] ?? [];
  return found;
}
