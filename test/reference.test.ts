import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { generatedFiles } from "../src/reference.js";

const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), "utf8");
const generated = Object.entries(generatedFiles(read));

describe("the documents", () => {
  it.each(generated.filter(([path]) => path.endsWith(".json")))(
    "%s is as the program has it (else: npm run docs)",
    (path, content) => {
      // The formatter lays JSON out in its own way.
      expect(JSON.parse(read(path))).toEqual(JSON.parse(content));
    },
  );

  it.each(generated.filter(([path]) => path.endsWith(".md")))(
    "%s holds the generated parts as the program has them (else: npm run docs)",
    (path, content) => {
      expect(read(path)).toBe(content);
      expect(content.match(/^\| `\w+` \| (Tencent|Alibaba|Huawei) Cloud/gm)).toHaveLength(36);
    },
  );
});
