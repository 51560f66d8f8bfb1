import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Scope } from "../identity/person.js";
import { TokenWithdrawn, type VerifiedToken } from "../identity/token.js";
import { keepNewest } from "../lib/keep-newest.js";
import { forTheRecord } from "../lib/language.js";
import type { Redact } from "../lib/redacted-start.js";
import { capped, escapeInvisible } from "../lib/safe-text.js";
import { HttpTransport, protocolVersions } from "../mcp/http-transport.js";
import { MAX_MESSAGE_LENGTH, readMessage } from "../mcp/read-message.js";
import { toolManifest } from "../mcp/tool-manifest.js";
import type { Admission } from "./authenticate.js";
import { refuse } from "./refusal.js";
import { onBehalfOf, type RequestFacts, traceOf } from "./request-facts.js";
import type { Sessions } from "./sessions.js";
import { personKey } from "./workspaces.js";

interface EndpointOptions {
  readonly path: string;
  readonly admission: Admission;
  /** Absent if every request stands for itself. */
  readonly sessions: Sessions | undefined;
  /** Connects an MCP server of its own to a transport, for one request or one session. */
  readonly connect: (transport: HttpTransport) => Promise<void>;
  readonly redact: Redact;
  /** Aborts when callers should go to another server. */
  readonly leaving: AbortSignal;
  /** Aborts when no more calls are taken. */
  readonly ending: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** How often the token of an open stream is checked, in milliseconds. */
const CHECK_INTERVAL = 1_000;

/** Of the names that clients call themselves: how many are remembered, and their length in characters. */
const maxNames = { names: 5_000, length: 60 };

/**
 * What clients call themselves, by what identifies them in all their requests. They say so only when they initialize;
 * without sessions, their later requests do not repeat it.
 */
type ClientNames = Map<string, string>;

type Endpoint = EndpointOptions & { readonly clientNames: ClientNames };

type Message = Extract<ReturnType<typeof readMessage>, { message: unknown }>["message"];

/** The MCP endpoint (MCP, Streamable HTTP). */
export function serveEndpoint(app: FastifyInstance, options: EndpointOptions): void {
  const endpoint: Endpoint = { ...options, clientNames: new Map() };
  const { path, sessions } = endpoint;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    "application/json",
    { parseAs: "buffer", bodyLimit: MAX_MESSAGE_LENGTH },
    (_request, body, done) => done(null, body),
  );
  app.post(path, async (request, reply) => answerPost(request, reply, endpoint));
  if (sessions === undefined) {
    // Without sessions there is nothing to listen to and nothing to end.
    const notAllowed = async (_: FastifyRequest, reply: FastifyReply) =>
      refuse(reply.header("allow", "POST"), 405, "This server keeps no sessions: send POST requests.");
    app.get(path, notAllowed);
    app.delete(path, notAllowed);
    return;
  }
  const inSession = async (request: FastifyRequest, reply: FastifyReply) => {
    if (!isVersionKnown(request)) return refuseVersion(reply);
    const found = sessionOf(request, reply, sessions);
    if (found === undefined) return reply;
    const facts = factsOf(request, reply, endpoint);
    watchToken(reply, facts, () => reply.raw.end());
    return hijacked(reply, () =>
      sessions.within(found, async () => {
        await onBehalfOf(facts, () => found.transport.handle(request.raw, reply.raw));
        await closed(reply);
      }),
    );
  };
  app.get(path, inSession);
  app.delete(path, inSession);
}

async function answerPost(request: FastifyRequest, reply: FastifyReply, options: Endpoint): Promise<unknown> {
  const { sessions, leaving, ending, connect, redact } = options;
  if (ending.aborted) {
    const message = "This server is shutting down. Nothing was done. Send the request again.";
    return refuse(reply.headers({ "retry-after": "1", connection: "close" }), 503, message);
  }
  const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const incoming = readMessage({ complete: true, bytes });
  if (incoming === undefined) return refuse(reply, 400, "The request holds no message. Nothing was done.");
  if ("reply" in incoming) {
    const { id, error } = incoming.reply;
    return refuse(reply, 400, error.message, id, error.code);
  }
  const { message } = incoming;
  const demanded = scopesToDemand(message, request);
  if (demanded !== undefined) return options.admission.demand(reply, demanded, idOf(message));
  if (!isInitialize(message) && !isVersionKnown(request)) return refuseVersion(reply, idOf(message));
  const { person } = admittedOf(request);
  if (isInitialize(message)) learnName(options, clientKey(request), message);
  const givenUp = new AbortController();
  const facts = factsOf(request, reply, options, givenUp);
  // A call that takes time is answered when its token is withdrawn; requests already sent to a cloud are still awaited
  // and recorded. A token that expires ends its call by the time limit, whose reply says how to continue.
  const withdrawn = () => options.now() < facts.until && givenUp.abort(new TokenWithdrawn());
  if (mayTakeTime(message)) watchToken(reply, facts, withdrawn);

  if (sessions === undefined) {
    const alone = async () => {
      // The SDK's streams say `Connection: keep-alive`, and their connections would come back.
      const transport = new HttpTransport({ redact, atOnce: leaving.aborted || !mayTakeTime(message) });
      await connect(transport);
      await transport.handle(request.raw, reply.raw, message);
      await closed(reply);
      // Calls whose client hung up go on; everything else is over.
      if (reply.raw.writableFinished) await transport.close();
    };
    return hijacked(reply, () => onBehalfOf(facts, alone));
  }
  const known = request.headers["mcp-session-id"] === undefined ? undefined : sessionOf(request, reply, sessions);
  if (reply.sent) return reply;
  if (known === undefined && !isInitialize(message)) {
    return refuse(reply, 400, "The request names no session: initialize one first.", idOf(message));
  }
  const inSession = async () => {
    const session = known ?? (await openSession(personKey(person), sessions, options));
    await sessions.within(session, async () => {
      await session.transport.handle(request.raw, reply.raw, message);
      await closed(reply);
    });
  };
  return hijacked(reply, () => onBehalfOf(facts, inSession));
}

