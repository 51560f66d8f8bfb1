import { originalRange, type Range, type UnescapedText } from "./unescape.js";

/* Finds unknown private keys in the output of `openssl asn1parse`, which has an element on each line. */

/** `  268:d=1  hl=4 l= 256 prim: INTEGER           :0128AA…`, and `[HEX DUMP]` before the colon for other bytes. */
const element =
  /\d{1,8}:d=\d{1,3}\s{1,8}hl=\d{1,3}\s{1,8}l=\s{0,8}(?:\d{1,8}|inf)\s{1,8}(?:prim|cons):\s{1,40}(?<type>[A-Z]+(?: [A-Z]+)?)\s{0,40}(?:(?:\[HEX DUMP\])?:(?<value>\S+))?/g;

interface Element extends Range {
  readonly type: string;
  /** What is at the range. */
  readonly value: string;
}

/** In hex digits; versions and exponents are shorter. */
const SHORTEST = { integer: 12, octets: 32, ciphertext: 128 };

/** Parameters of Diffie-Hellman have so many long numbers in a row, and nothing public has more. */
const MOST_PUBLIC_INTEGERS = 4;

/** A key of RSA that is cut off is told by these: its version, and two public numbers before the secret ones. */
const PUBLIC_IN_KEY = 3;

/** Elements between the name of an encryption and what it encrypts: the parameters of PBES2. */
const MOST_PARAMETERS = 16;

const isHex = (value: string, digits: number) => value.length >= digits && /^-?[0-9A-F]+$/i.test(value);

/** The secret numbers of RSA and DSA, those of curves, and keys that are encrypted; what is public stays. */
export function dumpedKeys(plain: UnescapedText): Range[] {
  if (!plain.text.includes("prim:")) return [];
  const elements = Array.from(plain.text.matchAll(element), ({ index, 0: whole, groups = {} }): Element => {
    const { type = "", value = "" } = groups;
    const to = index + whole.length;
    return { type, value, from: to - value.length, to };
  });
  return [...secretIntegers(elements), ...elements.filter((_, at) => isSecretOctets(elements, at))].map(
    ({ from, to }) => originalRange(plain, from, to),
  );
}

/** A key is a list of numbers: more of them in a row than anything public has, or some after a version. */
function secretIntegers(elements: readonly Element[]): Element[] {
  const secret: Element[] = [];
  let run: Element[] = [];
  for (const each of [...elements, undefined]) {
    if (each?.type === "INTEGER") {
      run.push(each);
      continue;
    }
    const long = run.filter(({ value }) => isHex(value, SHORTEST.integer));
    const startsAsKey = run.length > PUBLIC_IN_KEY && run.slice(0, 1).some(isVersion) && long.length > 1;
    if (startsAsKey || long.length > MOST_PUBLIC_INTEGERS) secret.push(...long);
    run = [];
  }
  return secret;
}

/** Of SEC1, directly after the version; of PKCS#8, after version and algorithm; encrypted, after the encryption. */
function isSecretOctets(elements: readonly Element[], at: number): boolean {
  const { type, value } = elements[at] ?? { type: "", value: "" };
  if (type !== "OCTET STRING" || !isHex(value, SHORTEST.octets)) return false;
  const before = elements.slice(Math.max(0, at - MOST_PARAMETERS), at);
  const types = before.map((each) => (isVersion(each) ? "VERSION" : each.type)).join(" > ");
  if (/VERSION(?: > SEQUENCE > OBJECT(?: > (?:NULL|OBJECT))?)?$/.test(types)) return true;
  return value.length >= SHORTEST.ciphertext && before.some(({ value: name }) => /^(?:PBES2|pbeWith)/.test(name));
}

/** The versions of SEC1 and PKCS#8. */
const isVersion = ({ type, value }: Element) => type === "INTEGER" && /^0[01]$/.test(value);
