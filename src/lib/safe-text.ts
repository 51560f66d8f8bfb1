import { chinese } from "../chinese/index.js";
import { forTheRecord, type Reader } from "./language.js";
import { memoize } from "./memoize.js";

/**
 * A text for a person in every language. Our own words are in templates; text chosen by others is in quotation marks
 * unless it looks like a host or an id. Only `safe` and the quoting functions create one.
 *
 * As a string it is English: that is what is recorded, compared and bound to an approval.
 */
export class SafeText {
  readonly #render: (reader: Reader) => string;
  #english: string | undefined;

  constructor(render: (reader: Reader) => string) {
    this.#render = render;
  }

  for(reader: Reader): string {
    return this.#render(reader);
  }

  toString(): string {
    this.#english ??= this.#render(forTheRecord);
    return this.#english;
  }

  toJSON(): string {
    return this.toString();
  }

  /** Of the English text, in characters. */
  get length(): number {
    return this.toString().length;
  }
}

/** Our own words around values that are already safe: a bare string does not compile. */
export function safe(parts: TemplateStringsArray, ...values: readonly (SafeText | number)[]): SafeText {
  return new SafeText((reader) => {
    const [first = "", ...rest] = piecesOf(parts, reader);
    const filled = rest.map((piece): string => (typeof piece === "number" ? inWords(values[piece], reader) : piece));
    return reader.language === "en" ? [first, ...filled].join("") : filled.reduce(besides, String(first));
  });
}

const chineseLetter = "\\p{Script=Han}";
const chineseMark = "，。、：；？！（）";
const otherLetter = '[A-Za-z0-9*"]';
const needsSpace = new RegExp(`${chineseLetter}\n${otherLetter}|${otherLetter}\n${chineseLetter}`, "u");
const needsNone = new RegExp(
  `[${chineseLetter}${chineseMark}]\n[${chineseLetter}${chineseMark}]|[${chineseMark}]\n|\n[${chineseMark}]`,
  "u",
);

/** Joins two pieces of Chinese text: a space between Chinese and other characters, none next to Chinese punctuation. */
export function besides(before: string, after: string): string {
  const [left, right] = [before.trimEnd(), after.trimStart()];
  const seam = `${left.slice(-1)}\n${right.slice(0, 1)}`;
  if (left === "" || right === "") return before + after;
  if (needsNone.test(seam)) return left + right;
  return needsSpace.test(seam) ? `${left} ${right}` : before + after;
}

function inWords(value: SafeText | number | undefined, reader: Reader): string {
  return value instanceof SafeText ? value.for(reader) : String(value);
}

/** A template's key in the list of translations: "Delete certificate {0} for good?". */
export function templateOf(parts: readonly string[]): string {
  return parts.reduce((text, part, index) => `${text}{${index - 1}}${part}`);
}

/** Texts and, between them, indexes of values. */
type Pieces = readonly (string | number)[];

function piecesOf(parts: TemplateStringsArray, { language }: Reader): Pieces {
  if (language !== "en") return translatedPieces(parts);
  return parts.flatMap((part, index) => (index === 0 ? [part] : [index - 1, part]));
}

const translatedPieces = memoize((parts: TemplateStringsArray): Pieces => {
  const pieces = translationOf(templateOf(parts)).split(/\{(\d+)\}/);
  return pieces.map((piece, index) => (index % 2 === 0 ? piece : Number(piece)));
});

/** The Chinese template; a test makes sure that there is always one. */
function translationOf(template: string): string {
  return chinese.get(template) ?? template;
}

/** A title; its Chinese is looked up by its English unless it is given. */
export function titled(english: string, inChinese?: string): SafeText {
  return new SafeText(({ language }) => (language === "en" ? english : (inChinese ?? translationOf(english))));
}

/** Text that is the same in every language: a code, a number, a name. */
export function ownWords(text: string): SafeText {
  return new SafeText(() => text);
}
