import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { chinese } from "../../scripts/docs/chinese.js";
import { english } from "../../scripts/docs/english.js";
import { documentPaths } from "../../scripts/docs/parts.js";
import { generatedParts, withGeneratedParts } from "../../scripts/docs/readme.js";
import { operations } from "../../src/catalogue/index.js";
import { type OptionName, options } from "../../src/config/options.js";
import { ownTools } from "../../src/tools/index.js";

const parts = generatedParts(english, () => 0);
/** A document with the parts that the program writes in one language, whatever the rest is in. */
const document = (file: string) =>
  withGeneratedParts(readFileSync(new URL(`../../${file}`, import.meta.url), "utf8"), parts);

/** A heading, a paragraph, a row, an item of a list or a block of code: what is translated as one. */
interface Unit {
  readonly kind: string;
  readonly text: string;
}

function unitsOf(markdown: string): Unit[] {
  const blocks = markdown.match(/^```[\s\S]*?^```$|^(?!```)\S[\s\S]*?(?=\n\n|\n```|\n*$(?![\s\S]))/gm) ?? [];
  return blocks.flatMap((text) => {
    const [start = ""] = text.match(/^(#+ |```\w*|\||- )/) ?? [];
    if (start === "|") return text.split("\n").map((row) => ({ kind: "row", text: row }));
    if (start === "- ") return text.split(/\n(?=- )/).map((item) => ({ kind: "item", text: item }));
    return [{ kind: start.trim() || "paragraph", text }];
  });
}

const all = (text: string, pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map(([, found = ""]) => found))];

/** What a translation leaves as it is: code, and where links and pictures point. */
function keptOf(units: readonly Unit[]) {
  const headings = units.filter(({ kind }) => kind.startsWith("#")).map(({ text }) => anchorOf(text));
  /** Headings are called otherwise in another language, but stand at the same place. */
  const target = (link: string) => (headings.includes(link) ? `heading ${headings.indexOf(link)}` : link);
  return units.map(({ kind, text }) => {
    if (kind.startsWith("```")) return { kind, code: kind === "```text" ? firstColumn(text) : withoutSite(text) };
    const prose = text.replace(/\s+/g, " ");
    return {
      kind,
      code: all(prose, /`([^`]+)`/g).sort(),
      points: all(prose, /(?:\]\(|<img src=")([^)"]+)/g)
        .map((link) => samePlace(target(link)))
        .sort(),
    };
  });
}

/** The documents of both languages have the same names, and link to each other. */
const samePlace = (link: string) =>
  link
    .replace(/^(?:\.\.\/)+/, "")
    .replace(/^(?:docs\/)?(?:zh-CN\/)?(README|[\w-]+)(?:\.zh-CN)?\.md(?=$|#)/, "document $1");

/** Readers of Chinese have accounts of Tencent Cloud's mainland China site: their examples name it. */
const withoutSite = (example: string) => example.replace(/,? "--site", "mainland"| --site mainland/g, "");

/** As GitHub makes it of a heading. */
function anchorOf(heading: string): string {
  const words = heading.replace(/^#+ /, "").toLowerCase();
  return `#${words.replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-")}`;
}

/** In a block of plain text the names at the left are kept, what is said of them is not. */
const firstColumn = (text: string) => text.split("\n").map((line) => line.split(/ {2,}/)[0]);

const numbersOf = (text: string) => all(text.replace(/`[^`]+`|\]\([^)]+\)/g, ""), /(\d(?:[\d.,]*\d)?)/g);

const markedParts = (text: string) => text.match(/<!-- (\w+) -->[\s\S]*?<!-- \/\1 -->/g);

const pairs = documentPaths.english.map((path, index) => ({
  path,
  original: document(path),
  translation: document(documentPaths.chinese[index] ?? ""),
}));

describe.each(pairs)("$path in Chinese", ({ original, translation }) => {
  it("has the English one's headings, paragraphs, rows and items, with the same code and links in each", () => {
    const expected = keptOf(unitsOf(original));
    expect(expected.length).toBeGreaterThan(3);
    expect(keptOf(unitsOf(translation))).toEqual(expected);
  });

  it("has every number that the English one has, at the same place", () => {
    const translated = unitsOf(translation);
    const missing = unitsOf(original).flatMap(({ kind, text }, at) => {
      const there = numbersOf(translated[at]?.text ?? "");
      const lost = kind.startsWith("```") ? [] : numbersOf(text).filter((number) => !there.includes(number));
      return lost.map((number) => `${number} of: ${text}`);
    });
    expect(missing).toEqual([]);
  });

  it("has the tables that were measured as the English one has them", () => {
    expect(markedParts(translation)).toEqual(markedParts(original));
  });
});

it("a Chinese example with the credentials of Tencent Cloud names the site of its readers' accounts", () => {
  const examples = pairs.flatMap(({ translation }) =>
    unitsOf(translation).filter(
      ({ kind, text }) => /^```(?:json|sh|toml)/.test(kind) && /TENCENTCLOUD_SECRET/.test(text),
    ),
  );
  expect(examples).toHaveLength(4);
  expect(examples.filter(({ text }) => !/"--site", "mainland"| --site mainland/.test(text))).toEqual([]);
});

describe("what the program says in Chinese", () => {
  it("gives every tool a title", () => {
    const tools = [...operations, ...ownTools];
    expect(tools.map((tool) => chinese.toolTitle(tool)).filter((title) => !/\p{Script=Han}/u.test(title))).toEqual([]);
  });

  it.each(Object.keys(options).filter((name): name is OptionName => name in options))(
    "names for the setting %s the values, files and numbers that the help names",
    (name) => {
      const { help } = options[name];
      const kept = help.replace("e.g.", "").match(/[\w*]+(?:[-./:]+[\w*]+)+|--\w+|\d+|[A-Z]\w*[A-Z]\w+/g) ?? [];
      const said = chinese.optionHelp(name, help);
      expect(kept.filter((value) => !said.includes(value))).toEqual([]);
    },
  );
});
