import type { Socket } from "node:net";
import { Duplex } from "node:stream";

/** Above any handshake: OpenSSL takes 100 KiB of certificates at most. */
const mostKept = 256 * 1024;

/** Passes a connection through and keeps what comes in, because node:tls forgets in which order a chain was sent. */
export class Tap extends Duplex {
  readonly #socket: Socket;
  readonly #kept: Buffer[] = [];
  #size = 0;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      if (this.#size < mostKept) this.#kept.push(chunk);
      this.#size += chunk.length;
      if (!this.push(chunk)) socket.pause();
    });
    socket.on("end", () => this.push(null));
    socket.on("error", (error) => this.destroy(error));
    socket.on("close", () => this.destroy());
  }

  /** The first bytes that came in. */
  get received(): Buffer {
    return Buffer.concat(this.#kept);
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
