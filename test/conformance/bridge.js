import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";

/**
 * Serves a stdio server over streamable HTTP, for testers that know nothing but URLs: every session has a process of its
 * own, and its messages go through both ways as they are.
 * @param {{ command: string, args: string[], env: Record<string, string> }} server
 * @param {(message: object) => object} standIn what a request is replaced with before the server gets it
 */
export async function bridge(server, standIn) {
  const sessions = new Map();
  const http = createServer(async (request, response) => {
    const known = sessions.get(request.headers["mcp-session-id"]);
    const session = known ?? (await open(server, standIn, (id, opened) => sessions.set(id, opened)));
    await session.handleRequest(request, response);
  });
  await once(http.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${http.address().port}/mcp`,
    async close() {
      await Promise.all([...sessions.values()].map((session) => session.close()));
      http.closeAllConnections();
      http.close();
    },
  };
}

async function open(server, standIn, opened) {
  const inner = new StdioClientTransport({ ...server, stderr: "ignore" });
  const outer = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => opened(id, outer),
  });
  /** The requests that are not answered yet: what the server says meanwhile goes with the answer to the newest. */
  const open = new Set();
  outer.onmessage = (message) => {
    if ("method" in message && "id" in message) open.add(message.id);
    return inner.send(standIn(message));
  };
  inner.onmessage = (message) => {
    if ("method" in message) return outer.send(message, { relatedRequestId: [...open].at(-1) });
    open.delete(message.id);
    return outer.send(message);
  };
  outer.onclose = () => inner.close();
  await Promise.all([inner.start(), outer.start()]);
  return outer;
}
