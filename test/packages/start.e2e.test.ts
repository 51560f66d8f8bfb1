import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { z } from "zod";

const imported = z.object({ path: z.string(), kind: z.string() });
const files = z.record(z.object({ imports: z.array(imported) }));
const built = readFileSync(new URL("../../build/bundle.json", import.meta.url), "utf8");
/** The modules that were bundled, and the files that they became. */
const { inputs, outputs } = z.object({ inputs: files, outputs: files }).parse(JSON.parse(built));

/** Those of `among` that are evaluated before a server over stdio answers. */
function startedWith(entry: string, among: z.infer<typeof files>): string[] {
  const started = new Set([entry]);
  for (const each of started)
    for (const { path, kind } of among[each]?.imports ?? [])
      if (kind === "import-statement" && Object.hasOwn(among, path)) started.add(path);
  return [...started];
}

/** What is loaded with the first call, and takes longer than the start itself. */
const withCalls =
  /^build\/src\/(?:catalogue\/[^/]+\/|pipeline\/|tools\/|sandbox\/server|database\/|http\/)|node_modules\/undici\//;

it("a server over stdio starts without operations, tools and the HTTP client", () => {
  const modules = startedWith("build/src/cli.js", inputs);
  expect(modules).toContain("build/src/mcp/tool-manifest.js");
  expect(modules.filter((each) => withCalls.test(each))).toEqual([]);
});

it("a server over stdio starts from the command's file and one more", () => {
  expect(startedWith("dist/cli.js", outputs)).toHaveLength(2);
});
