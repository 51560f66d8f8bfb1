import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const { outputFiles } = buildSync({
  // Without its ending: the sources and the compiler's output both have it here.
  entryPoints: [fileURLToPath(new URL("./client/main", import.meta.url))],
  bundle: true,
  write: false,
  format: "iife",
  target: "es2022",
  minify: true,
  charset: "ascii",
  legalComments: "none",
});

/** The view's script as one text. The published program has this module's result, made at build time (scripts/dist.js). */
export const viewScript = outputFiles.map(({ text }) => text.trim()).join("\n");
