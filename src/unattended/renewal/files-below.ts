import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { limits } from "../../catalogue/limits.js";
import { enumerated } from "../../lib/lists.js";
import type { Directories } from "../../secrets/references/directories.js";

/** More than any tool's layout needs: certbot has live/NAME/FILE below its own directory. */
const atMost = { depth: 8, files: 5_000 };

export interface FoundFiles {
  readonly paths: readonly string[];
  /** What could not be read, one sentence each. */
  readonly problems: readonly string[];
  /** What was passed over although it could be read, one sentence each. */
  readonly passedOver: readonly string[];
}

/**
 * The files below the operator's directories, and links to files, that are neither empty nor larger than what a reference
 * may name: a larger one holds no certificate. Links to directories are followed within those directories, each directory
 * once; whether a link to a file leads out of them is checked by who reads it.
 */
export async function filesBelow(directories: Directories): Promise<FoundFiles> {
  const paths: string[] = [];
  const problems: string[] = [];
  const [deep, outside]: [string[], string[]] = [[], []];
  const seen = new Set<string>();
  const walk = async (folder: string, depth: number): Promise<void> => {
    const real = await realpath(folder).catch(() => folder);
    if (!directories.contains(real)) {
      outside.push(folder);
      return;
    }
    if (seen.has(real)) return;
    if (depth > atMost.depth) {
      deep.push(folder);
      return;
    }
    seen.add(real);
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => {
      problems.push(`${folder} cannot be read.`);
      return [];
    });
    // Directories before links to them: what is in one is then called by its own path.
    for (const entry of entries.toSorted((a, b) => Number(a.isSymbolicLink()) - Number(b.isSymbolicLink()))) {
      if (paths.length >= atMost.files) return;
      const path = join(folder, entry.name);
      const facts = entry.isDirectory() || entry.isFile() || entry.isSymbolicLink() ? await factsOf(path) : "neither";
      if (facts === "directory") await walk(path, depth + 1);
      if (facts === "readable") paths.push(path);
    }
  };
  for (const root of directories.paths) await walk(root, 1);
  if (paths.length >= atMost.files) problems.push(`Only the first ${atMost.files} files were looked at.`);
  return {
    paths,
    problems,
    passedOver: [
      ...(deep.length > 0
        ? [`What is more than ${atMost.depth} directories deep was not looked at: ${enumerated(deep)}.`]
        : []),
      ...(outside.length > 0
        ? [`Links to directories that the operator did not name were not followed: ${enumerated(outside)}.`]
        : []),
    ],
  };
}

/** A file that cannot be looked at is left to who reads it, who says why. */
async function factsOf(path: string): Promise<"directory" | "readable" | "neither"> {
  const facts = await stat(path).catch(() => undefined);
  if (facts === undefined) return "readable";
  if (facts.isDirectory()) return "directory";
  return facts.isFile() && facts.size > 0 && facts.size <= limits.reference.bytes ? "readable" : "neither";
}
