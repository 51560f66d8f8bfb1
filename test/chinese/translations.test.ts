import { describe, expect, it } from "vitest";
import { operations } from "../../src/catalogue/index.js";
import { alibabaCasAbroad, cloudTitles, services } from "../../src/catalogue/services.js";
import { chinese, translations } from "../../src/chinese/index.js";
import { thisComputerService } from "../../src/pipeline/tool.js";
import { ownTools } from "../../src/tools/index.js";
import { readSource } from "./source.js";

const { templates, comparisons } = readSource();
const placeholders = (text: string) => [...text.matchAll(/\{\d+\}/g)].map(([each]) => each).sort();
/** Nothing in it is said otherwise in Chinese: values side by side, a dot within a path. */
const isNeutral = (template: string) => /^[\s.]*$/.test(template.replace(/\{\d+\}/g, ""));

const titles = [
  ...ownTools.map(({ title }) => title),
  ...Object.values(cloudTitles),
  ...[...services, alibabaCasAbroad, thisComputerService].map(({ title }) => title),
];

describe("the Chinese of what a person reads", () => {
  it("is there for every template of the program", () => {
    expect(templates.length).toBeGreaterThan(300);
    expect(templates.filter(({ what }) => !isNeutral(what) && !chinese.has(what))).toEqual([]);
  });

  it("is there for every title", () => {
    expect(titles.filter((title) => !chinese.has(title))).toEqual([]);
    expect(operations.filter(({ titleInChinese }) => !titleInChinese)).toEqual([]);
  });

  it("has no entry that nothing in the program says", () => {
    const said = new Set([...templates.map(({ what }) => what), ...titles]);
    expect([...chinese.keys()].filter((template) => !said.has(template))).toEqual([]);
  });

  it("has each entry once", () => {
    expect(translations.reduce((sum, texts) => sum + Object.keys(texts).length, 0)).toBe(chinese.size);
  });

  it.each([...chinese])("%s: the same values", (english, translated) => {
    expect(placeholders(translated)).toEqual(placeholders(english));
    expect(translated).not.toBe("");
  });

  it("is Chinese, with Chinese punctuation", () => {
    // A name, an abbreviation or a number is the same in both.
    const same = /^(\{0\}…\?|CDN|HTTPS|CSR \{0\}|HTTP \{0\}|sha256 \{0\}|\{0\} \{1\})$/;
    const titled = operations.map(({ title, titleInChinese = "" }) => [title, titleInChinese] as const);
    const wrong = [...chinese, ...titled].filter(
      ([english, text]) =>
        !same.test(english) && (!/[\p{Script=Han}，、：；（）。]/u.test(text) || /\p{Script=Han}[,:;!?]/u.test(text)),
    );
    expect(wrong).toEqual([]);
  });
});

it("no two texts are compared as objects", () => expect(comparisons).toEqual([]));
