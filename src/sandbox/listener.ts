import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { Server } from "node:net";
import type { SandboxClock } from "./clock.js";
import type { SandboxReply } from "./http.js";

/** Official clients put whole certificates with keys into the URL (docs/cloud-behaviour.md 5.1). */
const maxHeaderBytes = 128 * 1024;

/** Serves HTTP on loopback, on any free port. A failing request affects nothing else. */
export async function listen(serve: (message: IncomingMessage) => Promise<SandboxReply>, clock: SandboxClock) {
  const server = createServer({ maxHeaderSize: maxHeaderBytes }, async (message, response) => {
    const { status, headers, body } = await serve(message).catch(failed);
    response
      .writeHead(status, { date: clock.now().toUTCString(), ...headers, "content-length": Buffer.byteLength(body) })
      .end(body);
  });
  const url = `http://127.0.0.1:${await listenAnywhere(server)}`;
  return {
    url,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function failed(): SandboxReply {
  return { status: 500, headers: { "content-type": "text/plain" }, body: "The sandbox failed." };
}

/** Listens on loopback, on any free port, which it returns. */
export async function listenAnywhere(server: Server): Promise<number> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  // One connection that cannot be accepted does not end the sandbox.
  server.on("error", () => {});
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The listener has no port");
  return address.port;
}
