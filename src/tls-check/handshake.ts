import { connect } from "node:net";
import { type SecureContext, type TLSSocket, connect as tlsConnect } from "node:tls";
import type { ClientHelloOptions } from "./client-hello-options.js";
import { beginsAsTls, fatalAlertIn } from "./handshake-bytes.js";
import { brokenOff, type HandshakeOutcome, type HandshakeResult, notFollowed } from "./handshake-outcome.js";
import { RecordingStream } from "./recording-stream.js";
import type { TlsAddress, TlsCheckOptions } from "./tls-check.js";

/** Limit on the DNS lookup and on each handshake of a check, in milliseconds. */
export const HANDSHAKE_TIMEOUT = 10_000;

/** What all connections of a check share. */
export interface HandshakeOptions extends Pick<TlsCheckOptions, "timeout"> {
  /** The name sent by SNI. */
  readonly host: string;
  readonly contextOf: (offer: ClientHelloOptions) => SecureContext;
  readonly signal: AbortSignal;
}

/** One connection, up to the end of the handshake; nothing is sent over it. Rejects when `signal` aborts. */
export function handshake(
  target: TlsAddress,
  offer: ClientHelloOptions,
  handshakeOptions: HandshakeOptions,
): Promise<HandshakeOutcome> {
  const { host, contextOf, timeout, signal } = handshakeOptions;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    // An address, never a name: nothing is resolved here, so this is exactly the address that was checked.
    const socket = connect({ host: target.address, port: target.port });
    const tap = new RecordingStream(socket, (certificates) => end(refusedOutcome(certificates)));
    const tls = tlsConnect({
      secureContext: contextOf(offer),
      socket: tap,
      servername: host,
      // The verdict is reported, not enforced. The name is checked separately: a fault of the chain would hide it.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    });
    let connected = false;
    const settle = (done: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      tls.destroy();
      socket.destroy();
      done();
    };
    const end = (outcome: HandshakeOutcome) => settle(() => resolve(outcome));
    const fail = (error?: Error) => end(failureOutcome(codeOf(error), tap, connected));
    const abort = () => settle(() => reject(signal.reason));
    const timer = setTimeout(() => end({ kind: "silent", connected, answered: tap.received.length > 0 }), timeout);
    signal.addEventListener("abort", abort, { once: true });
    socket.once("connect", () => {
      connected = true;
    });
    // The socket's error comes through the tap. It may come after the end, and still needs a listener then.
    tls.on("error", fail);
    tls.once("close", () => fail());
    tls.on("keylog", (line: Buffer) => tap.unlock(line.toString("latin1")));
    tls.once("secureConnect", () => end(certificateOutcome(tls, tap)));
  });
}

function certificateOutcome(tls: TLSSocket, { certificates: chain }: RecordingStream): HandshakeResult {
  const version = tls.getProtocol();
  return {
    kind: "certificate",
    chain,
    // The typings say Error, but it is an error's name.
    ...(!tls.authorized && { fault: String(tls.authorizationError) }),
    ...(version !== null && { version }),
  };
}

/** These are not given to OpenSSL, so it reports nothing about them. */
function refusedOutcome(chain: readonly Buffer[]): HandshakeOutcome {
  return chain.length > 0 ? { kind: "certificate", chain, fault: notFollowed } : { kind: "failed", code: "TOO_LARGE" };
}

/** Why there was no handshake. The bytes from the server say more than the resulting error. */
function failureOutcome(
  code: string,
  { received, certificates: chain }: RecordingStream,
  connected: boolean,
): HandshakeOutcome {
  if (!connected) return { kind: "not reached", code };
  if (!beginsAsTls(received)) return { kind: "not TLS", http: received.subarray(0, 5).toString("latin1") === "HTTP/" };
  // Such a server continues, and sends its certificate anyway.
  if (code === "ERR_SSL_UNSUPPORTED_PROTOCOL") return { kind: "other version" };
  if (chain.length > 0) return { kind: "certificate", chain, fault: brokenOff };
  const alert = fatalAlertIn(received);
  if (alert !== undefined) return { kind: "alert", alert };
  return code === "ECONNRESET" || code === "EPIPE" ? { kind: "ended" } : { kind: "failed", code };
}

/** Without an error the connection was simply closed. */
function codeOf(error: (Error & { readonly code?: unknown }) | undefined): string {
  return error === undefined ? "ECONNRESET" : String(error.code ?? error.message);
}
