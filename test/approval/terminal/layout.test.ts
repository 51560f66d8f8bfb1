import { describe, expect, it } from "vitest";
import { type Layout, listLines, planLines } from "../../../src/approval/terminal/layout.js";
import { escapeInvisible } from "../../../src/lib/safe-text.js";
import { widthOf, wrap } from "../../../src/lib/text-width.js";
import { planOf } from "./support.js";

const sheet: Layout = { width: 80, paint: (_, text) => text };
const row = (object: string, aspect: string, now: string, then: string) => ({ object, aspect, now, then });

describe("what cannot be seen", () => {
  it.each([
    ["an escape sequence", "\x1b[31m", "<U+001B>[31m"],
    ["a line break", "a\r\nb", "a<U+000D><U+000A>b"],
    ["a bidi mark", "\u202eabc\u2069", "<U+202E>abc<U+2069>"],
    ["a C1 control", "\u009b2J", "<U+009B>2J"],
    ["a zero-width space", "pay\u200bpal", "pay<U+200B>pal"],
    ["a tag character", "a\u{e0041}", "a<U+E0041>"],
    ["a filler that counts as a letter", "\u3164", "<U+3164>"],
    ["a space of another kind", "a\u00a0b", "a<U+00A0>b"],
    ["half a character", "\ud800", "<U+D800>"],
  ])("is made visible: %s", (_, text, shown) => expect(escapeInvisible(text)).toBe(shown));

  it("does not touch what can be seen", () => {
    const text = "www.example.com → 证书 “näme” *.店.cn 🔒";
    expect(escapeInvisible(text)).toBe(text);
  });
});

describe("lines", () => {
  it("break at spaces, or anywhere where there are none, and lose nothing", () => {
    expect(wrap("one two three", 8)).toEqual(["one two", "three"]);
    expect(wrap("ab abcdefghijk cd", 5)).toEqual(["ab", "abcde", "fghij", "k cd"]);
    expect(wrap("证书证书", 5)).toEqual(["证书", "证书"]);
    expect(wrap("", 5)).toEqual([""]);
  });

  it("stay within the sheet", () => {
    const long = "很长的名字 and-more-".repeat(20);
    const plan = planOf({
      title: long,
      where: long,
      question: long,
      warnings: [long],
      rows: [row(long, long, long, long)],
    });
    const lines = [...planLines(plan, sheet), ...listLines([plan, plan], sheet, plan)];
    expect(lines.filter((line) => widthOf(line) > 80)).toEqual([]);
  });
});

describe("changes", () => {
  it("are a table where they fit", () => {
    const rows = [row("证书 a", "server certificate", "old", "new"), row("b.example.com", "HTTPS", "on", "off")];
    expect(planLines(planOf({ rows }), sheet).slice(8, 11)).toEqual([
      "                              now  after",
      "  证书 a, server certificate  old  new",
      "  b.example.com, HTTPS        on   off",
    ]);
  });

  it("stand on lines of their own where they are too long", () => {
    const now = `certificate ${"1".repeat(60)}`;
    expect(planLines(planOf({ rows: [row("www.example.com", "HTTPS", now, "off")] }), sheet).slice(8, 12)).toEqual([
      "  www.example.com, HTTPS",
      "    now    certificate",
      `           ${"1".repeat(60)}`,
      "    after  off",
    ]);
  });

  it("stand on lines of their own where a terminal might swap now and then", () => {
    expect(planLines(planOf({ rows: [row("abcd", "remark", "אב", "גד")] }), sheet).slice(8, 11)).toEqual([
      "  abcd, remark",
      "    now    אב",
      "    after  גד",
    ]);
  });

  it("are the arguments where nothing else is known", () => {
    expect(planLines(planOf({ rows: [] }), sheet)).toContain("  CertificateId: abcd1234");
  });
});
