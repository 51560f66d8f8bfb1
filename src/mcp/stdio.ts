import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { STDIO_DEFAULT_MAX_BUFFER_SIZE as LONGEST_MESSAGE } from "@modelcontextprotocol/sdk/shared/stdio.js";

/**
 * Serves over stdin and stdout. Resolves when there is nobody left to serve: end of stdin, a stdout that nobody reads,
 * or `stop`. Gives the reason where it is not one of these, but stdin itself that is no use any more.
 */
export async function serveStdio(server: Server, stop: AbortSignal): Promise<string | undefined> {
  const over = new Promise<string | undefined>((resolve) => {
    const end = () => resolve(undefined);
    process.stdin.once("end", end).once("close", end).once("error", end);
    process.stdout.on("error", end);
    stop.addEventListener("abort", end, { once: true });
    if (stop.aborted) end();
    void server.connect(new Stdio(() => resolve(`stdin carried a message of more than ${LONGEST_MESSAGE} bytes`)));
  });
  return over;
}

/**
 * The SDK closes its transport when a message is too long. That would take back every call at once, also a change that
 * has been sent; here the server is told instead, and comes to its end in order.
 */
class Stdio extends StdioServerTransport {
  readonly #broken: () => void;

  constructor(broken: () => void) {
    super();
    this.#broken = broken;
  }

  override async close(): Promise<void> {
    process.stdin.pause();
    this.#broken();
  }
}
