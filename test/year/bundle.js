// Makes single files from the parts of the year that start in a process of their own.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/**
 * @param {string} outdir
 * @param {readonly string[]} names of files in this folder, without their end
 */
export async function bundleYear(outdir, names) {
  await build({
    entryPoints: names.map((name) => fileURLToPath(new URL(`${name}.ts`, import.meta.url))),
    outdir,
    outExtension: { ".js": ".mjs" },
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
}
