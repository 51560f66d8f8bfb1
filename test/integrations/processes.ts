import { type ChildProcess, spawnSync } from "node:child_process";
import { once } from "node:events";

/** Ends a program that was started, and waits until it has. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill();
  await ended;
}

/** Whether a program can be started. */
export const isInstalled = (command: string) => spawnSync("sh", ["-c", `command -v ${command}`]).status === 0;
