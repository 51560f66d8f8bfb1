import { describe, expect, it } from "vitest";
import { escapeInvisible, escapeInvisibleLines } from "../../src/lib/invisible.js";

const marks = (count: number, from = 0x300) =>
  String.fromCodePoint(...Array.from({ length: count }, (_, index) => from + index));

describe.each([
  ["on one line", escapeInvisible],
  ["on several lines", escapeInvisibleLines],
])("marks on a letter, %s", (_, escaped) => {
  it.each([
    ["Vietnamese, decomposed", "Nguyễn Thị Hậu".normalize("NFD")],
    ["Greek, decomposed", "Ἀθῆναι".normalize("NFD")],
    ["Arabic with vowels", "مُحَمَّدٌ"],
    ["Hebrew with points", "שָּׁלוֹם"],
    ["Hindi", "ज़िंदगी, पढ़ेंगी"],
    ["Bengali", "হ্যাঁ"],
    ["Tamil", "தமிழ்"],
    ["Thai", "น้ำที่นี่"],
    ["Lao", "ເຂົ້າ"],
    ["Khmer", "ភាសាខ្មែរ"],
    ["Burmese", "လျှို့ဝှက်"],
    ["Tibetan", "བསྒྲུབས"],
  ])("are left as they are: %s", (_script, text) => {
    expect(escaped(text)).toBe(text);
  });

  it("are named from the third on that fits any script, so that names which differ in them look different", () => {
    expect(escaped(`a${marks(3)}b`)).toBe(`a${marks(2)}<U+0302>b`);
    const blot = (last: number) => escaped(`${"M".repeat(3)}${marks(19)}${String.fromCodePoint(last)}`);
    expect(blot(0x320)).toContain("<U+0320>");
    expect(blot(0x320).replace(/\p{M}/gu, "")).not.toBe(blot(0x321).replace(/\p{M}/gu, ""));
  });

  it("are named if one letter has one twice, or more than any language puts on it", () => {
    expect(escaped("ก่่")).toBe("ก่<U+0E48>");
    expect(escaped(`ཀ${marks(8, 0xf90)}`)).toBe(`ཀ${marks(6, 0xf90)}<U+0F96><U+0F97>`);
  });

  it("are not named twice", () => {
    const once = escaped(`a${marks(9)}`);
    expect(escaped(once)).toBe(once);
  });
});
