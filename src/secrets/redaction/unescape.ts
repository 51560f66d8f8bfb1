/** A text without its escapes, and where in the text that it was made from each of its characters begins. */
export interface UnescapedText {
  readonly text: string;
  /** Undefined where nothing was escaped: then every character is at its own place. */
  readonly places: Uint32Array | undefined;
}

/** A stretch of a text: from its first character to the one after its last. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Where a stretch of the plain text is in the original one. It begins and ends with whole escapes. */
export function originalRange({ places }: UnescapedText, from: number, to: number): Range {
  return { from: places?.[from] ?? from, to: places?.[to] ?? to };
}

/** By name: what stands between digits, and what takes part in other escapes. */
const named: Readonly<Record<string, string>> = {
  b: "\b",
  t: "\t",
  n: "\n",
  f: "\f",
  r: "\r",
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  plus: "+",
  sol: "/",
  equals: "=",
  lowbar: "_",
  tab: "\t",
  newline: "\n",
};

interface Escape {
  /** What each begins with. */
  readonly mark: string;
  /** Whatever number of layers there is. Its groups say what is meant, by any of these ways. */
  readonly form: RegExp;
}

/** Of ASCII only: no digit of a secret is anything else. */
const escapes: readonly Escape[] = [
  // URLs: `%2541` is `%41` escaped once more.
  { mark: "%", form: /%(?:25)*(?<hex>[0-9a-f]{2})/iy },
  // JSON, in which each layer doubles the backslashes.
  { mark: "\\", form: /\\+(?:(?<name>[btnfr])|(?<itself>["'/])|u(?<hex>[0-9A-Fa-f]{4})|x(?<byte>[0-9A-Fa-f]{2}))?/y },
  // HTML: `&amp;lt;` is `&lt;` escaped once more.
  {
    mark: "&",
    form: /&(?:amp;)*(?:#(?<decimal>\d{1,7})|#x(?<hex>[0-9a-f]{1,6})|(?<name>amp|[lg]t|quot|apos|nbsp|plus|sol|equals|lowbar|tab|newline));/iy,
  },
  // As `visible` writes what cannot be seen: `<U+000A>`.
  { mark: "<", form: /<U\+(?<hex>[0-9A-F]{4,6})>/y },
  // Mail: the end of a line that is none, and what stands between digits; `=ab` may as well begin a value.
  { mark: "=", form: /=(?:\r?\n|(?<hex>2[bdf]|3d|5f|0[ad]))/iy },
];

/**
 * The text without the escapes of URLs, JSON, HTML and mail, however many layers of one kind there are. What was escaped
 * and what was not become the same, so that a secret needs one form instead of one for every way to escape it.
 */
export function unescaped(text: string): UnescapedText {
  let plain: UnescapedText = { text, places: undefined };
  for (const each of escapes) if (plain.text.includes(each.mark)) plain = rewritten(plain, each);
  return plain;
}

function rewritten({ text, places }: UnescapedText, { mark, form }: Escape): UnescapedText {
  const codes = new Uint16Array(text.length);
  const origins = new Uint32Array(text.length + 1);
  const markCode = mark.charCodeAt(0);
  let length = 0;
  for (let at = 0; at < text.length; ) {
    let code: number | undefined = text.charCodeAt(at);
    let end = at + 1;
    if (code === markCode) {
      form.lastIndex = at;
      const match = form.exec(text);
      if (match !== null) [code, end] = [meant(match, code), form.lastIndex];
    }
    if (code !== undefined) {
      codes[length] = code;
      origins[length] = places === undefined ? at : (places[at] ?? 0);
      length += 1;
    }
    at = end;
  }
  origins[length] = places?.[text.length] ?? text.length;
  return { text: Buffer.from(codes.buffer, 0, length * 2).toString("utf16le"), places: origins };
}

/** What an escape stands for, in UTF-16; undefined for nothing, the mark itself where there is only that. */
function meant({ 0: whole, groups = {} }: RegExpExecArray, mark: number): number | undefined {
  const { hex, byte, decimal, name, itself } = groups;
  const digits = hex ?? byte;
  if (digits !== undefined) return Number.parseInt(digits, 16);
  if (decimal !== undefined) return Number(decimal);
  const text = itself ?? (name === undefined ? undefined : named[name.toLowerCase()]);
  if (text !== undefined) return text.charCodeAt(0);
  return whole.startsWith("=") ? undefined : mark;
}
