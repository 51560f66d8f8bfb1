import { once } from "node:events";
import type { Writable } from "node:stream";
import { type SandboxOptions, startSandbox } from "./server.js";

/** Runs the sandbox by itself: one line of JSON says where it listens, and it stays until `stop` aborts. */
export async function runSandbox(options: SandboxOptions, out: Writable, stop: AbortSignal): Promise<void> {
  const sandbox = await startSandbox(options);
  try {
    const { endpoints, env, control } = sandbox;
    out.write(`${JSON.stringify({ endpoints, env, control })}\n`);
    if (!stop.aborted) await once(stop, "abort");
  } finally {
    await sandbox.close();
  }
}
