import { chinese } from "../chinese/index.js";
import { isInternational, parseDomainName } from "./domain-name.js";
import { escapeInvisible } from "./invisible.js";
import { forTheRecord, type Reader } from "./language.js";
import { memoize } from "./memoize.js";
import { dayFor, momentFor } from "./moment.js";
import { type Redact, redactedStart } from "./redacted-start.js";

export { codePoint, escapeInvisible, escapeInvisibleLines } from "./invisible.js";

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
    const filled = rest.map((piece): string =>
      typeof piece === "number" ? renderValue(values[piece], reader) : piece,
    );
    return reader.language === "en" ? [first, ...filled].join("") : filled.reduce(joinChinese, String(first));
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
function joinChinese(before: string, after: string): string {
  const [left, right] = [before.trimEnd(), after.trimStart()];
  const seam = `${left.slice(-1)}\n${right.slice(0, 1)}`;
  if (left === "" || right === "") return before + after;
  if (needsNone.test(seam)) return left + right;
  return needsSpace.test(seam) ? `${left} ${right}` : before + after;
}

function renderValue(value: SafeText | number | undefined, reader: Reader): string {
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
export function verbatim(text: string): SafeText {
  return new SafeText(() => text);
}

/** The same, redacted; names in it are masked before they are shortened. */
export function redactedText(text: SafeText, redact: Redact): SafeText {
  return new SafeText((reader) => redact(text.for({ ...reader, redact })));
}

/** Capitalized, to start a sentence. */
export function capitalized(text: SafeText): SafeText {
  return new SafeText((reader) => {
    const words = text.for(reader);
    return reader.language === "en" ? words.replace(/^[a-z]/, (letter) => letter.toUpperCase()) : words;
  });
}

export function joined(texts: readonly SafeText[], separator: SafeText = safe`, `): SafeText {
  return new SafeText((reader) => {
    const told = texts.map((text) => text.for(reader));
    if (reader.language === "en") return told.join(separator.for(reader));
    return told.reduce(
      (before, text) => (before === "" ? text : joinChinese(joinChinese(before, separator.for(reader)), text)),
      "",
    );
  });
}

/** "a, b and 1 more": `most` of the items, and how many are left out. */
export function andMore<Item>(all: readonly Item[], most: number, describe: (item: Item) => SafeText): SafeText {
  const shown = all.slice(0, most).map((item) => describe(item));
  const more = all.length - most;
  return more > 0 ? safe`${joined(shown)} and ${more} more` : joined(shown);
}

const isoLike = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** Longest text in place of a day, in characters. */
const MAX_UNPARSED_DAY = 20;

/** The day of an ISO 8601 moment in the reader's time zone; what is no time is cut, in quotation marks. */
export function formatDay(moment: string): SafeText {
  const day = moment.slice(0, "YYYY-MM-DD".length);
  if (!isoLike.test(moment) || Number.isNaN(Date.parse(moment)))
    return timeLike.test(moment) ? verbatim(day) : briefQuote(moment, MAX_UNPARSED_DAY);
  return new SafeText((reader) => dayFor(new Date(moment), reader));
}

/** A moment, in the reader's time zone and in UTC. */
export function formatMoment(moment: Date): SafeText {
  return new SafeText((reader) => momentFor(moment, reader));
}

/** "42 seconds", "3 minutes", "5 hours"; at least one second. */
export function formatDuration(ms: number): SafeText {
  const [one, many, length] =
    ms < 90_000
      ? ([safe`second`, safe`seconds`, 1_000] as const)
      : ms < 5_400_000
        ? ([safe`minute`, safe`minutes`, 60_000] as const)
        : ([safe`hour`, safe`hours`, 3_600_000] as const);
  const count = Math.max(1, Math.ceil(ms / length));
  return safe`${count} ${count === 1 ? one : many}`;
}

/*
 * Text chosen by others (names, remarks, messages of a cloud or a certificate), for a person or a model: invisible
 * characters are escaped, long texts cut, and texts among our own words put in quotation marks.
 */

/** The start, redacted for its reader, and how long the whole is; `most` in characters. */
export function capped(text: string, most: number, reader = forTheRecord): string {
  if (text.length <= most) return text;
  const shown = redactedStart(text, most, reader.redact ?? unchanged);
  return `${shown}${safe`… (${text.length} characters)`.for(reader)}`;
}

const unchanged = (text: string) => text;

/** Longest text by others in one of our sentences, in characters. */
const MAX_IN_SENTENCE = 500;

/** On one line and in quotation marks, which nothing in it can close. */
export function quoted(text: string, most = MAX_IN_SENTENCE): SafeText {
  return new SafeText((reader) => inQuotation(capped(escapeInvisible(text), most, reader)));
}

/**
 * The same for text that is not redacted yet: not cut, because the redactor does not recognise half a secret. Its
 * sentence is escaped and cut later.
 */
export function inQuotes(text: string): SafeText {
  return verbatim(inQuotation(text));
}

function inQuotation(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** A person by name and id: names are not unique, and their owners choose them. */
export function formatPerson({ name, id }: { readonly name: string; readonly id: string }): SafeText {
  return safe`${inQuotes(name)} (${inQuotes(id)})`;
}

/**
 * Who asks for something, and with which program, as far as it says one. Names are chosen by others and not unique; a
 * client's name is not verified.
 */
export function formatAsker({
  client,
  ...person
}: {
  readonly id: string;
  readonly name: string;
  readonly client?: string | undefined;
}): SafeText {
  const who = formatPerson(person);
  return client === undefined ? who : safe`${who} with a client that calls itself ${inQuotes(client)}`;
}

const termLike = /^[\w.:-]{1,200}$/;

/** A code or an id from a cloud: unchanged if it looks like one, else in quotation marks. */
export function formatId(term: string): SafeText {
  return termLike.test(term) ? verbatim(term) : inQuotes(term);
}

const hostLike = /^[\w.*:-]{1,253}$/;

/**
 * A host, an address, or a name in a certificate: unchanged if it looks like one, else in quotation marks. An
 * internationalized name is given in both forms: as in DNS, and as displayed.
 */
export function formatName(name: string): SafeText {
  const domain = parseDomainName(name);
  if (domain !== undefined && isInternational(domain)) {
    return safe`${verbatim(domain.ascii)} (shown as ${inQuotes(domain.unicode)})`;
  }
  return hostLike.test(name) ? verbatim(name) : inQuotes(name);
}

const timeLike = /^[\d:+TZ. -]{1,40}$/;

/** A time in a cloud's format; in quotation marks if it does not look like one. */
export function formatTime(time: string): SafeText {
  return timeLike.test(time) ? verbatim(time) : inQuotes(time);
}

/** Longest name in a question, in characters. */
const MAX_IN_QUESTION = 48;

/** A name in a question, which must stay short: start and end of a long one. The full name is in the lines below. */
export function brief(name: string, most = MAX_IN_QUESTION): SafeText {
  const domain = parseDomainName(name);
  if (domain !== undefined && isInternational(domain)) {
    const half = most / 2;
    return safe`${middleOut(domain.ascii, half)} (shown as ${quotedMiddleOut(domain.unicode, half)})`;
  }
  return hostLike.test(name) ? middleOut(name, most) : briefQuote(name, most);
}

/** Like {@link brief}, but for remarks and the like: always in quotation marks. */
export function briefQuote(text: string, most = MAX_IN_QUESTION): SafeText {
  const line = escapeInvisible(text);
  return new SafeText((reader) => {
    let kept = most;
    // Each quotation mark in it is escaped to two characters.
    while (quotedMiddleOut(line, kept).for(reader).length > most + 2) kept -= 1;
    return quotedMiddleOut(line, kept).for(reader);
  });
}

const quotedMiddleOut = (text: string, most: number) =>
  new SafeText((reader) => inQuotation(middleOut(text, most).for(reader)));

/** Start and end, redacted for their reader, at most `most` characters; the end of a host shows whose it is. */
function middleOut(text: string, most: number): SafeText {
  return new SafeText(({ redact = unchanged }) => {
    if (text.length <= most) return text;
    const characters = [...redact(text)];
    if (characters.length <= most) return characters.join("");
    if (most < 3) return "…";
    const end = Math.floor((most - 1) / 2);
    return `${characters.slice(0, most - 1 - end).join("")}…${characters.slice(-end).join("")}`;
  });
}
