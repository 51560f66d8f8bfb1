import type { Server as HttpServer, ServerResponse } from "node:http";
import type { Server as HttpsServer } from "node:https";
import { Server as NetServer, type Socket } from "node:net";
import { setImmediate } from "node:timers/promises";

/** In milliseconds. */
const SHORT_TURN = 1;
/** A server under load may never have a short one. */
const MOST_TURNS = 100;

/**
 * Ends an HTTP server without losing a request. A proxy keeps connections open and may be sending on one at any moment;
 * what it sends on a connection that the server has just closed is lost, and a POST is not sent again. So idle connections
 * are left to whoever opened them, and each answer closes its connection.
 */
export class Drain {
  readonly #server: HttpServer | HttpsServer;
  readonly #connections = new Set<Socket>();
  readonly #unanswered = new Set<ServerResponse>();
  #draining = false;
  /** Called when a connection or a response has closed. */
  #closed = () => {};

  constructor(server: HttpServer | HttpsServer) {
    this.#server = server;
    server.on("connection", (socket: Socket) => {
      this.#connections.add(socket);
      socket.once("close", () => {
        this.#connections.delete(socket);
        this.#closed();
      });
    });
    server.prependListener("request", (_, response) => {
      if (this.#draining) closeAfter(response);
      this.#unanswered.add(response);
      response.once("close", () => {
        this.#unanswered.delete(response);
        this.#closed();
      });
    });
  }

  /**
   * Takes no more connections, and answers what arrives on those that are open until all are closed.
   * @param within the longest wait, in milliseconds
   */
  async run(within: number): Promise<void> {
    this.#draining = true;
    for (const response of this.#unanswered) closeAfter(response);
    await this.#takeWaiting();
    // The close() of an HTTP server closes idle connections, too.
    NetServer.prototype.close.call(this.#server);
    await this.#until(() => this.#connections.size === 0, within);
  }

  /**
   * Answers the requests that are complete, then closes every connection that is left. Node would wait for one on which
   * nothing, or half a request, was sent until the client closes it.
   * @param within the longest wait for clients that do not read their answers, in milliseconds
   */
  async close(within: number): Promise<void> {
    await this.#until(() => ![...this.#unanswered].some(({ req }) => req.complete), within);
    for (const socket of this.#connections) socket.destroy();
  }

  async #until(isOver: () => boolean, within: number): Promise<void> {
    if (isOver()) return;
    await new Promise<void>((resolve) => {
      const limit = setTimeout(resolve, within);
      this.#closed = () => {
        if (!isOver()) return;
        clearTimeout(limit);
        resolve();
      };
    });
  }

  /**
   * Takes the connections that wait in the system's queue, which are reset when the server closes. The server takes them
   * once in each turn of the event loop, and more come while the rest of the turn runs: so this waits for a short turn.
   */
  async #takeWaiting(): Promise<void> {
    for (let turns = 0; turns < MOST_TURNS; turns++) {
      const begun = performance.now();
      await setImmediate();
      if (performance.now() - begun < SHORT_TURN) return;
    }
  }
}

function closeAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader("connection", "close");
}
