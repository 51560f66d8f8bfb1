import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import {
  STDIO_DEFAULT_MAX_BUFFER_SIZE as LONGEST_MESSAGE,
  serializeMessage,
} from "@modelcontextprotocol/sdk/shared/stdio.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import { answeredAtOnce } from "./server.js";

type Deliver = NonNullable<Transport["onmessage"]>;

/**
 * Serves over stdin and stdout. Resolves when there is nobody left to serve: end of stdin, a stdout that nobody reads,
 * or `stop`. Gives the reason where it is not one of these, but stdin itself that is no use any more.
 * @param complete makes `server` answer everything; called when a message needs it
 * @param redact is given every line before it leaves
 */
export async function serveStdio(
  server: Server,
  complete: () => Promise<unknown>,
  stop: AbortSignal,
  redact: (line: string) => string,
): Promise<string | undefined> {
  const over = new Promise<string | undefined>((resolve) => {
    const end = () => resolve(undefined);
    process.stdin.once("end", end).once("close", end).once("error", end);
    process.stdout.on("error", end);
    stop.addEventListener("abort", end, { once: true });
    if (stop.aborted) end();
    void connect(
      server,
      new Stdio(redact, () => resolve(`stdin carried a message of more than ${LONGEST_MESSAGE} bytes`)),
      complete,
    );
  });
  return over;
}

/**
 * The SDK closes its transport when a message is too long. That would take back every call at once, also a change that
 * has been sent; here the server is told instead, and comes to its end in order.
 */
class Stdio extends StdioServerTransport {
  readonly #broken: () => void;
  readonly #redact: (line: string) => string;

  constructor(redact: (line: string) => string, broken: () => void) {
    super();
    this.#redact = redact;
    this.#broken = broken;
  }

  /** The one way out: replies and errors, questions, progress, resources, prompts and completions all pass here. */
  override send(message: JSONRPCMessage): Promise<void> {
    const line = this.#redact(serializeMessage(message));
    return new Promise((resolve) => {
      if (process.stdout.write(line)) resolve();
      else process.stdout.once("drain", resolve);
    });
  }

  override async close(): Promise<void> {
    process.stdin.pause();
    this.#broken();
  }
}

async function connect(server: Server, transport: Transport, complete: () => Promise<unknown>): Promise<void> {
  await server.connect(transport);
  const { onmessage } = transport;
  if (onmessage) transport.onmessage = onceComplete(onmessage, complete);
}

/** Keeps back what needs a complete server until there is one, in the order in which it came. */
function onceComplete(deliver: Deliver, complete: () => Promise<unknown>): Deliver {
  let completing: Promise<unknown> | undefined;
  let completed = false;
  const inTurn = async (...message: Parameters<Deliver>) => {
    completing ??= complete();
    await completing;
    completed = true;
    deliver(...message);
  };
  return (message, extra) => {
    const atOnce = completed || ("method" in message && answeredAtOnce.has(message.method));
    if (atOnce) deliver(message, extra);
    else void inTurn(message, extra);
  };
}
