import type { Server as HttpServer, ServerResponse } from "node:http";
import type { Server as HttpsServer } from "node:https";
import { Server as NetServer, type Socket } from "node:net";
import { setTimeout as pause, setImmediate } from "node:timers/promises";

/** How long no connection may arrive before the server stops listening, in milliseconds. */
const QUIET_TIME = 100;

/**
 * Ends an HTTP server without losing a request. A proxy keeps connections open and may be sending on one at any moment;
 * what it sends on a connection that the server has just closed is lost, and a POST is not sent again. So idle connections
 * are left to whoever opened them, and each answer closes its connection.
 *
 * When the server stops listening, the kernel also resets connections that wait to be accepted. A proxy with kept-alive
 * connections seldom opens a new one: so the server waits until none has arrived for a moment, stops listening, and only
 * then lets its answers close connections.
 */
export class Drain {
  readonly #server: HttpServer | HttpsServer;
  readonly #moment: () => Promise<void>;
  #arrived = 0;
  readonly #connections = new Set<Socket>();
  readonly #unanswered = new Set<ServerResponse>();
  #draining = false;
  /** Called when a connection or a response has closed. */
  #closed = () => {};

  /** @param moment the wait in which no connection may arrive before the server stops listening */
  constructor(server: HttpServer | HttpsServer, moment: () => Promise<void> = () => pause(QUIET_TIME)) {
    this.#server = server;
    this.#moment = moment;
    server.on("connection", (socket: Socket) => {
      this.#arrived += 1;
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
   * Stops listening in a quiet moment, then answers what arrives on open connections until all are closed.
   * @param within the longest wait, in milliseconds; at most half of it is for a quiet moment
   */
  async run(within: number): Promise<void> {
    const end = performance.now() + within;
    await this.#untilQuiet(end - within / 2);
    // The close() of an HTTP server closes idle connections, too.
    NetServer.prototype.close.call(this.#server);
    this.#draining = true;
    for (const response of this.#unanswered) closeAfter(response);
    await this.#until(() => this.#connections.size === 0, end - performance.now());
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

  async #untilQuiet(end: number): Promise<void> {
    let before: number;
    do {
      before = this.#arrived;
      await this.#moment();
      // Connections that wait in the kernel's queue are accepted once in each turn of the event loop.
      await setImmediate();
    } while (this.#arrived > before && performance.now() < end);
  }
}

function closeAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader("connection", "close");
}
