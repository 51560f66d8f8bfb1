import { once } from "node:events";
import { chmodSync, existsSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { messageOf } from "../../lib/failure.js";
import { findSockets, newSocketPath, prepareDirectory, removeIfDead } from "./socket.js";

/** More terminals than a person has open; beyond that, the one that has withheld its question longest is dropped. */
const MAX_CONNECTIONS = 32;

/** This process's socket and its connections. */
export class TerminalListener {
  readonly #path: string;
  readonly #server: Server;
  readonly #connections = new Set<Socket>();

  /**
   * Listens in the first suitable directory.
   * @returns undefined if none is; `log` has the reasons
   */
  static async start(
    directories: readonly string[],
    converse: (socket: Socket) => Promise<void>,
    log: (line: string) => void,
  ): Promise<TerminalListener | undefined> {
    for (const directory of directories) {
      try {
        prepareDirectory(directory);
        await Promise.all(findSockets(directory).map(removeIfDead));
        const listener = new TerminalListener(newSocketPath(directory), converse);
        await listener.#listen(log);
        return listener;
      } catch (error) {
        log(`no socket for terminals in ${directory}: ${messageOf(error)}`);
      }
    }
    return undefined;
  }

  private constructor(path: string, converse: (socket: Socket) => Promise<void>) {
    this.#path = path;
    this.#server = createServer((socket) => {
      if (this.#connections.size >= MAX_CONNECTIONS)
        [...this.#connections].find(({ destroyed }) => !destroyed)?.destroy();
      this.#connections.add(socket);
      socket.once("close", () => this.#connections.delete(socket));
      void converse(socket);
    });
  }

  /** Whether terminals can find it. A runtime directory is cleared when its user's last session ends. */
  get reachable(): boolean {
    return existsSync(this.#path);
  }

  /** Stops listening and removes the socket. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#connections) socket.destroy();
    await closed;
  }

  async #listen(log: (line: string) => void): Promise<void> {
    this.#server.listen(this.#path);
    await once(this.#server, "listening");
    this.#server.on("error", (error) => log(`socket for terminals: ${error.message}`));
    chmodSync(this.#path, 0o600);
  }
}
