import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const cited = "docs/cloud-behaviour.md";
const self = "test/docs/citations.test.ts";

const readable = /\.(?:ts|js|mjs|json|md)$/;

/** Every file of a folder with what it says, by its path from the root; comments as if each were on one line. */
function textsIn(folder: string): { path: string; text: string }[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name}`.replaceAll("\\", "/"))
    .filter((path) => readable.test(path) && path !== self)
    .map((path) => ({ path, text: onOneLine(readFileSync(join(root, path), "utf8")) }));
}

const onOneLine = (text: string) => text.replace(/\s*\n\s*(?:\/\/|\*(?!\/))?\s*/g, " ");

/** "3.5", "3.5, 3.6" or "3.5 and 3.6" behind the document's name; undefined where it is named without a section. */
function citationsIn(text: string): (readonly string[] | undefined)[] {
  return text
    .split(cited)
    .slice(1)
    .map((after) => after.match(/^ \d+\.\d+(?:(?:,? and |, )\d+\.\d+)*/)?.[0].match(/\d+\.\d+/g) ?? undefined);
}

/** Files of other projects, and names that stand for any document. */
const elsewhere = /^ (?:of|in) github\.com\//;
const placeholder = /(?:^|\/)NAME\.md$/;

function documentsNamedIn(text: string): string[] {
  return [...text.matchAll(/(?<![\w./}\\-])(?:[\w-]+\/)*[\w-]+(?:\.[\w-]+)*\.md\b/g)].flatMap(({ 0: name, index }) =>
    elsewhere.test(text.slice(index + name.length)) || placeholder.test(name) ? [] : [name],
  );
}

describe("a citation of a document", () => {
  const sections = [...readFileSync(join(root, cited), "utf8").matchAll(/^### (\d+\.\d+) /gm)].map(([, it = ""]) => it);

  it("is read in every form that it has in comments", () => {
    const text = onOneLine(
      `/** See (${cited} 3.5, 3.10).\n * ${cited}\n * 4.2 and 5.1: so it is. */\n// ${cited} tells`,
    );
    expect(citationsIn(text)).toEqual([["3.5", "3.10"], ["4.2", "5.1"], undefined]);
    expect(documentsNamedIn("A.md of github.com/a/b, docs/NAME.md, `{x}.md`, x/B.zh-CN.md")).toEqual(["x/B.zh-CN.md"]);
  });

  it("names a section that is there, and there is one of each number", () => {
    expect(new Set(sections).size).toBe(sections.length);
    const texts = ["src", "test", "scripts", "bench", "examples", "docs"].flatMap(textsIn);
    const citations = texts.flatMap(({ path, text }) =>
      citationsIn(text).map((numbers) => ({ path, numbers: numbers ?? [] })),
    );
    expect(citations.length).toBeGreaterThan(100);
    const missing = citations.flatMap(({ path, numbers }) =>
      numbers.filter((number) => !sections.includes(number)).map((number) => `${path}: ${number}`),
    );
    expect(missing).toEqual([]);
  });

  it("in code names a section, not only the document", () => {
    const bare = ["src", "test"]
      .flatMap(textsIn)
      .filter(({ path, text }) => path.endsWith(".ts") && citationsIn(text).includes(undefined));
    expect(bare.map(({ path }) => path)).toEqual([]);
  });

  it("in src and test names a document that is in the repository", () => {
    const named = ["src", "test"].flatMap(textsIn).flatMap(({ path, text }) =>
      documentsNamedIn(text)
        .filter((document) => !existsSync(join(root, document)))
        .map((document) => `${path}: ${document}`),
    );
    expect(named).toEqual([]);
  });
});
