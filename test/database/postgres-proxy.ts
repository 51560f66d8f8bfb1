import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { listen } from "../support/ports.js";

/**
 * How a proxy before PostgreSQL treats what comes. `silent`: as a network that loses it. `stopped`: as a server that is
 * suspended and gets it later. `stopped at the end`: the same, from the moment when a connection is to be ended.
 */
export type Behaviour = "passes" | "full" | "silent" | "stopped" | "stopped at the end";

export interface PostgresProxy {
  behaviour: Behaviour;
  /** The address of the same database by way of the proxy. */
  address(url: string): string;
  close(): Promise<void>;
}

/** Statements that need room on the disk. */
const writes = /\b(INSERT INTO|UPDATE|DELETE FROM) cloudcert\./;

/**
 * Messages as PostgreSQL frames them: a letter and the length, except the first from a client, which has no letter.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
class Frames {
  #rest: Buffer = Buffer.alloc(0);
  #hasLetter: boolean;

  constructor(hasLetter: boolean) {
    this.#hasLetter = hasLetter;
  }

  *add(chunk: Buffer): Generator<{ readonly letter: string; readonly bytes: Buffer }> {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const start = this.#hasLetter ? 1 : 0;
      if (this.#rest.length < start + 4) return;
      const end = start + this.#rest.readUInt32BE(start);
      if (this.#rest.length < end) return;
      const bytes = this.#rest.subarray(0, end);
      this.#rest = this.#rest.subarray(end);
      yield { letter: this.#hasLetter ? String.fromCharCode(bytes[0] ?? 0) : "", bytes };
      this.#hasLetter = true;
    }
  }
}

function message(letter: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(letter, "latin1");
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** As PostgreSQL says it: https://www.postgresql.org/docs/current/errcodes-appendix.html, class 53. */
const diskFull = message(
  "E",
  Buffer.from('SERROR\0VERROR\0C53100\0Mcould not extend file "base/1": No space left on device\0\0'),
);

export async function proxyTo(port: number): Promise<PostgresProxy> {
  const sockets = new Set<Socket>();
  let behaviour: Behaviour = "passes";
  // A server that is suspended does not end its side of a connection either.
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect(port, "127.0.0.1");
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("close", () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
      socket.on("error", () => {});
    }
    // The server says in each ReadyForQuery whether a transaction is open.
    let status = "I";
    let refused = false;
    const toClient = new Frames(true);
    upstream.on("data", (chunk) => {
      if (behaviour === "silent") return;
      for (const { letter, bytes } of toClient.add(chunk)) {
        if (letter === "Z") status = bytes.toString("latin1", 5, 6);
        client.write(bytes);
      }
    });
    let clings = false;
    client.on("end", () => {
      if (behaviour !== "stopped" && !clings) client.end();
    });
    const ready = () => message("Z", Buffer.from(status === "I" ? "I" : "E"));
    const toServer = new Frames(false);
    client.on("data", (chunk) => {
      if (behaviour === "silent") return;
      for (const { letter, bytes } of toServer.add(chunk)) {
        clings ||= behaviour === "stopped at the end" && letter === "X";
        if (clings) return;
        const isWrite = (letter === "P" || letter === "Q") && writes.test(bytes.toString("latin1"));
        if (behaviour === "full" && isWrite) refused = true;
        if (!refused) upstream.write(bytes);
        if (!refused || (letter !== "S" && letter !== "Q")) continue;
        refused = false;
        client.write(Buffer.concat([diskFull, ready()]));
      }
    });
    if (behaviour === "stopped") for (const socket of [client, upstream]) socket.pause();
  });
  const own = await listen(server);
  const proxy: PostgresProxy = {
    get behaviour() {
      return behaviour;
    },
    set behaviour(next) {
      behaviour = next;
      for (const socket of sockets) {
        if (next === "stopped") socket.pause();
        else if (socket.readableEnded) socket.destroy();
        else socket.resume();
      }
    },
    address: (url) => Object.assign(new URL(url), { port: String(own) }).href,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
  return proxy;
}
