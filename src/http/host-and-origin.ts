import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { refuse } from "./refusal.js";

interface BoundaryOptions {
  /** In lower case, in each form that a client may write. */
  readonly hosts: ReadonlySet<string>;
  readonly origins: ReadonlySet<string>;
  /** Paths that say nothing about anybody: probes ask by address. */
  readonly open: ReadonlySet<string>;
}

/**
 * Refuses requests that a foreign web page makes a browser send: they have a foreign Origin or, if the page's name was
 * made to resolve to this server (DNS rebinding), a foreign Host.
 */
export function guardBoundary(app: FastifyInstance, { hosts, origins, open }: BoundaryOptions): void {
  app.addHook("onRequest", async (request, reply) => {
    if (open.has(pathWithoutQuery(request))) return undefined;
    // HTTP/1.0 needs none.
    if (!hosts.has((request.host ?? "").toLowerCase())) {
      return refuse(reply, 403, "This server does not answer for that Host. Nothing was done.");
    }
    const { origin } = request.headers;
    if (origin === undefined) return undefined;
    if (!origins.has(origin)) {
      return refuse(reply, 403, "Pages of that Origin may not call this server. Nothing was done.");
    }
    allowPage(reply, origin);
    return request.method === "OPTIONS" ? reply.code(204).send() : undefined;
  });
}

/** The forms of a Host header: a client may write the port even if it is the scheme's own (RFC 9110, section 4.2.3). */
export function writtenHosts(host: string, protocol: string): readonly string[] {
  const own = protocol === "https:" ? ":443" : ":80";
  if (host.endsWith(own)) return [host, host.slice(0, -own.length)];
  return /:\d+$/.test(host) ? [host] : [host, `${host}${own}`];
}

export function pathWithoutQuery({ url }: Pick<FastifyRequest, "url">): string {
  return url.split("?", 1)[0] ?? "";
}

/** Cross-Origin Resource Sharing, for clients that are web pages. The browser sends no cookies with such requests. */
function allowPage(reply: FastifyReply, origin: string): void {
  reply.headers({
    "access-control-allow-origin": origin,
    vary: "Origin",
    "access-control-allow-methods": "GET, POST, DELETE",
    "access-control-allow-headers":
      "authorization, content-type, accept, mcp-session-id, mcp-protocol-version, last-event-id, traceparent",
    "access-control-expose-headers": "mcp-session-id, www-authenticate, x-request-id",
    "access-control-max-age": "600",
  });
}
