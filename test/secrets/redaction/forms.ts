import { brotliCompressSync, deflateSync } from "node:zlib";

/** How something may write a secret that it gives back. */
export type Form = (text: string) => string;

const json: Form = (text) => JSON.stringify(text).slice(1, -1);
const base64: Form = (text) => Buffer.from(text).toString("base64");
const hex: Form = (text) => Buffer.from(text).toString("hex");
const lowerPercents: Form = (text) => text.replace(/%../g, (percent) => percent.toLowerCase());
const names: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};
const special = /[^A-Za-z0-9 ]/g;
const wrapped =
  (width: number, between: string): Form =>
  (text) =>
    (text.match(new RegExp(`.{1,${width}}`, "gs")) ?? []).join(between);
const quotedPrintable: Form = (char) => `=${hex(char).toUpperCase()}`;
const eachChar =
  (written: (code: number) => string): Form =>
  (text) =>
    [...text].map((char) => written(char.charCodeAt(0))).join("");
const lines: Form = (text) => text.trim().replaceAll("\n", "\r\n");

/** Forms that clouds and gateways are known to use, each of which is masked. */
export const promisedForms: Readonly<Record<string, Form>> = {
  plain: (text) => text,
  "other line ends": lines,
  "no line ends": (text) => text.replaceAll("\n", ""),
  "blanks for line ends": (text) => text.replaceAll("\n", " "),
  "escaped for JSON": json,
  "escaped for JSON twice": (text) => json(json(text)),
  "JSON with \\u and \\/": (text) => json(text).replaceAll("/", "\\/").replaceAll("+", "\\u002b"),
  "\\x escapes": (text) => text.replace(special, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`),
  "percent-encoded": encodeURIComponent,
  "percent-encoded twice": (text) => encodeURIComponent(encodeURIComponent(text)),
  "percent-encoded in lower case": (text) => lowerPercents(encodeURIComponent(text)),
  "in a form": (text) => new URLSearchParams({ text }).toString(),
  "JSON in a URL": (text) => encodeURIComponent(JSON.stringify({ text })),
  "HTML entities by name": (text) => text.replace(/[&<>"']/g, (char) => names[char] ?? char),
  "HTML entities by name, twice": (text) =>
    text.replace(/[&<>"']/g, (char) => names[char] ?? char).replaceAll("&", "&amp;"),
  "HTML entities, decimal": (text) => text.replace(special, (char) => `&#${char.charCodeAt(0)};`),
  "HTML entities, hexadecimal": (text) => text.replace(special, (char) => `&#x${char.charCodeAt(0).toString(16)};`),
  "quoted-printable": (text) => wrapped(70, "=\r\n")(text.replace(/[=+/&<>"]/g, quotedPrintable)),
  base64,
  base64url: (text) => Buffer.from(text).toString("base64url"),
  "base64 of JSON": (text) => base64(JSON.stringify({ text })),
  "base64 of a form": (text) => base64(new URLSearchParams({ text }).toString()),
  "base64 in lines of 64": (text) => wrapped(64, "\n")(base64(text)),
  "base64 in lines of 76": (text) => wrapped(76, "\r\n")(base64(text)),
  "base64 after other text": (text) => base64(`x: ${text}`),
  "base64 in JSON": (text) => json(wrapped(76, "\n")(base64(text))),
  "base64 in a URL": (text) => encodeURIComponent(base64(text)),
  "base64 of base64": (text) => base64(base64(text)),
  "base64 of UTF-16": (text) => Buffer.from(text, "utf16le").toString("base64"),
  "base64 after a byte order mark": (text) => base64(`\ufeff${text}`),
  "base64 of UTF-16 after a byte order mark": (text) => Buffer.from(`\ufeff${text}`, "utf16le").toString("base64"),
  "hex after a byte order mark": (text) => hex(`\ufeff${text}`),
  hex,
  "hex after \\x, as PostgreSQL writes bytes": (text) => `\\x${hex(text)}`,
  "hex after \\x, in JSON": (text) => JSON.stringify({ text: `\\x${hex(text)}` }),
  "hex after \\u": (text) => `\\u${hex(text)}`,
  "hex after \\0": (text) => `\\0${hex(text)}`,
  "hex after %": (text) => `%${hex(text)}`,
  "hex after &#x": (text) => `&#x${hex(text)}`,
  "hex, upper case": (text) => hex(text).toUpperCase(),
  "first part": (text) => text.slice(0, Math.ceil(text.length * 0.9)),
  "last part": (text) => text.slice(Math.floor(text.length * 0.1)),
  "\\u{} escapes": eachChar((code) => `\\u{${code.toString(16)}}`),
  "octal escapes": eachChar((code) => `\\${code.toString(8).padStart(3, "0")}`),
  "octal escapes in JSON": (text) => json(eachChar((code) => `\\${code.toString(8).padStart(3, "0")}`)(text)),
  "%u escapes": eachChar((code) => `%u${code.toString(16).padStart(4, "0")}`),
  "HTML entities without semicolons": eachChar((code) => `&#${code}`),
  "with zero-width spaces": wrapped(8, "\u200b"),
  "with soft hyphens": wrapped(8, "\u00ad"),
  "with byte order marks": wrapped(8, "\ufeff"),
  "with no-break spaces": wrapped(8, "\u00a0"),
  "with ideographic spaces": wrapped(8, "\u3000"),
  "with tags": wrapped(8, "\u{e0020}"),
  "with zero-width spaces written out": wrapped(8, "<U+200B>"),
  "in full width": eachChar((code) => String.fromCharCode(code > 0x20 ? code + 0xfee0 : code)),
  "with what cannot be seen written out": (text) => text.replaceAll("\n", "<U+000A>"),
};

/** Forms in which a secret is not recognised wherever it stands. SECURITY.md names each of them. */
export const otherForms: Readonly<Record<string, Form>> = {
  base32: (text) => [...Buffer.from(text)].map((byte) => byte.toString(32)).join(""),
  "letter case changed": (text) => text.toLowerCase(),
  "pieces of fewer than 20 characters": wrapped(15, '", "'),
  "compressed (brotli)": (text) => brotliCompressSync(text).toString("base64"),
  "compressed (deflate)": (text) => deflateSync(text).toString("base64"),
  "numbers of its bytes": (text) => [...Buffer.from(text)].join(", "),
  "dump of its bytes": (text) =>
    (hex(text).match(/.{1,32}/g) ?? [])
      .map((row, at) => `${(16 * at).toString(16).padStart(8, "0")}  ${row.match(/../g)?.join(" ")}  |…|`)
      .join("\n"),
  backwards: (text) => [...text].reverse().join(""),
  "each character quoted": (text) => [...text].map((char) => `'${char}'`).join(","),
};

/** What somebody finds who undoes what can be undone: escapes of every kind, base64 and hex, over and over. */
export function laidOpen(text: string, depth = 3): string[] {
  if (depth === 0) return [text];
  const plain = text
    .normalize("NFKC")
    .replace(/[\u200b\u00ad\ufeff\u{e0020}]|<U\+200B>/gu, "")
    .replace(/%u([0-9a-f]{4})|\\+u\{([0-9a-f]+)\}/g, (_, u: string, inBraces: string) =>
      String.fromCharCode(Number.parseInt(u ?? inBraces, 16)),
    )
    .replace(/\\+([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
    .replace(/&#(\d+)(?![\d;])/g, (_, decimal: string) => String.fromCharCode(Number(decimal)))
    .replace(/%(?:25)*([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    .replace(/\\+(?:x([0-9a-f]{2})|u([0-9a-f]{4}))/gi, (_, x: string, u: string) =>
      String.fromCharCode(Number.parseInt(x ?? u, 16)),
    )
    .replace(/\\+[nrt]/g, "\n")
    .replace(/=\r?\n/g, "")
    .replace(/=(2B|2F|3D|0A)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/&(?:amp;)*#(x?)([0-9a-f]+);/gi, (_, x: string, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, x ? 16 : 10)),
    );
  const joined = [...plain.matchAll(/[\w+/-]{24,}(?:\s+[\w+/-]+)*/g)].map(([run]) => run.replace(/\s/g, ""));
  const runs = joined.flatMap((run) => [
    ...[0, 1, 2, 3].map((at) => Buffer.from(run.slice(at), "base64").toString("latin1").replaceAll("\0", "")),
    ...[0, 1].map((at) => Buffer.from(run.slice(at), "hex").toString("latin1").replaceAll("\0", "")),
  ]);
  return [text, plain, ...runs.flatMap((run) => laidOpen(run, depth - 1))];
}