/** Checked here, because the SDK's error repeats the header, which may hold anything. */
function isVersionKnown(request: FastifyRequest): boolean {
  const version = headerOf(request, "mcp-protocol-version");
  return version === undefined || protocolVersions.includes(version);
}

function refuseVersion(reply: FastifyReply, id: ReturnType<typeof idOf> = null) {
  const known = protocolVersions.join(", ");
  return refuse(reply, 400, `The header MCP-Protocol-Version is none of ${known}. Nothing was done.`, id);
}

async function openSession(owner: string, sessions: Sessions, { connect, redact }: EndpointOptions) {
  const id = randomUUID();
  const transport = new HttpTransport({ redact, sessionId: id });
  await connect(transport);
  return sessions.add(id, owner, transport);
}

/** The session that the request names; if there is none, the request has been answered. */
function sessionOf(request: FastifyRequest, reply: FastifyReply, sessions: Sessions) {
  const id = request.headers["mcp-session-id"];
  const found = typeof id === "string" ? sessions.find(id, personKey(admittedOf(request).person)) : undefined;
  if (found !== undefined) return found;
  // 404 makes a client begin a new session.
  if (id === undefined) refuse(reply, 400, "The request names no session.");
  else refuse(reply, 404, "There is no such session. Initialize a new one.");
  return undefined;
}

/** All scopes of the call (RFC 6750) if the token lacks one; a read may be made by every admitted caller. */
function scopesToDemand(message: Message, request: FastifyRequest): readonly Scope[] | undefined {
  if (!("method" in message) || message.method !== "tools/call") return undefined;
  const tool = toolManifest.find(({ name }) => name === message.params?.name);
  if (tool === undefined || tool.effect === "read") return undefined;
  const { scopes } = admittedOf(request).person;
  const needed: readonly Scope[] = ["certs:read", "certs:change"];
  return needed.every((scope) => scopes.has(scope)) ? undefined : needed;
}

/** Hands the response over to `work`, which answers it. A failure before that is logged and ends the connection. */
async function hijacked(reply: FastifyReply, work: () => Promise<void>): Promise<FastifyReply> {
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value);
  reply.hijack();
  try {
    await work();
  } catch (error) {
    reply.log.error(error);
    if (reply.raw.headersSent) reply.raw.destroy();
    else reply.raw.writeHead(500).end();
  }
  return reply;
}

/** Calls `end` when the token is no longer valid, unless the reply has ended by then. */
function watchToken({ raw }: FastifyReply, { isStillAdmitted }: RequestFacts, end: () => unknown): void {
  const checking = setInterval(() => void isStillAdmitted().then((isIn) => isIn || end(), end), CHECK_INTERVAL).unref();
  raw.once("close", () => clearInterval(checking));
}

function closed({ raw }: FastifyReply): Promise<void> {
  return raw.closed || raw.destroyed ? Promise.resolve() : new Promise((resolve) => raw.once("close", () => resolve()));
}

function factsOf(
  request: FastifyRequest,
  reply: FastifyReply,
  { clientNames, redact }: Endpoint,
  disconnection = new AbortController(),
): RequestFacts {
  const { person, client: clientId, until, isStillValid } = admittedOf(request);
  // As it calls itself, or else by the id that its token was issued to.
  const client = clientNames.get(clientKey(request)) ?? headerOf(request, "user-agent") ?? clientId;
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) disconnection.abort(new Error("the client is gone"));
  });
  return {
    id: request.id,
    trace: traceOf(headerOf(request, "traceparent")),
    identity: { person, ...(client && { client: shownName(client, MAX_CLIENT_LENGTH, redact) }) },
    until,
    isStillAdmitted: isStillValid,
    disconnected: disconnection.signal,
  };
}

/** Longest name of a client that is shown and recorded, in characters, so that it cannot fill a plan. */
const MAX_CLIENT_LENGTH = 80;

const introduction = z.object({ params: z.object({ clientInfo: z.object({ name: z.string().min(1) }) }) });

const shownName = (name: string, most: number, redact: Redact) =>
  capped(escapeInvisible(name), most, { ...forTheRecord, redact });

function learnName({ clientNames, redact }: Endpoint, key: string, initialize: Message): void {
  const { data } = introduction.safeParse(initialize);
  if (data === undefined) return;
  keepNewest(clientNames, key, shownName(data.params.clientInfo.name, maxNames.length, redact), maxNames.names);
}

/** Identifies a client as far as each of its requests allows. */
function clientKey(request: FastifyRequest): string {
  const { person, client } = admittedOf(request);
  return JSON.stringify([person.id, client, headerOf(request, "user-agent")]);
}

function admittedOf({ admitted }: FastifyRequest): VerifiedToken {
  if (admitted === undefined) throw new Error("a request got past the check of its token");
  return admitted;
}

function headerOf({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : undefined;
}

/** Calls may wait for a person and report progress; everything else is answered at once. */
function mayTakeTime(message: Message): boolean {
  return "method" in message && message.method === "tools/call";
}

function isInitialize(message: Message): boolean {
  return "method" in message && message.method === "initialize";
}

function idOf(message: Message): string | number | null {
  return "method" in message && "id" in message ? message.id : null;
}
