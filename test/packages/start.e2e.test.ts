import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { z } from "zod";

const imported = z.object({ path: z.string(), kind: z.string() });
const bundle = z.object({ inputs: z.record(z.object({ imports: z.array(imported) })) });

/** All modules that are evaluated before a server over stdio answers. */
function startedWith(entry: string): ReadonlySet<string> {
  const built = readFileSync(new URL("../../build/bundle.json", import.meta.url), "utf8");
  const { inputs } = bundle.parse(JSON.parse(built));
  const modules = new Set([entry]);
  for (const each of modules)
    for (const { path, kind } of inputs[each]?.imports ?? []) if (kind === "import-statement") modules.add(path);
  return modules;
}

/** What is loaded with the first call, and takes longer than the start itself. */
const withCalls =
  /^build\/src\/(?:catalogue\/[^/]+\/|pipeline\/|tools\/|sandbox\/server|database\/|http\/)|node_modules\/undici\//;

it("a server over stdio starts without operations, tools and the HTTP client", () => {
  const modules = [...startedWith("build/src/cli.js")];
  expect(modules).toContain("build/src/mcp/tool-manifest.js");
  expect(modules.filter((each) => withCalls.test(each))).toEqual([]);
});
