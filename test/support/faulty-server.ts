import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { listen } from "./ports.js";

/** A cloud that misbehaves on the wire: what it does with each connection is up to `behave`. */
export interface FaultyServer {
  readonly url: URL;
  close(): Promise<void>;
}

/** @param behave gets the socket once the whole head of a request has arrived */
export async function startFaultyServer(behave: (socket: Socket) => void): Promise<FaultyServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    let head = "";
    socket.on("data", (chunk) => {
      const before = head.includes("\r\n\r\n");
      head += chunk.toString("latin1");
      if (!before && head.includes("\r\n\r\n")) behave(socket);
    });
  });
  const port = await listen(server);
  return {
    url: new URL(`http://127.0.0.1:${port}/`),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** A whole HTTP reply as it goes over the wire. */
export function httpReply(status: number, body: string, headers: Readonly<Record<string, string>> = {}): string {
  const all = { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} Any`, ...lines, "", body].join("\r\n");
}
