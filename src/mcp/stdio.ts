import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { ErrorCode, type JSONRPCMessage, type RequestId } from "@modelcontextprotocol/sdk/types.js";
import { type InputLine, LineReader } from "./line-reader.js";
import { MAX_MESSAGE_LENGTH, readMessages, refuseMessage } from "./read-message.js";
import { redactedJson } from "./redacted-json.js";
import { answeredAtOnce } from "./server.js";

type Deliver = NonNullable<Transport["onmessage"]>;

/** How many lines are processed before other work gets its turn. */
const AT_A_TIME = 16;

/**
 * Serves over stdin and stdout. Resolves at the end of stdin, when nobody reads stdout, or at `stop`.
 * @param complete makes `server` answer everything; called when a message needs it
 * @param redact is applied to every line before it leaves
 */
export async function serveStdio(
  server: Server,
  complete: () => Promise<unknown>,
  stop: AbortSignal,
  redact: (line: string) => string,
): Promise<void> {
  const over = new Promise<void>((resolve) => {
    const end = () => resolve();
    process.stdin.once("end", end).once("close", end).once("error", end);
    process.stdout.on("error", end);
    stop.addEventListener("abort", end, { once: true });
    if (stop.aborted) end();
    void connect(server, new Stdio(redact), complete);
  });
  return over;
}

/**
 * A line-based transport. The SDK's own silently drops lines that are not messages and ends at one that is too long;
 * this one answers each and reads on.
 */
class Stdio implements Transport {
  onmessage?: Deliver;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  readonly #lines = new LineReader(MAX_MESSAGE_LENGTH);
  /** Requests that have not been answered yet. */
  readonly #running = new Set<RequestId>();
  readonly #redact: (line: string) => string;
  #closed = false;

  constructor(redact: (line: string) => string) {
    this.#redact = redact;
  }

  async start(): Promise<void> {
    void this.#read();
  }

  /** The only way out: replies, errors, questions, progress, resources, prompts and completions all pass here. */
  async send(message: JSONRPCMessage): Promise<void> {
    if (!("method" in message) && message.id !== undefined) this.#running.delete(message.id);
    await write(`${redactedJson(message, this.#redact)}\n`);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.onclose?.();
  }

  async #read(): Promise<void> {
    let taken = 0;
    try {
      for await (const chunk of process.stdin) {
        const bytes: Buffer = chunk;
        for (const line of this.#lines.take(bytes)) {
          if (this.#closed) return;
          this.#receive(line);
          taken += 1;
          if (taken % AT_A_TIME === 0) await setImmediate();
        }
      }
    } catch (error) {
      // `serveStdio` handles the end of stdin.
      this.onerror?.(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #receive(line: InputLine): void {
    for (const incoming of readMessages(line)) {
      if (incoming === undefined) continue;
      const reply = "reply" in incoming ? incoming.reply : this.#deliver(incoming.message);
      if (reply !== undefined) void write(`${redactedJson(reply, this.#redact)}\n`);
    }
  }

  /** @returns the error to answer with if the message cannot be accepted */
  #deliver(message: JSONRPCMessage) {
    if ("method" in message && "id" in message) {
      // No id: with it, the answer would be taken for the other request's.
      if (this.#running.has(message.id)) {
        return refuseMessage(
          ErrorCode.InvalidRequest,
          null,
          "The id belongs to a request that has not been answered yet.",
        ).reply;
      }
      this.#running.add(message.id);
    }
    this.onmessage?.(message);
    this.#forgetCancelled(message);
    return undefined;
  }

  /** A cancelled request is not answered. */
  #forgetCancelled(message: JSONRPCMessage): void {
    if (!("method" in message) || message.method !== "notifications/cancelled") return;
    const id = message.params?.requestId;
    if (typeof id === "string" || typeof id === "number") this.#running.delete(id);
  }
}

let drained: Promise<void> | undefined;
const forget = () => {
  drained = undefined;
};

/** Resolves once the client reads: all that wait share one listener. */
async function write(line: string): Promise<void> {
  if (process.stdout.write(line)) return;
  // An error of stdout ends the server elsewhere.
  drained ??= once(process.stdout, "drain").then(forget, forget);
  await drained;
}

async function connect(server: Server, transport: Transport, complete: () => Promise<unknown>): Promise<void> {
  await server.connect(transport);
  const { onmessage } = transport;
  if (onmessage) transport.onmessage = deliverWhenComplete(onmessage, complete);
}

/** Holds messages that need a complete server until there is one, in order. */
function deliverWhenComplete(deliver: Deliver, complete: () => Promise<unknown>): Deliver {
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
