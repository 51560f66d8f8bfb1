import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { operations } from "../../src/catalogue/index.js";
import { generatedFiles } from "../../src/documents/index.js";
import { ownTools } from "../../src/workflows/index.js";

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
/** The file that CONTRIBUTING.md shows how to write. */
const example = "src/catalogue/tencent-ssl/complete-certificate.ts";
const generated = Object.entries(generatedFiles(read, (text) => encode(text).length));

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
      expect(operations).toHaveLength(36);
      for (const { name } of [...operations, ...ownTools]) expect(content).toContain(`\n| \`${name}\` | `);
    },
  );
});

describe("what the documents point at", () => {
  const inTree = (folder: string) => readdirSync(folder, { recursive: true, encoding: "utf8" });
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const files = [
    ...readdirSync(root),
    ...["src", "test", "policies", "docs"].flatMap((folder) =>
      inTree(`${root}${folder}`).map((path) => `${folder}/${path}`),
    ),
  ];
  /** A path as the documents write it: a file or a folder, perhaps with `*`. */
  const isThere = (path: string) => {
    const pattern = path
      .split("*")
      .map((part) => part.replace(/[.]/g, "\\."))
      .join("[^/]*");
    return files.some((file) => new RegExp(`^${pattern}$`).test(file.replaceAll("\\", "/")));
  };

  it.each(["README.md", "README.zh-CN.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"])(
    "%s names files that are there",
    (document) => {
      const text = read(document).replace(/^```[\s\S]*?^```/gm, "");
      const named = [
        ...text.matchAll(/`((?:src|test|policies)\/[\w*./-]+?)\/?`/g),
        ...text.matchAll(/\]\((?!https?:|#|vscode:)([^)#]+)\)/g),
      ];
      expect(named.map(([, path = ""]) => path).filter((path) => !isThere(path) && path !== example)).toEqual([]);
    },
  );
});
