import type { Service } from "../services.js";
import { codesOf, entryOf } from "./index.js";

/** No vendor's code is longer; whatever is, such as base64, is no code. */
const longest = 120;

/**
 * The error code that a text holds: a known one in the vendor's own spelling, else what the text itself calls a code.
 * @param services whose codes are known; where a text holds several codes, those of an earlier service count more
 */
export function codeIn(text: string, services: readonly Service[]): string | undefined {
  const words = [...new Set(text.match(/[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*/g) ?? [])].filter(
    (word) => word.length <= longest,
  );
  const only = words.length === 1 ? words[0] : undefined;
  return (
    knownAmong(words, services) ?? (only === undefined ? unlistedIn(text, words, services) : ended(only, services))
  );
}

/** The known code among `words`: of the earliest service, in exact letter case, with the most to say. */
function knownAmong(words: readonly string[], services: readonly Service[]): string | undefined {
  // Some SDKs make the code an exception's name: SSLPri.MissingParameterError.
  const spelt = new Set(words.flatMap((word) => [word, word.replace(/Error$/, "")]));
  const lowered = new Set([...spelt].map((word) => word.toLowerCase()));
  for (const service of services) {
    const found = codesOf(service)
      .filter((code) => lowered.has(code.toLowerCase()))
      .sort((a, b) => Number(spelt.has(b)) - Number(spelt.has(a)) || b.length - a.length);
    if (found[0] !== undefined) return found[0];
  }
  return undefined;
}

/** A code of which only the end was given, as in `CertificateNotFound` or `0301`, where that tells it; else the word. */
function ended(word: string, services: readonly Service[]): string {
  const end = `.${word.toLowerCase()}`;
  const found = services.flatMap((service) =>
    codesOf(service)
      .filter((code) => word.length >= 4 && code.toLowerCase().endsWith(end))
      .map((code) => ({ code, fact: entryOf(service, code)?.fact })),
  );
  const distinct = (values: readonly unknown[]) => new Set(values).size === 1;
  const tells = distinct(found.map(({ code }) => code)) || distinct(found.map(({ fact }) => fact));
  return (tells ? found[0]?.code : undefined) ?? word;
}

/** What stands after a word for "code", else a word that reads as a code by its first part. */
function unlistedIn(text: string, words: readonly string[], services: readonly Service[]): string | undefined {
  const named = [
    ...text.matchAll(/(?:code|错误码|错误代码)["']?\s{0,4}[:=：]?\s{0,4}["'[]?([A-Za-z0-9_.]*[A-Za-z0-9_])/gi),
  ]
    .map(([, code = ""]) => code)
    // An HTTP status and a process's exit code are codes of another kind.
    .find((code) => code.length <= longest && /[A-Za-z].*[A-Z.]|\d\.\d/.test(code));
  const readable = (word: string) => word.includes(".") && services.some((service) => entryOf(service, word)?.code);
  return named ?? words.find(readable);
}
