import { domainToASCII, domainToUnicode } from "node:url";

/* Domain names: parsing, DNS form, and look-alikes. */

/** A domain name that may be sent to a cloud: a host or a wildcard. */
export interface DomainName {
  /** As in DNS: A-labels in lower case, no dot at the end; a wildcard starts with `*.`. */
  readonly ascii: string;
  /** The same with U-labels. */
  readonly unicode: string;
}

/** At least two labels, the last starting with a letter: `127.1` is an address to most resolvers. */
const fullName = /^(?=.{4,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Letters, marks and digits of every script, and what IDNA allows between them. */
const labels = /^[\p{L}\p{M}\p{N}_\-·・]+(?:\.[\p{L}\p{M}\p{N}_\-·・]+)*$/u;

/**
 * Parses a domain name: ASCII or Unicode, in any case, with or without the root dot. A wildcard is `*.example.com`, or
 * `.example.com` as Alibaba Cloud writes it. Everything else is refused: a URL parser would stop at `/`, `#` or `\`,
 * drop what follows, and fold look-alikes such as full-width letters, so the name checked would differ from the name
 * sent.
 */
export function parseDomainName(text: string): DomainName | undefined {
  const wildcard = /^\*?\./.exec(text)?.[0] ?? "";
  const ascii = asciiOf(text.slice(wildcard.length));
  if (ascii === undefined || !fullName.test(ascii)) return undefined;
  const star = wildcard === "" ? "" : "*.";
  return { ascii: star + ascii, unicode: star + domainToUnicode(ascii) };
}

/**
 * A name in DNS form, however a cloud or a caller spells it: for comparing names. A text that is no name stays as it is,
 * in lower case.
 */
export function asInDns(text: string): string {
  return parseDomainName(text)?.ascii ?? text.trim().toLowerCase();
}

/** Any number of labels in DNS form; undefined if the text is invalid or would be read as another name. */
export function asciiOf(text: string): string | undefined {
  const name = text.replace(/\.$/, "");
  if (name.length > 253 || !labels.test(name)) return undefined;
  // Fast path: lists may be long, and most names need no conversion.
  if (/^[\w.-]+$/.test(name) && !/xn--/i.test(name)) return name.toLowerCase();
  const ascii = domainToASCII(name);
  const given = name.toLowerCase().normalize("NFC");
  return ascii !== "" && (ascii === given || domainToUnicode(ascii) === given) ? ascii : undefined;
}

/** What surrounds a name in a URL or an address: scheme and user before it, port and path after it. */
const urlParts = /^[a-z][a-z\d+.-]*:\/\/(?:[^/?#@]*@)?|(?::\d{1,5})?(?:[/?#].*)?$/gi;

/** Longest text searched for names, and most names returned. */
const searchLimits = { length: 500, names: 5 };

/**
 * The names that a person may have meant by a URL, a name with a port, several names in one text, or the dots of an
 * East Asian keyboard. Only for messages: the text is not accepted in their place.
 */
export function domainsIn(text: string): readonly string[] {
  if (text.length > searchLimits.length) return [];
  const parts = text.split(/[\s,;，；、]+/).filter((part) => part !== "");
  const names = parts.map((part) => {
    const bare = part.replace(/[\u200b-\u200d\u2060\ufeff]/g, "").replace(urlParts, "");
    return parseDomainName(bare.replace(/[。．｡]/g, "."))?.ascii;
  });
  const found = names.flatMap((name) => name ?? []);
  return found.length === names.length && found.length <= searchLimits.names ? [...new Set(found)] : [];
}

/** Whether its displayed form differs from its DNS form. */
export function isInternational({ ascii, unicode }: DomainName): boolean {
  return ascii !== unicode;
}

const scripts = [
  ..."Latin Cyrillic Greek Armenian Hebrew Arabic Devanagari Bengali Thai Georgian Cherokee Ethiopic Tamil".split(" "),
  ..."Han Hiragana Katakana Hangul Bopomofo".split(" "),
].map((name) => ({ name, holds: new RegExp(`\\p{Script=${name}}`, "u") }));

/** Scripts that are written together: Japanese, Korean, Chinese with phonetic signs. */
const compatibleScripts = [
  ["Latin", "Han", "Hiragana", "Katakana"],
  ["Latin", "Han", "Hangul"],
  ["Latin", "Han", "Bopomofo"],
];

/** Cyrillic, Greek and Armenian letters that look Latin. */
const likeLatin = /^[асԁеғһіјӏмոорԛѕтυувԝхуӽүαβγικνορτυχωѵազհյոսցօ\d_-]+$/u;

/**
 * ASCII and the Latin letters that look like it: the dotless ones, letters of phonetic alphabets, small capitals. Chosen by
 * eye, like those above; Unicode Technical Standard 39 (unicode.org/reports/tr39) has a longer list.
 */
const likeAscii = /^[a-z\d_\-ıȷǀɑɡɩʋɢɪɴʀʏʙʜʟᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢꜰꜱꞯ]+$/u;

interface LookAlike {
  /** It mixes scripts, has only letters of another script that look Latin, or Latin ones that look like ASCII. */
  readonly kind: "mixed" | "like Latin" | "like ASCII";
  readonly scripts: readonly string[];
  /** The distinct letters that cause it. */
  readonly letters: readonly string[];
}

const distinct = (letters: readonly string[] | null) => [...new Set(letters)];
const foreignIn = (label: string) => distinct(label.match(/(?!\p{Script=Latin})\p{Letter}/gu));

/** Why the name may pass for another; undefined if it hardly can. */
export function lookAlikeOf({ ascii, unicode }: DomainName): LookAlike | undefined {
  if (ascii === unicode) return undefined;
  for (const label of unicode.split(".")) {
    const found = scripts.flatMap(({ name, holds }) => (holds.test(label) ? [name] : []));
    const natural = found.length <= 1 || compatibleScripts.some((set) => found.every((name) => set.includes(name)));
    if (!natural) return { kind: "mixed", scripts: found, letters: foreignIn(label) };
    const beyondAscii = distinct(label.match(/\P{ASCII}/gu));
    if (beyondAscii.length === 0) continue;
    if (likeLatin.test(label)) return { kind: "like Latin", scripts: found, letters: foreignIn(label) };
    if (likeAscii.test(label)) return { kind: "like ASCII", scripts: found, letters: beyondAscii };
  }
  return undefined;
}
