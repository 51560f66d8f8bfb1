import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeInvisible, formatId, formatName, quoted } from "../../src/lib/safe-text.js";
import { formText } from "../../src/mcp/markdown.js";
import { readAsMarkdown } from "../support/form-text.js";
import { runs } from "../support/width.js";

/*
 * A client may show the form's message as it is, or read it as Markdown (VS Code does). Read is what stands outside of
 * code spans; the rules of those are few: they begin at a run of backticks and end at the next run of the same length.
 */

const shownBy = (message: string) => message.split("\n\n").map((paragraph) => readAsMarkdown(paragraph));

const nasty = fc
  .array(
    fc.constantFrom(
      ...[
        "*",
        "**",
        "_",
        "__",
        "`",
        "``",
        "[",
        "](http://x '",
        "')",
        ")",
        "(",
        "<a title='",
        "'>",
        "!",
        "![](https://a.b/c)",
      ],
      ...[
        "\\",
        '"',
        "&amp;",
        "~~",
        "|",
        "---",
        "#",
        ">",
        "-",
        "1.",
        "+",
        "x",
        " ",
        "  ",
        ",",
        "、",
        "$",
        "<!--",
        "\n",
        "\u202e",
      ],
      ...["*.example.com", "www.example.com", "http://a.b", "[x]: http://a", "www.a.b/(", "a@b.c", "%00@a.b"],
    ),
    { maxLength: 10 },
  )
  .map((parts) => parts.join(""));

const name = fc
  .tuple(
    fc.oneof(nasty, fc.string({ maxLength: 10 }), fc.constantFrom("*.example.com", "*", "-", "1.", "_a.b", "my_cert")),
    fc.constantFrom(formatName, formatId, quoted, escapeInvisible),
  )
  .map(([text, format]) => escapeInvisible(String(format(text))));

const line = fc
  .tuple(
    fc.constantFrom("Certificate abcd1234 (", "", "Serve ", "证书（", "Existence: "),
    name,
    fc.constantFrom(") → ", ", ", "）、", ": ", " (", " "),
    name,
    fc.constantFrom(").", "", ", status: issued → deleted"),
  )
  .map((parts) => parts.join(""));

describe("a form's message, read as Markdown", () => {
  it("shows every character of it, and nothing is read but code spans", () => {
    fc.assert(
      fc.property(fc.array(fc.array(line, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }), (given) => {
        const shown = shownBy(formText(given));
        expect(shown.map(({ seen }) => seen)).toEqual(
          given.map((lines) => lines.map((each) => each.trimStart()).join("  \n")),
        );
        for (const { read } of shown) {
          expect(read).not.toMatch(/[\\[\]<>&~|$^#={}]|:\/\//);
          expect(read).not.toMatch(/^ *(?:[-+*]|\d+[.)])(?: |$)/m);
          // No pair: once something could open an emphasis, nothing closes it.
          expect(read).not.toMatch(/\*(?![*\s]).*[^\s*]\*/s);
          expect(read).not.toMatch(/(?<![\p{L}\p{N}_])_+(?![\s_]).*[^\s_]_+(?![\p{L}\p{N}_])/su);
          // A link takes all that follows without a space, also the first backtick of a code span.
          expect(read).not.toMatch(/www\.\S*`/i);
        }
      }),
      { numRuns: runs(400, 2_000) },
    );
  });

  it.each([
    ["the brackets of a link", `"')[old test](http://x.x '"`],
    ["a tag", `"<a title='"`],
    ["a picture", `"![](https://example.com/seen.png)"`],
    ["another text than its link", `"[invoice](http://x 'other text')"`],
    ["quotation marks of its own", String(quoted('a" is kept. "b'))],
  ])("has %s in a code span", (_, text) => {
    expect(formText([[`Certificate abcd1234 (${text}), existence: issued → deleted`]])).toBe(
      `Certificate abcd1234 (\`${text}\`), existence: issued → deleted`,
    );
  });

  it("keeps wildcards from pairing", () => {
    expect(formText([["Certificate abcd1234 (*.example.com) → certificate abcd5678 (*.example.com)"]])).toBe(
      "Certificate abcd1234 (`*.example.com`) → certificate abcd5678 (`*.example.com`)",
    );
    expect(formText([["*.example.com、*.example.org"]])).toBe("`*.example.com`、`*.example.org`");
  });

  it.each([
    "Serve *.example.com, *.example.org?",
    "Delete certificate abcd1234 (*.example.com)?",
    '"my cert (2026)", my_key',
  ])("leaves ordinary names as they are: %s", (text) => {
    expect(formText([[text]])).toBe(text);
  });

  it("keeps lines apart", () => {
    expect(formText([["a", "b"], [], ["c"]])).toBe("a  \nb\n\nc");
  });
});
