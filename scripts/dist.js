// Makes dist/, the program as published, from the compiler's output in build/: one file that starts, and a few that are
// loaded on demand. Their source maps are written next to them and not published.
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { cyclonedxEsbuildPlugin } from "@cyclonedx/cyclonedx-esbuild";
import { build } from "esbuild";
import { licencesOf } from "./licences.js";

const path = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url));

/** Inlines the exports of modules whose values are known before the start, instead of their code. */
const precomputed = {
  name: "precomputed",
  setup({ onLoad }) {
    onLoad(
      { filter: /[\\/]build[\\/]src[\\/](?:mcp[\\/]tool-manifest|lib[\\/]version|view[\\/]script)\.js$/ },
      async ({ path: module }) => {
        const exported = Object.entries(await import(pathToFileURL(module).href));
        return {
          contents: exported.map(([name, value]) => `export const ${name} = ${literalOf(value)};`).join("\n"),
        };
      },
    );
  },
};

/** Large values as JSON: Node.js parses it faster than code. */
function literalOf(value) {
  const json = JSON.stringify(value);
  return json.length > 10_000 ? `JSON.parse(${JSON.stringify(json)})` : json;
}

/**
 * What is loaded on demand imports what starts, so that esbuild puts everything that starts into one file. Otherwise it
 * makes a file of each set of modules that the same parts share, sixteen in all, and Node.js takes half a millisecond
 * to load each.
 */
const oneFileToStart = {
  name: "one-file-to-start",
  setup({ onResolve, onLoad }) {
    const started = readFileSync(path("build/src/cli.js"), "utf8").matchAll(/^import .* from "(\..*)";$/gm);
    const start = [...started].map(([, file]) => `import ${JSON.stringify(path(`build/src/${file}`))};`).join("\n");
    const onDemand = new Set();
    onResolve({ filter: /^\.\.?\// }, ({ path: module, kind, resolveDir }) => {
      if (kind === "dynamic-import") onDemand.add(resolve(resolveDir, module));
    });
    onLoad({ filter: /[\\/]build[\\/]src[\\/]/ }, ({ path: module }) =>
      onDemand.has(module) ? { contents: `${start}\n${readFileSync(module, "utf8")}` } : undefined,
    );
  },
};

/** The SDK's server brings a form validator, which nothing uses: src/mcp/elicitation.ts reads the answers itself. */
const noFormValidator = {
  name: "no-form-validator",
  setup({ onResolve }) {
    onResolve({ filter: /ajv-provider\.js$/ }, ({ importer }) =>
      /[\\/]server[\\/]index\.js$/.test(importer) ? { path: path("scripts/no-form-validator.js") } : undefined,
    );
  },
};

/** Undici's index loads much that the program never uses. */
const undiciInPart = {
  name: "undici-in-part",
  setup({ onResolve }) {
    onResolve({ filter: /^undici$/ }, () => ({ path: path("scripts/undici.js") }));
  },
};

const { metafile } = await build({
  entryPoints: [path("build/src/cli.js")],
  outdir: path("dist"),
  bundle: true,
  splitting: true,
  platform: "node",
  format: "esm",
  target: "node20",
  // What only the team's server needs is installed beside the program, or in the image (src/lib/optional-packages.ts).
  external: Object.keys(JSON.parse(readFileSync(path("package.json"), "utf8")).peerDependencies),
  // Names are kept: bug reports contain stack traces.
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: "external",
  legalComments: "none",
  chunkNames: "[name]-[hash]",
  // Some bundled packages are CommonJS: they need Node's own modules, and their own location.
  banner: {
    js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
  },
  define: { __filename: "import.meta.filename" },
  metafile: true,
  plugins: [
    oneFileToStart,
    precomputed,
    noFormValidator,
    undiciInPart,
    // Bundled packages appear in no user's lock file: scanners read them here.
    cyclonedxEsbuildPlugin({
      specVersion: "1.6",
      outputFile: "sbom.cdx.json",
      outputReproducible: true,
      logLevel: "error",
    }),
  ],
});

chmodSync(path("dist/cli.js"), 0o755);
writeFileSync(path("dist/THIRD-PARTY-LICENSES.txt"), licencesOf(Object.keys(metafile.inputs)));
writeFileSync(path("build/bundle.json"), JSON.stringify(metafile));
