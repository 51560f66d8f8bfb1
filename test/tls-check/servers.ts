import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { createServer as createHttpServer } from "node:http";
import { connect, createServer, type Server, Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { z } from "zod";
import type { TlsAddress } from "../../src/tls-check/tls-check.js";
import { Authority, type Party } from "../preflight/authority.js";
import { listen } from "../support/ports.js";

/** What a server is given: a leaf's key, and the certificates in the order in which it sends them. */
export interface Presented {
  readonly cert: string;
  readonly key: string;
}

export const presented = (leaf: Party, ...above: readonly Party[]): Presented => ({
  cert: [leaf, ...above].map(({ pem }) => pem).join(""),
  key: leaf.key,
});

/** Servers on loopback, each of which counts its connections. */
export class Servers {
  readonly #open: (() => Promise<void>)[] = [];

  /** A TLS server; several certificates in one: it chooses by what the client offers. */
  tls(what: Presented | readonly Presented[], more: TlsOptions = {}): Promise<Running> {
    const all = [what].flat();
    return this.#listen(
      createTlsServer({ cert: all.map(({ cert }) => cert), key: all.map(({ key }) => key), ...more }).on(
        "tlsClientError",
        () => {},
      ),
    );
  }

  /** Anything that is no TLS server. */
  tcp(serve: (socket: Socket) => void): Promise<Running> {
    return this.#listen(createServer(serve));
  }

  /** Passes a connection on by the first bytes of its client. */
  split(choose: (hello: Buffer) => TlsAddress): Promise<Running> {
    return this.tcp((socket) =>
      socket.once("data", (hello: Buffer) => {
        const { address, port } = choose(hello);
        const behind = connect({ host: address, port }, () => behind.write(hello));
        behind.on("error", () => socket.destroy()).on("close", () => socket.destroy());
        socket
          .on("close", () => behind.destroy())
          .pipe(behind)
          .pipe(socket);
      }),
    );
  }

  http(): Promise<Running> {
    return this.#listen(createHttpServer((_request, response) => response.end("hello")));
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.splice(0).map((close) => close()));
  }

  async #listen(server: Server): Promise<Running> {
    const sockets = new Set<Socket>();
    let connections = 0;
    server.on("connection", (socket: Socket) => {
      connections += 1;
      sockets.add(socket);
      socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    });
    const port = await listen(server);
    const close = async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    };
    this.#open.push(close);
    const target = { address: "127.0.0.1", port };
    return { target, connections: () => connections, open: () => sockets.size, close };
  }
}

export interface Running {
  readonly target: TlsAddress;
  connections(): number;
  /** Connections that have not ended. */
  open(): number;
  close(): Promise<void>;
}

/** Who issues and what, all for `domain`. */
export async function makeMaterial(domain: string, now: Date) {
  const authority = new Authority(now);
  const years = { ca: true, from: authority.inDays(-400), to: authority.inDays(4000) };
  const root = await authority.issue({ name: "Root", ...years });
  const upper = await authority.issue({ name: "Policy CA", by: root, ...years });
  const middle = await authority.issue({ name: "Issuing CA", by: upper, ...years });
  const foreignRoot = await authority.issue({ name: "Foreign Root", ...years });
  const leaf = (more: Partial<Parameters<Authority["issue"]>[0]> = {}) =>
    authority.issue({ name: domain, by: middle, ...more });
  return {
    authority,
    root,
    upper,
    middle,
    foreignRoot,
    leaf,
    now: await leaf(),
    // Half a day away from where a whole day ends: another process, whose clock is real, counts the days that are left.
    before: await leaf({ to: authority.inDays(10.5) }),
    rsa: await leaf({ kind: "RSA-2048" }),
  };
}

/** The addresses to which this process tries to connect while `work` goes on, as node:net tells of them. */
export async function attemptsDuring(work: () => Promise<unknown>): Promise<string[]> {
  const attempts: string[] = [];
  const watch = (message: unknown) => {
    const { socket } = z.object({ socket: z.instanceof(Socket) }).parse(message);
    socket.once("connectionAttempt", (address: string, port: number) => attempts.push(`${address} ${port}`));
  };
  subscribe("net.client.socket", watch);
  try {
    await work();
  } finally {
    unsubscribe("net.client.socket", watch);
  }
  return attempts;
}
