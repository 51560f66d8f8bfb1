import { editDistance } from "../edit-distance.js";
import type { Service } from "../services.js";
import { codesOf, entryOf } from "./index.js";

/** No vendor's code is longer; longer words, such as base64, are not codes. */
const maxLength = 120;

/**
 * The error code in a text: a known one in the vendor's spelling, else what the text itself calls a code.
 * @param services whose codes are known; if a text holds several codes, earlier services take precedence
 * @param meant whose codes a word may be the end of, or the misspelt beginning
 */
export function codeIn(
  text: string,
  services: readonly Service[],
  meant: readonly Service[] = services,
): string | undefined {
  const words = [...new Set(text.match(/[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*/g) ?? [])].filter(
    (word) => word.length <= maxLength,
  );
  const only = words.length === 1 ? words[0] : undefined;
  const known = knownAmong(words, services);
  if (known !== undefined || only === undefined) return known ?? unlistedIn(text, words, meant);
  const read = completedCode(only, meant);
  // A number within a sentence, which may be of another script, is a count, unless the sentence calls it a code.
  return /^\d+$/.test(read) && /\p{L}/u.test(text) ? numberNamedIn(text) : read;
}

/** The best known code among `words`: of the earliest service, in exact letter case, with the most to say. */
function knownAmong(words: readonly string[], services: readonly Service[]): string | undefined {
  // Some SDKs turn the code into an exception's name: SSLPri.MissingParameterError.
  const spelt = new Set(words.flatMap((word) => [word, word.replace(/Error$/, "")]));
  const lowered = new Set([...spelt].map((word) => word.toLowerCase()));
  for (const service of services) {
    const found = codesOf(service)
      .filter((code) => spelt.has(code) || (lowered.has(code.toLowerCase()) && !(words.length > 1 && isWord(code))))
      .sort((a, b) => Number(spelt.has(b)) - Number(spelt.has(a)) || b.length - a.length);
    if (found[0] !== undefined) return found[0];
  }
  return undefined;
}

/** Whether a code is also a word of English, such as Throttling, which a sentence may have in small letters. */
const isWord = (code: string) => /^[A-Z][a-z]+$/.test(code);

/** The known code with this ending, as in `CertificateNotFound` or `0301`, if it is unambiguous; else the word. */
function completedCode(word: string, services: readonly Service[]): string {
  const found = codesEndingIn(word, services).map(({ code, service }) => ({
    code,
    fact: entryOf(service, code)?.fact,
  }));
  const distinct = (values: readonly unknown[]) => new Set(values).size === 1;
  const tells = distinct(found.map(({ code }) => code)) || distinct(found.map(({ fact }) => fact));
  return (tells ? found[0]?.code : undefined) ?? word;
}

/** The known codes that end in a word, as `FailedOperation.CertificateNotFound` in `CertificateNotFound`. */
export function codesEndingIn(word: string, services: readonly Service[]) {
  const end = `.${word.toLowerCase()}`;
  return services.flatMap((service) =>
    codesOf(service)
      .filter((code) => word.length >= 4 && code.toLowerCase().endsWith(end))
      .map((code) => ({ code, service })),
  );
}

/** The word after a word for "code", else a word whose first part reads like a code. */
function unlistedIn(text: string, words: readonly string[], services: readonly Service[]): string | undefined {
  const named = [
    ...text.matchAll(/(?:code|错误码|错误代码)["']?\s{0,4}[:=：]?\s{0,4}["'[]?([A-Za-z0-9_.]*[A-Za-z0-9_])/gi),
  ]
    .map(([, code = ""]) => code)
    // An HTTP status, a process's exit code and what an HTTP client says of a status are not error codes.
    .find((code) => code.length <= maxLength && /[A-Za-z].*[A-Z.]|\d\.\d/.test(code) && !/^ERR_BAD_/.test(code));
  const readable = (word: string) => word.includes(".") && services.some((service) => entryOf(service, word)?.code);
  const number = numberNamedIn(text);
  return named ?? words.find(readable) ?? (number && completedCode(number, services));
}

/** A number that the text calls a code. That of an HTTP status or a process is not meant. */
function numberNamedIn(text: string): string | undefined {
  const naming =
    /(?<!(?:status|response|exit|exited with)[\s_-]?)(?:code|错误码|错误代码)["']?\s{0,4}(?:[:=：]|is|是|为)?\s{0,4}["'[]?(\d{3,20})(?!\w|\.\w)/i;
  return naming.exec(text)?.[1];
}

/** Known codes of `services` that `code` may be a misspelling of, the closest first; at most three. */
export function similarCodes(code: string, services: readonly Service[]): string[] {
  const wanted = code.toLowerCase();
  const known = [...new Set(services.flatMap(codesOf))];
  return known
    .map((candidate) => ({ candidate, far: distanceBetween(wanted, candidate.toLowerCase()) }))
    .filter(({ far }) => far <= Math.max(2, Math.floor(code.length / 5)))
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** Distance between two codes or their last parts: the vendors use several prefixes for one condition. */
function distanceBetween(code: string, candidate: string): number {
  const [last, candidateLast] = [lastPartOf(code), lastPartOf(candidate)];
  const whole = editDistance(code, candidate);
  return last.length < 8 ? whole : Math.min(whole, editDistance(last, candidateLast) + 1);
}

const lastPartOf = (code: string) => code.slice(code.lastIndexOf(".") + 1);
