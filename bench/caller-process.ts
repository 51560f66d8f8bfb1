import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Contestant } from "./contestants.js";

/** A contestant making calls in its own process. */
export interface Caller {
  /** Calls per second with `inFlight` of them in progress at all times. */
  rateWith(inFlight: number): Promise<number>;
  stop(): void;
}

/** @param call index into `calls` @param address of the server that answers */
export function startCaller(contestant: Contestant, call: number, address: URL): Caller {
  const script = fileURLToPath(new URL("caller.js", import.meta.url));
  const args = [script, contestant, String(call), address.href];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  return {
    async rateWith(inFlight) {
      child.stdin.write(`${inFlight}\n`);
      const [rate] = await once(lines, "line");
      return Number(rate);
    },
    stop: () => child.kill(),
  };
}
