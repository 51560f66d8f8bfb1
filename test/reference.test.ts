import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { manifestTools, withGeneratedParts } from "../src/reference.js";
import { version } from "../src/version.js";
import { ownTools } from "../src/workflows/index.js";

const path = (file: string) => fileURLToPath(new URL(`../${file}`, import.meta.url));
const read = (file: string) => readFileSync(path(file), "utf8");

describe("the documents", () => {
  it("README.md holds the generated parts as the program has them (else: npm run docs)", () => {
    const readme = read("README.md");
    expect(readme).toBe(withGeneratedParts(readme, (text) => encode(text).length));
    expect(readme.match(/^\| `\w+` \| (Tencent|Alibaba|Huawei) Cloud/gm)).toHaveLength(36);
    for (const { name } of ownTools) expect(readme).toContain(`\n| \`${name}\` |`);
  });

  it("manifest.json lists the tools and the version (else: npm run docs)", () => {
    const manifest = z.object({ version: z.string(), tools: z.unknown() }).parse(JSON.parse(read("manifest.json")));
    expect(manifest).toEqual({ version, tools: manifestTools() });
  });

  it("manifest.json is one that the bundler accepts", () => {
    const said = execFileSync(process.execPath, [path("node_modules/.bin/mcpb"), "validate", path("manifest.json")]);
    expect(said.toString()).toContain("validation passes");
  });
});
