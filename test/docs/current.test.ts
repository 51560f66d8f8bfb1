import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, it } from "vitest";
import { chinese } from "../../scripts/docs/chinese.js";
import { english } from "../../scripts/docs/english.js";
import { generatedFiles } from "../../scripts/docs/index.js";
import { documentPaths, hasPart } from "../../scripts/docs/parts.js";
import { generatedParts } from "../../scripts/docs/readme.js";
import { operations } from "../../src/catalogue/index.js";
import { ownTools } from "../../src/tools/index.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (file: string) => readFileSync(join(root, file), "utf8");
const tokens = (text: string) => encode(text).length;
/** The file that CONTRIBUTING.md shows how to write. */
const example = "src/catalogue/tencent-ssl/complete-certificate.ts";
const generated = Object.entries(generatedFiles(read, tokens));
/** Documents for contributors are in English alone, like CONTRIBUTING.md. */
const forContributors = ["architecture", "cloud-behaviour"]
  .map((name) => `docs/${name}.md`)
  .filter((path) => existsSync(join(root, path)));

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
    (path, content) => expect(read(path)).toBe(content),
  );

  it.each([
    { language: english, paths: documentPaths.english, folder: "docs" },
    { language: chinese, paths: documentPaths.chinese, folder: "docs/zh-CN" },
  ])("in $folder are all that there are, with a place for every generated part and a row for every tool", (written) => {
    const names = readdirSync(join(root, written.folder)).filter((name) => name.endsWith(".md"));
    const inFolder = names.map((name) => `${written.folder}/${name}`).filter((path) => !forContributors.includes(path));
    expect(written.paths.slice(1).toSorted()).toEqual(inFolder.toSorted());
    const texts = written.paths.map(read);
    for (const part of Object.keys(generatedParts(written.language, tokens))) {
      expect(texts.filter((text) => hasPart(text, part)).length, part).toBeGreaterThan(0);
    }
    expect(operations).toHaveLength(36);
    for (const { name } of [...operations, ...ownTools]) expect(texts.join("")).toContain(`\n| \`${name}\` | `);
  });

  it("begin with a README of at most 15 KB", () => {
    for (const file of ["README.md", "README.zh-CN.md"])
      expect(Buffer.byteLength(read(file)), file).toBeLessThan(15_000);
  });
});

describe("what the documents point at", () => {
  const inTree = (folder: string) => readdirSync(folder, { recursive: true, encoding: "utf8" });
  const files = [
    ...readdirSync(root),
    ...["src", "test", "policies", "docs", "integrations"].flatMap((folder) =>
      inTree(`${root}${folder}`).map((path) => `${folder}/${path}`),
    ),
  ].map((path) => path.replaceAll("\\", "/"));
  /** A path as the documents write it: a file or a folder, perhaps with `*`. */
  const isThere = (path: string) => {
    const pattern = path
      .split("*")
      .map((part) => part.replace(/[.]/g, "\\."))
      .join("[^/]*");
    return files.some((file) => new RegExp(`^${pattern}$`).test(file));
  };
  /** As GitHub makes it of a heading. */
  const anchors = (markdown: string) =>
    [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    );

  const others = ["CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", ...forContributors];

  it.each([...Object.values(documentPaths).flat(), ...others])(
    "%s names files and headings that are there",
    (document) => {
      const text = read(document).replace(/^```[\s\S]*?^```/gm, "");
      const named = [...text.matchAll(/`((?:src|test|policies)\/[\w*./-]+?)\/?`/g)].map(([, path = ""]) => path);
      const links = [...text.matchAll(/(?:\]\(|<img src=")(?!https?:|vscode:|cursor:)([^)"#]*)(?:#([^)"]*))?[)"]/g)];
      const broken = links.filter(([, path = "", heading]) => {
        const target = path === "" ? document : join(dirname(document), path).replaceAll("\\", "/");
        return !isThere(target) || (heading !== undefined && !anchors(read(target)).includes(heading));
      });
      expect(named.filter((path) => !isThere(path) && path !== example)).toEqual([]);
      expect(broken.map(([link]) => link)).toEqual([]);
    },
  );

  it.each(others.filter((document) => document !== "CHANGELOG.md"))("%s names code that is there", (document) => {
    const code = ["src", "test", "scripts"].flatMap((folder) =>
      inTree(`${root}${folder}`)
        .filter((path) => path.endsWith(".ts"))
        .map((path) => read(`${folder}/${path}`)),
    );
    const named = [...read(document).matchAll(/`([a-z]+(?:[A-Z][a-z0-9]*)+)`/g)].map(([, name = ""]) => name);
    expect(named.filter((name) => !code.some((text) => new RegExp(`\\b${name}\\b`).test(text)))).toEqual([]);
  });
});
