import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ReplyName } from "./replies.js";

/** A local server in its own process that answers every request with the reply to `operation`. */
export async function startReplies(operation: ReplyName): Promise<{ readonly address: URL; stop(): void }> {
  const script = fileURLToPath(new URL("reply-server.js", import.meta.url));
  const server = spawn(process.execPath, [script, operation], { stdio: ["pipe", "pipe", "inherit"] });
  const [port] = await once(createInterface({ input: server.stdout }), "line");
  return { address: new URL(`http://127.0.0.1:${port}/`), stop: () => server.kill() };
}
