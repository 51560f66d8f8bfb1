import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Makes one file of what a run in a process of its own starts with; returns its path. */
export async function bundledEntry(): Promise<string> {
  const outfile = join(mkdtempSync(join(tmpdir(), "year-entry-")), "killed-run.mjs");
  await build({
    entryPoints: [fileURLToPath(new URL("killed-run.ts", import.meta.url))],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    // As in scripts/dist.js.
    banner: {
      js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
    },
    define: { __filename: "import.meta.filename" },
    logLevel: "error",
  });
  return outfile;
}
