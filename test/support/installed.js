import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Installs packages into a folder of their own below node_modules/.cache, so that what only one command needs is no
 * dependency of the project. Does nothing where they are there already.
 * @param {string} name of the folder
 * @param {Readonly<Record<string, string>>} dependencies with exact versions
 * @returns {string} the folder
 */
export function installed(name, dependencies) {
  const folder = fileURLToPath(new URL(`../../node_modules/.cache/${name}/`, import.meta.url));
  const wanted = JSON.stringify({ private: true, type: "module", dependencies }, null, 2);
  const done = join(folder, "installed.json");
  if (contentOf(done) === wanted) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), wanted);
  // Engines differ from the Node that runs npm on purpose; none of these packages needs its install script.
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"];
  execFileSync("npm", ["install", ...quiet], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  writeFileSync(done, wanted);
  return folder;
}

function contentOf(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
