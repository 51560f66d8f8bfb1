import { constants } from "node:crypto";
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { SecureContext } from "node:tls";

/** One address of the edge. */
export interface TlsListener {
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Answers TLS on loopback, on any free port. There is no default certificate: without SNI, or where `contextFor` has
 * nothing for the name, the handshake fails, as it does at a CDN that does not know the name.
 */
export async function listenTls(contextFor: (name: string) => SecureContext | undefined): Promise<TlsListener> {
  const server = createServer(
    {
      // A resumed session would show the certificate of an earlier visit.
      secureOptions: constants.SSL_OP_NO_TICKET,
      SNICallback: (name, done) => {
        try {
          done(null, contextFor(name.toLowerCase()));
        } catch (error) {
          done(error instanceof Error ? error : new Error(String(error)));
        }
      },
    },
    (_request, response) => void response.writeHead(200, { "content-type": "text/plain" }).end("sandbox edge\n"),
  );
  const visitors = new Set<Socket>();
  server.on("connection", (visitor: Socket) => {
    visitors.add(visitor);
    visitor.once("close", () => visitors.delete(visitor));
  });
  const address = await new Promise<AddressInfo | string | null>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", () => resolve(server.address()));
  });
  if (address === null || typeof address === "string") throw new Error("The listener has no port");
  return {
    address: address.address,
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // The server itself would wait for a visitor that never finishes its handshake.
        for (const visitor of visitors) visitor.destroy();
      }),
  };
}
