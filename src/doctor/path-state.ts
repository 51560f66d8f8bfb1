import { constants } from "node:fs";
import { access, lstat, stat } from "node:fs/promises";
import { dirname } from "node:path";

/** What a path is, as far as known without opening it. */
export interface PathState {
  readonly kind: "file" | "directory" | "link" | "other";
  /** Permission bits of group and others; 0 on Windows, where modes say nothing. */
  readonly others: number;
}

/** Undefined if there is nothing. Links are not followed unless `follow` is set. */
export async function stateOf(path: string, follow = false): Promise<PathState | undefined> {
  const facts = await (follow ? stat(path) : lstat(path)).catch(() => undefined);
  if (facts === undefined) return undefined;
  const kind = facts.isFile() ? "file" : facts.isDirectory() ? "directory" : facts.isSymbolicLink() ? "link" : "other";
  return { kind, others: process.platform === "win32" ? 0 : facts.mode & 0o077 };
}

export async function may(path: string, what: "read" | "write" | "list" | "make files in"): Promise<boolean> {
  const { R_OK, W_OK, X_OK } = constants;
  const modes = { read: R_OK, write: R_OK | W_OK, list: R_OK | X_OK, "make files in": W_OK | X_OK };
  return access(path, modes[what]).then(
    () => true,
    () => false,
  );
}

/** Whether files can be created in the directory, or the directory itself can be created. */
export async function canBeMade(directory: string): Promise<boolean> {
  const found = await stateOf(directory, true);
  if (found !== undefined) return found.kind === "directory" && may(directory, "make files in");
  const above = dirname(directory);
  return above !== directory && canBeMade(above);
}
