/* Masks personal data while leaving enough for someone who knows the person to recognize it. */

export type PersonalKind = "e-mail" | "number" | "words";

const stars = "***";

/** A value of an undocumented type is masked completely. */
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

/** Keeps the last two digits of a number with more than four. */
function maskedNumber(number: string): string {
  return number.length > 4 ? `${stars}${number.slice(-2)}` : stars;
}

const email = /[\w.%+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g;
/** Numbers of mainland China, as its clouds require them: other formats cannot be told from an id. */
const mobile = /(?<!\w)(?:\+?86[- ]?)?1[3-9]\d{9}(?!\w)/g;

/** The text without e-mail addresses and mobile numbers; for messages that a cloud wrote. */
export function withoutPersonalData(text: string): string {
  return text
    .replace(email, (address) => maskedValue(address, "e-mail"))
    .replace(mobile, (number) => maskedValue(number, "number"));
}
