import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";

/**
 * Serves over stdin and stdout. Resolves when there is nobody left to serve: end of stdin, a stdout that nobody reads,
 * or `stop`.
 */
export async function serveStdio(server: Server, stop: AbortSignal): Promise<void> {
  const over = new Promise<void>((resolve) => {
    const end = () => resolve();
    process.stdin.once("end", end).once("close", end).once("error", end);
    process.stdout.on("error", end);
    stop.addEventListener("abort", end, { once: true });
  });
  await server.connect(new StdioServerTransport());
  await over;
}
