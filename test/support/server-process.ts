import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { z } from "zod";
import { bareEnvironment, cli } from "./assistant.js";

const message = z.object({ id: z.union([z.number(), z.string()]).nullish(), result: z.unknown(), error: z.unknown() });
export type Message = z.output<typeof message>;

/** The built server as a bare process, for what a well-behaved client does not show: exit codes, closed pipes. */
export interface ServerProcess {
  readonly child: ChildProcessWithoutNullStreams;
  stderr(): string;
  send(message: Record<string, unknown>): void;
  /** Sends a request and gives its reply. */
  request(method: string, params?: Record<string, unknown>): Promise<Message>;
  /** Calls a tool; gives text and structure of the reply. */
  call(name: string, args?: Record<string, unknown>): Promise<{ text: string; structure: unknown }>;
  /** How it ended, and milliseconds until then. */
  ended(): Promise<{ code: number | null; within: number }>;
}

const toolResult = z.object({
  content: z.array(z.object({ text: z.string() })),
  structuredContent: z.unknown(),
});

export function startServer(args: readonly string[], env: Record<string, string> = {}): ServerProcess {
  const child = spawn(process.execPath, [cli, ...args], {
    env: { ...bareEnvironment, ...env },
    stdio: "pipe",
  });
  const exit = once(child, "exit");
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  // Tests close its pipes under it.
  child.stdin.on("error", () => {});
  const waiting = new Map<number, (reply: Message) => void>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    const reply = message.parse(JSON.parse(line));
    if (typeof reply.id === "number") waiting.get(reply.id)?.(reply);
  });
  // Far from the ids that tests choose for messages of their own.
  let last = 1_000_000;
  const send = (given: Record<string, unknown>) =>
    void child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...given })}\n`);
  const request = (method: string, params: Record<string, unknown> = {}) => {
    last += 1;
    const id = last;
    return new Promise<Message>((resolve) => {
      waiting.set(id, resolve);
      send({ id, method, params });
    });
  };
  return {
    child,
    stderr: () => stderr,
    send,
    request,
    call: async (name, given = {}) => {
      const { result } = await request("tools/call", { name, arguments: given });
      const { content, structuredContent: structure } = toolResult.parse(result);
      return { text: content.map(({ text }) => text).join(""), structure };
    },
    ended: async () => {
      const started = performance.now();
      const [code] = await exit;
      return { code: z.number().nullable().parse(code), within: performance.now() - started };
    },
  };
}

/** The same, after the handshake. */
export async function startInitialized(args: readonly string[], env: Record<string, string> = {}) {
  const server = startServer(args, env);
  const clientInfo = { name: "test", version: "1" };
  await server.request("initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo });
  server.send({ method: "notifications/initialized" });
  return server;
}
