import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";

/** Maximum number of connections: a full backlog, so a new connection is read before it becomes the oldest. */
const MOST = 512;

/**
 * Keeps room for new connections: at the limit, the one that has withheld a request for longest is dropped. If new
 * connections were refused instead, idle connections could block the server.
 */
export function makeRoom(server: Server, most = MOST): void {
  /** In order of arrival, with their latest request. */
  const connections = new Map<Socket, IncomingMessage | undefined>();
  server.on("connection", (socket) => {
    if (connections.size >= most) longestIdle(connections)?.destroy();
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
