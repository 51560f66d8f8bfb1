import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodePackage } from "./versions.js";

/**
 * Runs one cell of a table on the Node in `folder`, with a home of its own, and gives what it tells its parent.
 * @param {string} script the cell's file
 * @param {readonly string[]} args
 * @param {number} patience longer than any cell takes, in milliseconds
 * @param {(problem: string) => object} failed what to give where it ended without a word
 */
export async function forked(folder, script, args, patience, failed) {
  const home = mkdtempSync(join(tmpdir(), "cloudcert-compat-"));
  const child = fork(join(folder, "compat", script), args, {
    execPath: join(folder, "node_modules", nodePackage, "bin/node"),
    env: { PATH: process.env.PATH, HOME: home },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    timeout: patience,
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
  const result = await new Promise((resolve) => {
    child.once("message", resolve);
    child.once("exit", (code, signal) => resolve(failed(`ended with ${signal ?? code}\n${said}`)));
  });
  rmSync(home, { recursive: true, force: true });
  return result;
}
