import type { Socket } from "node:net";
import { type ClientHello, readClientHello } from "./client-hello.js";

/** Far above any hello in a single message. */
const mostBytes = 64 * 1024;

/** Descriptions of a fatal alert (RFC 8446, 6). */
export type Alert = keyof typeof alerts;
const alerts = { handshakeFailure: 40, decodeError: 50, unrecognizedName: 112 } as const;

/**
 * Reads a visitor's ClientHello, then puts it back for the TLS server. Does not call back if the visitor leaves
 * first.
 */
export function onceGreeted(visitor: Socket, greeted: (hello: Exclude<ClientHello, "incomplete">) => void): void {
  let said = Buffer.alloc(0);
  const listen = () => {
    for (let part: unknown = visitor.read(); Buffer.isBuffer(part); part = visitor.read()) {
      said = Buffer.concat([said, part]);
    }
    const hello = said.length > mostBytes ? "malformed" : readClientHello(said);
    if (hello === "incomplete") return;
    visitor.off("readable", listen).unshift(said);
    greeted(hello);
  };
  visitor.on("readable", listen);
}

/** Refuses a handshake with an unencrypted alert, because there is no certificate to encrypt with. */
export function refuseHandshake(visitor: Socket, alert: Alert): void {
  const fatal = 2;
  visitor.end(Buffer.from([21, 3, 3, 0, 2, fatal, alerts[alert]]));
  visitor.resume(); // else the visitor's last data would keep the connection open
}
