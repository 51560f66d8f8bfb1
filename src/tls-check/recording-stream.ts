import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { HandshakeFilter } from "./handshake-filter.js";

/** Enough for everything before the certificates, and more than an alert needs. */
const maxKept = 64 * 1024;

/**
 * Passes a connection through once its certificates have been checked, and keeps its first bytes: node:tls reports
 * neither the order of the chain as sent nor why a handshake failed.
 */
export class RecordingStream extends Duplex {
  readonly #socket: Socket;
  readonly #gate: HandshakeFilter;
  readonly #kept: Buffer[] = [];
  #size = 0;

  /** @param refused called when the certificates are not passed on: too many, too large, or of an unusual kind */
  constructor(socket: Socket, refused: (certificates: readonly Buffer[]) => void) {
    super();
    this.#socket = socket;
    this.#gate = new HandshakeFilter((bytes) => void (this.push(bytes) || socket.pause()), refused);
    socket.on("data", (chunk: Buffer) => {
      if (this.#size < maxKept) this.#kept.push(chunk);
      this.#size += chunk.length;
      this.#gate.push(chunk);
    });
    socket.on("end", () => this.push(null));
    socket.on("error", (error) => this.destroy(error));
    socket.on("close", () => this.destroy());
  }

  get received(): Buffer {
    return Buffer.concat(this.#kept);
  }

  /** The server's certificates in DER, in the order in which it sent them. */
  get certificates(): readonly Buffer[] {
    return this.#gate.certificates;
  }

  /** Takes a line of the key log: in TLS 1.3 the certificates are encrypted, and this decrypts them. */
  unlock(line: string): void {
    const [label, , secret = ""] = line.trim().split(" ");
    if (label === "SERVER_HANDSHAKE_TRAFFIC_SECRET") this.#gate.unlock(Buffer.from(secret, "hex"));
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, encoding, done);
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
