import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { approvalPage, noticePage } from "../../../src/approval/page/html.js";
import { chineseTexts, englishTexts, type Texts, textsIn } from "../../../src/approval/page/texts.js";
import type { Plan } from "../../../src/approval/plan.js";
import { languageAccepted } from "../../../src/lib/language.js";
import { destroyPlan, row, trafficPlan } from "./support.js";

const render = (plan: Plan, texts: Texts = englishTexts) =>
  approvalPage(plan, "csrfToken", new Date(Date.UTC(2026, 0, 1)), texts).text;

/** A plan whose every text is `say()`. */
function planOf(say: () => string): Plan {
  const pair = (): readonly [string, string] => [say(), say()];
  return {
    ...destroyPlan,
    where: say(),
    account: say(),
    operation: say(),
    title: say(),
    question: say(),
    warnings: [say(), say()],
    rows: [row(say(), say(), say(), say())],
    facts: [pair()],
    details: [pair(), pair()],
    typed: say(),
  };
}

/** The markup without what the plan may put into it: texts, unbroken names, and the pattern of the name's field. */
function tagsOf(page: string): string[] {
  const bare = page.replace(/<style>[\s\S]*?<\/style>/, "").replace(/<span class="word">([^<>"]*)<\/span>/g, "$1");
  return (bare.match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/pattern="[^"]*"/, ""));
}

function textsOf(page: string): string {
  return page.replace(/<style>[\s\S]*?<\/style>/, "").replace(/<[^>]*>/g, "");
}

const markup = ["<", ">", '"', "'", "&", "`", "=", "/", "!", "-", ".", "\n", " ", "&lt;", "<!--", "]]>", "</p>", "a"];
const hostile = fc.oneof(
  fc.string({ unit: fc.constantFrom(...markup, "\u202e", "\u200b", "\0") }),
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "</style><script>alert(1)</script>",
    '" autofocus onfocus=alert(1) x="',
    "<img src=x onerror=alert(1)>",
  ),
);

describe("text of a plan", () => {
  it("never breaks out of its place", () => {
    const harmless = tagsOf(render(planOf(() => "x")));
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 20, maxLength: 20 }), (sayings) => {
        let next = 0;
        const page = render(planOf(() => sayings[next++ % sayings.length] ?? ""));
        expect(tagsOf(page)).toEqual(harmless);
        expect(textsOf(page)).toMatch(/^(?:[^<>"'&]|&(?:amp|lt|gt|quot|#39);)*$/);
      }),
      { numRuns: 500 },
    );
  });

  it("is shown as it is, line ends included", () => {
    const question = `Delete "a" & 'b' <b>\nfor good.example.com?`;
    const shown = textsOf(render({ ...trafficPlan, question }));
    expect(shown).toContain("Delete &quot;a&quot; &amp; &#39;b&#39; &lt;b&gt;\nfor good.example.com?");
  });

  it("shows what would reorder or hide the text beside it", () => {
    const page = render({ ...trafficPlan, question: "Serve \u202Egnp.moc\u2066 and \u200Bthis\0?" });
    expect(textsOf(page)).toContain("Serve &lt;U+202E&gt;gnp.moc&lt;U+2066&gt; and &lt;U+200B&gt;this&lt;U+0000&gt;?");
  });

  it("does not break out of a notice either", () => {
    fc.assert(
      fc.property(hostile, (about) => {
        expect(tagsOf(noticePage("approved", englishTexts, about).text)).toEqual(
          tagsOf(noticePage("approved", englishTexts, "x").text),
        );
      }),
    );
  });
});

describe("the pattern of the name's field", () => {
  const patternIn = (page: string) => {
    const escaped = /pattern="([^"]*)"/.exec(page)?.[1] ?? "";
    const pattern = escaped.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => {
      return { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" }[entity] ?? "";
    });
    return new RegExp(`^(?:${pattern})$`, "u");
  };

  it("fits the name and nothing else", () => {
    const printable = fc.string({ unit: fc.constantFrom(..."abcXYZ019.-*_/\\()[]{}|^$+?&'\"<>: "), minLength: 1 });
    fc.assert(
      fc.property(printable, printable, (typed, other) => {
        const pattern = patternIn(render({ ...destroyPlan, typed }));
        expect(pattern.test(typed)).toBe(true);
        expect(pattern.test(` ${typed}`)).toBe(true);
        expect(pattern.test(other)).toBe(other.trim() === typed.trim() && other.includes(typed));
      }),
    );
  });
});

describe("what a plan does not have", () => {
  it("leaves no empty section", () => {
    const page = render({ ...trafficPlan, warnings: [], rows: [], facts: [], details: [] });
    // The digest of what is sent is always there.
    for (const absent of [`class="warnings"`, "<table", "<h2>Facts", 'id="typed"']) expect(page).not.toContain(absent);
  });
});

describe("the language", () => {
  it.each<[string | undefined, Texts]>([
    [undefined, englishTexts],
    ["", englishTexts],
    ["*", englishTexts],
    ["fr", englishTexts],
    ["en", englishTexts],
    ["en-GB,en;q=0.9", englishTexts],
    ["zh", chineseTexts],
    ["zh-CN", chineseTexts],
    ["ZH-cn,zh;q=0.9,en;q=0.8", chineseTexts],
    ["zh-Hans", chineseTexts],
    ["zh-Hans-CN", chineseTexts],
    ["zh-TW", englishTexts],
    ["zh-TW,zh;q=0.9,en;q=0.8", chineseTexts],
    ["en-US,zh-CN;q=0.9", englishTexts],
    ["fr,zh;q=0.5,en;q=0.4", chineseTexts],
    ["zh;q=0,en;q=0.1", englishTexts],
    ["en;q=0.5, zh-CN;q=0.8", chineseTexts],
    ["zh;q=nonsense", englishTexts],
    [";;;,,,q=", englishTexts],
  ])("of %j", (header, texts) => expect(textsIn[languageAccepted(header)]).toBe(texts));

  it("changes every text but the plan's", () => {
    const page = render(destroyPlan, chineseTexts);
    expect(page).toContain(`<html lang="zh-Hans">`);
    expect(page).toContain("<title>需要你批准: Delete a certificate · cloudcert-mcp</title>");
    expect(page).toContain(`lang="zh-Hans">Delete certificate kR7pQ2x9 for good?</h1>`);
    for (const [name, text] of Object.entries(englishTexts)) {
      if (typeof text === "string" && name !== "lang") expect(page).not.toContain(text);
    }
  });
});
