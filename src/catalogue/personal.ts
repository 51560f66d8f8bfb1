import type { PersonalKind } from "./tencent-ssl/member-facts.js";

/** How personal data is masked, so that somebody who knows the person still recognises it. */

const stars = "***";

/** A value of another type than documented is masked whole. */
export function maskedValue(value: unknown, kind: PersonalKind): string {
  if (typeof value !== "string") return stars;
  const domain = value.lastIndexOf("@");
  if (kind === "e-mail" && domain > 0) return `${maskedWords(value.slice(0, domain))}${value.slice(domain)}`;
  return kind === "number" ? maskedNumber(value) : maskedWords(value);
}

function maskedWords(words: string): string {
  const [first = "", ...rest] = words;
  return rest.length === 0 ? stars : `${first}${stars}`;
}

/** The last two, of a number long enough to have others. */
function maskedNumber(number: string): string {
  return number.length > 4 ? `${stars}${number.slice(-2)}` : stars;
}

const email = /[\w.%+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g;
/** Of mainland China, as its clouds want them: the other forms of a number cannot be told from an id. */
const mobile = /(?<!\w)(?:\+?86[- ]?)?1[3-9]\d{9}(?!\w)/g;

/** The same text without e-mail addresses and mobile numbers: for what a cloud says in its own words. */
export function withoutPersonalData(text: string): string {
  return text
    .replace(email, (address) => maskedValue(address, "e-mail"))
    .replace(mobile, (number) => maskedValue(number, "number"));
}
