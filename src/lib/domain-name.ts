import { domainToASCII, domainToUnicode } from "node:url";

/** Domain names: which texts are some, how DNS writes them, and which of them look like another. */

/** A domain name that a cloud may be told: of one host, or of a wildcard. */
export interface DomainName {
  /** As it stands in DNS: A-labels in lower case, no dot at the end; a wildcard begins with `*.`. */
  readonly ascii: string;
  /** The same with its labels in their own script. */
  readonly unicode: string;
}

/** At least two labels, the last of which begins with a letter: `127.1` is an address to most resolvers. */
const fullName = /^(?=.{4,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Letters, marks and digits of every script, and what IDNA lets stand between them. */
const labels = /^[\p{L}\p{M}\p{N}_\-·・]+(?:\.[\p{L}\p{M}\p{N}_\-·・]+)*$/u;

/**
 * Reads a domain name: ASCII or Unicode, in either letter case, with or without the dot of the root. A wildcard is
 * `*.example.com`, or `.example.com` as Alibaba Cloud writes it. Everything else is refused: a URL parser would stop at
 * `/`, `#` or `\` and drop what follows, and fold look-alikes such as full-width letters, so that one name would be
 * judged and another one sent.
 */
export function parseDomainName(text: string): DomainName | undefined {
  const wildcard = /^\*?\./.exec(text)?.[0] ?? "";
  const ascii = asciiOf(text.slice(wildcard.length));
  if (ascii === undefined || !fullName.test(ascii)) return undefined;
  const star = wildcard === "" ? "" : "*.";
  return { ascii: star + ascii, unicode: star + domainToUnicode(ascii) };
}

/** The labels as DNS has them, any number of them; undefined where the text is none or would be read as another. */
export function asciiOf(text: string): string | undefined {
  const name = text.replace(/\.$/, "");
  if (name.length > 253 || !labels.test(name)) return undefined;
  // Lists may be long, and most names need no conversion.
  if (/^[\w.-]+$/.test(name) && !/xn--/i.test(name)) return name.toLowerCase();
  const ascii = domainToASCII(name);
  const given = name.toLowerCase().normalize("NFC");
  return ascii !== "" && (ascii === given || domainToUnicode(ascii) === given) ? ascii : undefined;
}

/** What stands around a name in a URL or an address: scheme and user before it, port and path after it. */
const around = /^[a-z][a-z\d+.-]*:\/\/(?:[^/?#@]*@)?|(?::\d{1,5})?(?:[/?#].*)?$/gi;

/** Longest text in which names are looked for, and most of them that are told. */
const LOOKED_INTO = { length: 500, names: 5 };

/**
 * The names that somebody may have meant who wrote a URL, a name with a port, several names in one text, or the dots of
 * an East Asian keyboard. They are for telling: what was written is not taken for them.
 */
export function domainsIn(text: string): readonly string[] {
  if (text.length > LOOKED_INTO.length) return [];
  const parts = text.split(/[\s,;，；、]+/).filter((part) => part !== "");
  const names = parts.map((part) => {
    const bare = part.replace(/[\u200b-\u200d\u2060\ufeff]/g, "").replace(around, "");
    return parseDomainName(bare.replace(/[。．｡]/g, "."))?.ascii;
  });
  const found = names.flatMap((name) => name ?? []);
  return found.length === names.length && found.length <= LOOKED_INTO.names ? [...new Set(found)] : [];
}

/** Whether a person reads it as something else than what DNS has. */
export function isInternational({ ascii, unicode }: DomainName): boolean {
  return ascii !== unicode;
}

const scripts = [
  ..."Latin Cyrillic Greek Armenian Hebrew Arabic Devanagari Bengali Thai Georgian Cherokee Ethiopic Tamil".split(" "),
  ..."Han Hiragana Katakana Hangul Bopomofo".split(" "),
].map((name) => ({ name, holds: new RegExp(`\\p{Script=${name}}`, "u") }));

/** Scripts that are written together: Japanese, Korean, Chinese with phonetic signs. */
const together = [
  ["Latin", "Han", "Hiragana", "Katakana"],
  ["Latin", "Han", "Hangul"],
  ["Latin", "Han", "Bopomofo"],
];

/** Letters of Cyrillic and Greek that look like Latin ones. */
const likeLatin = /^[асԁеғһіјӏмոорԛѕтυувԝхуӽүαβγικνορτυχωѵ\d_-]+$/u;

/** Why a name may pass for another one: it mixes letters of these scripts, or has only letters of one that look Latin. */
export interface LookAlike {
  readonly scripts: readonly string[];
  readonly mixed: boolean;
  /** The letters that are not Latin, each once. */
  readonly letters: readonly string[];
}

const foreignIn = (label: string) => [...new Set(label.match(/(?!\p{Script=Latin})\p{Letter}/gu) ?? [])];

/** Why the name may pass for another one; undefined where it hardly can. */
export function lookAlikeOf({ ascii, unicode }: DomainName): LookAlike | undefined {
  if (ascii === unicode) return undefined;
  for (const label of unicode.split(".")) {
    const found = scripts.flatMap(({ name, holds }) => (holds.test(label) ? [name] : []));
    const natural = found.length <= 1 || together.some((set) => found.every((name) => set.includes(name)));
    if (!natural) return { scripts: found, mixed: true, letters: foreignIn(label) };
    if (/\P{ASCII}/u.test(label) && likeLatin.test(label))
      return { scripts: found, mixed: false, letters: foreignIn(label) };
  }
  return undefined;
}
