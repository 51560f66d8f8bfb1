import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { HandshakeFilter } from "./handshake-filter.js";

/** As much as passes before the certificates have been seen, and more than an alert takes. */
const mostKept = 64 * 1024;

/**
 * Passes a connection through, once its certificates have been looked at, and keeps how it begins: node:tls tells neither
 * in which order a chain was sent, nor what stands in the way of a handshake.
 */
export class RecordingStream extends Duplex {
  readonly #socket: Socket;
  readonly #gate: HandshakeFilter;
  readonly #kept: Buffer[] = [];
  #size = 0;

  /** @param refused told when the certificates are not passed on: too many, too large, or of an unusual kind */
  constructor(socket: Socket, refused: (certificates: readonly Buffer[]) => void) {
    super();
    this.#socket = socket;
    this.#gate = new HandshakeFilter((bytes) => void (this.push(bytes) || socket.pause()), refused);
    socket.on("data", (chunk: Buffer) => {
      if (this.#size < mostKept) this.#kept.push(chunk);
      this.#size += chunk.length;
      this.#gate.take(chunk);
    });
    socket.on("end", () => this.push(null));
    socket.on("error", (error) => this.destroy(error));
    socket.on("close", () => this.destroy());
  }

  /** The first bytes that came in. */
  get received(): Buffer {
    return Buffer.concat(this.#kept);
  }

  /** The certificates of the server in DER, in the order in which it sent them. */
  get certificates(): readonly Buffer[] {
    return this.#gate.certificates;
  }

  /** Takes a line of the key log: in TLS 1.3 the certificates are encrypted, and this opens them. */
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
