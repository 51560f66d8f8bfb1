import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { manifestTools, withGeneratedParts } from "../src/reference.js";
import { version } from "../src/version.js";

const path = (file: string) => fileURLToPath(new URL(`../${file}`, import.meta.url));
const read = (file: string) => readFileSync(path(file), "utf8");

describe("the documents", () => {
  it("README.md holds the generated parts as the program has them (else: npm run docs)", () => {
    expect(read("README.md")).toBe(withGeneratedParts(read("README.md")));
    expect(read("README.md").match(/^\| `\w+` \| (Tencent|Alibaba|Huawei) Cloud/gm)).toHaveLength(36);
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
