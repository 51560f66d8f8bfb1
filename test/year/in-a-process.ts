import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { z } from "zod";
import { type RunOutcome, type RunSettings, runOutcome } from "./run.js";
import type { SimulatedClock } from "./simulated-clock.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Bundles the entry file of the killed runs; returns its path. */
export async function bundledEntry(): Promise<string> {
  const outfile = join(mkdtempSync(join(tmpdir(), "year-entry-")), "killed-run.mjs");
  await build({
    entryPoints: [fileURLToPath(new URL("killed-run.ts", import.meta.url))],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    banner: {
      js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
    },
    define: { __filename: "import.meta.filename" },
    logLevel: "error",
  });
  return outfile;
}

const told = z.union([z.object({ time: z.number() }), z.object({ outcome: runOutcome })]);

/** A run in a process of its own. */
export class ProcessRun {
  readonly #child: ChildProcess;
  /** What it did; undefined if it was killed. */
  readonly ended: Promise<RunOutcome | undefined>;

  constructor(entry: string, settings: RunSettings, clock: SimulatedClock, edge: readonly number[]) {
    const child = fork(entry, { cwd: root, stdio: ["ignore", "ignore", "pipe", "ipc"] });
    this.#child = child;
    let outcome: RunOutcome | undefined;
    let stderr = "";
    child.stderr?.on("data", (chunk) => {
      stderr += String(chunk);
    });
    child.on("message", (message) => {
      const said = told.parse(message);
      if ("outcome" in said) {
        outcome = said.outcome;
        return;
      }
      clock.forwardTo(said.time);
      if (child.connected) child.send("heard");
    });
    this.ended = new Promise((resolve, reject) => {
      child.once("error", reject).once("close", (code, signal) => {
        if (code === 0 || signal === "SIGKILL") resolve(outcome);
        else reject(new Error(`the run ended with ${code ?? signal}: ${stderr}`));
      });
    });
    child.send({ settings, now: clock.now().getTime(), edge });
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}
