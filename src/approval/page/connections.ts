import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";

/** Most connections at a time: as many as a full backlog gives at once, so that a newcomer is read before it is the oldest. */
const MOST = 512;

/**
 * Keeps room for whoever comes: when there are as many connections as may be, the one that has kept a request back for
 * longest makes way. A server that refuses the newcomer instead is shut by whoever holds idle connections to it.
 */
export function makeRoom(server: Server, most = MOST): void {
  /** In the order in which they came, with the request that came last. */
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

/** The oldest of those that have not sent a whole request; the oldest of all where each has, and does not read. */
function longestIdle(connections: ReadonlyMap<Socket, IncomingMessage | undefined>): Socket | undefined {
  const open = [...connections].filter(([socket]) => !socket.destroyed);
  const [found] = open.find(([, request]) => request?.complete !== true) ?? open[0] ?? [];
  return found;
}
