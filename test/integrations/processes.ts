import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { bareEnvironment } from "../support/assistant.js";

/** How a program ended, and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. The tests' own process stays free meanwhile: the sandbox is in it. */
export async function runToEnd(
  command: string,
  args: readonly string[],
  { env = {}, cwd }: { readonly env?: Record<string, string>; readonly cwd?: string } = {},
): Promise<Ended> {
  const child = spawn(command, args, { env: { ...bareEnvironment, ...env }, stdio: ["ignore", "pipe", "pipe"], cwd });
  const ended = once(child, "close");
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await ended;
  return { code: z.number().nullable().parse(code), stdout, stderr };
}

/** Ends a program that was started, and waits until it has. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill();
  await ended;
}

/** Whether a program can be started. */
export const isInstalled = (command: string) => spawnSync("sh", ["-c", `command -v ${command}`]).status === 0;
