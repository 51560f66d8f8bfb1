import { once } from "node:events";
import type { Writable } from "node:stream";
import { addressText } from "./edge/edge.js";
import { type SandboxOptions, startSandbox } from "./server.js";

/** Runs the sandbox standalone: prints one line of JSON with its addresses and runs until `stop` aborts. */
export async function runSandbox(options: SandboxOptions, out: Writable, stop: AbortSignal): Promise<void> {
  const sandbox = await startSandbox(options);
  try {
    const { endpoints, env, control } = sandbox;
    const edge = sandbox.edge.addresses.map(addressText);
    out.write(`${JSON.stringify({ endpoints, env, control, edge })}\n`);
    if (!stop.aborted) await once(stop, "abort");
  } finally {
    await sandbox.close();
  }
}
