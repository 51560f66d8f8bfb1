import { createServer as createHttpServer } from "node:http";
import { createServer, type Socket } from "node:net";
import { type SecureContext, TLSSocket } from "node:tls";
import { listenAnywhere } from "../listener.js";
import { type ClientHello, readClientHello } from "./client-hello.js";

/**
 * One address of the edge: serves TLS on loopback, on any free port. There is no default certificate: without a name,
 * or if `contextFor` returns nothing for it, the handshake is refused, like on a CDN that does not know the name.
 * "silence" leaves the visitor without an answer.
 *
 * The name is read before TLS starts because a name may have two certificates: if a SNICallback of Node.js returns
 * them, only the one loaded last is used, whatever the visitor supports.
 */
export async function listenTls(contextFor: (name: string) => SecureContext | "silence" | undefined) {
  const visitors = new Set<Socket>();
  const web = createHttpServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/plain" }).end("sandbox edge\n");
  });
  const receive = (visitor: Socket) =>
    onClientHello(visitor, (hello) => {
      if (hello === "malformed") return refuseHandshake(visitor, "decodeError");
      if (hello.serverName === undefined) return refuseHandshake(visitor, "handshakeFailure");
      const secureContext = contextFor(hello.serverName);
      if (secureContext === "silence") return;
      if (secureContext === undefined) return refuseHandshake(visitor, "unrecognizedName");
      const secured = new TLSSocket(visitor, { isServer: true, secureContext });
      secured.on("error", () => visitor.destroy()).once("secure", () => web.emit("connection", secured));
    });
  const server = createServer((visitor) => {
    visitors.add(visitor);
    visitor.once("close", () => visitors.delete(visitor)).on("error", () => visitor.destroy());
    receive(visitor);
  });
  return {
    address: "127.0.0.1",
    port: await listenAnywhere(server),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const visitor of visitors) visitor.destroy();
      }),
  };
}

/** Far above any hello in a single message. */
const maxBytes = 64 * 1024;

/** Descriptions of a fatal alert (RFC 8446, 6). */
type Alert = keyof typeof alerts;
const alerts = { handshakeFailure: 40, decodeError: 50, unrecognizedName: 112 } as const;

/**
 * Reads a visitor's ClientHello, then puts it back for the TLS server. Does not call back if the visitor leaves
 * first.
 */
function onClientHello(visitor: Socket, handle: (hello: Exclude<ClientHello, "incomplete">) => void): void {
  let received = Buffer.alloc(0);
  const listen = () => {
    for (let part: unknown = visitor.read(); Buffer.isBuffer(part); part = visitor.read()) {
      received = Buffer.concat([received, part]);
    }
    const hello = received.length > maxBytes ? "malformed" : readClientHello(received);
    if (hello === "incomplete") return;
    visitor.off("readable", listen).unshift(received);
    handle(hello);
  };
  visitor.on("readable", listen);
}

/** Refuses a handshake with an unencrypted alert, because there is no certificate to encrypt with. */
function refuseHandshake(visitor: Socket, alert: Alert): void {
  const fatal = 2;
  visitor.end(Buffer.from([21, 3, 3, 0, 2, fatal, alerts[alert]]));
  visitor.resume(); // else the visitor's last data would keep the connection open
}
