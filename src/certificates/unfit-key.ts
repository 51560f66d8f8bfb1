import { limits } from "../catalogue/limits.js";
import { unlessThrown } from "../lib/failure.js";
import { derTags, type Element, elements, leavesOf, oidOf, sequenceMembers } from "./der.js";

const { key: keyLimits } = limits;

const rsaOids: ReadonlySet<string> = new Set(["1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"]);

/** Kinds of key that the clouds accept: RSA, RSA-PSS, elliptic curves (including SM2), Ed25519 and Ed448. */
const acceptedOids: ReadonlySet<string> = new Set([...rsaOids, "1.2.840.10045.2.1", "1.3.101.112", "1.3.101.113"]);

export const pbkdf2 = "1.2.840.113549.1.5.12";
const scrypt = "1.3.6.1.4.1.11591.4.11";

const block = /-----BEGIN ((?:RSA |EC |DSA |ENCRYPTED )?PRIVATE KEY)-----((?:(?!-----)[\s\S])*)-----END/;

/** The first private key in a PEM text; its content is not DER if it is encrypted the old way. */
export function keyBlockIn(pem: string): { readonly label: string; readonly der: Buffer } | undefined {
  const [, label, body = ""] = block.exec(pem) ?? [];
  return label === undefined ? undefined : { label, der: Buffer.from(body.replace(/^.*:.*$/gm, ""), "base64") };
}

/**
 * Why a private key is not given to OpenSSL, as the end of a sentence; undefined if it is, or if there is none. OpenSSL
 * computes the public half of a DSA or Diffie-Hellman key while reading it, with numbers as long as its maker chose,
 * and decrypts a key with as many rounds as the key names: both can block everything else.
 */
export function unfitKey(pem: string): string | undefined {
  if (pem.length > limits.argument.pem) return `it has ${pem.length} characters`;
  const found = keyBlockIn(pem);
  if (found === undefined) return undefined;
  const { label, der } = found;
  if (label === "DSA PRIVATE KEY") return unacceptedKind;
  if (der.length > keyLimits.bytes) return `it has ${der.length} bytes; at most ${keyLimits.bytes} are read`;
  const examine = examiners[label];
  // What does not parse is given to OpenSSL, which says so at once.
  return examine && unlessThrown(() => examine(der));
}

const unacceptedKind = "it is neither an RSA nor an elliptic curve key, which are all that the clouds accept";

/** What looks into a key, by the label of its block; the content of an old encrypted block parses as nothing. */
const examiners: Readonly<Record<string, (der: Buffer) => string | undefined>> = {
  "PRIVATE KEY": kindOf,
  "RSA PRIVATE KEY": primesOf,
  "ENCRYPTED PRIVATE KEY": roundsOf,
};

/** PKCS #8: version, algorithm, key. */
function kindOf(der: Buffer): string | undefined {
  const [, algorithm, key] = sequenceMembers(der);
  const [name] = algorithm ? elements(algorithm.content) : [];
  if (!acceptedOids.has(oidOf(name))) return unacceptedKind;
  return key !== undefined && rsaOids.has(oidOf(name)) ? primesOf(key.content) : undefined;
}

/**
 * PKCS #1 (RFC 8017, A.1.2): version 1 for more than two primes. OpenSSL reads such a key; Node.js shows only two of its
 * primes, so that nobody could say whether the key is damaged.
 */
function primesOf(der: Buffer): string | undefined {
  const [version] = sequenceMembers(der);
  return version?.tag === derTags.integer && integerValue(version) === 1
    ? "it is an RSA key with more than two primes, a kind that is not supported"
    : undefined;
}

/** PKCS #5: an algorithm and the encrypted content. The rounds are numbers in the algorithm's parameters. */
function roundsOf(der: Buffer): string | undefined {
  const [algorithm] = sequenceMembers(der);
  const all = algorithm ? leavesOf(algorithm) : [];
  const numbers = all.filter(({ tag }) => tag === derTags.integer).map(integerValue);
  const names = all.filter(({ tag }) => tag === derTags.oid).map((element) => oidOf(element));
  const limit = names.includes(scrypt) ? keyLimits.scrypt : keyLimits.iterations;
  // For scrypt: cost, block size and parallelism; for PBKDF2: the rounds, which come before the key length.
  const counted = names.includes(scrypt) ? numbers.slice(0, 3) : numbers.slice(0, 1);
  const rounds = counted.reduce((product, number) => product * number, 1);
  if (rounds <= limit) return undefined;
  const how = names.includes(scrypt) ? "scrypt" : names.includes(pbkdf2) ? "PBKDF2" : "its password";
  return `its key takes ${rounds} rounds of ${how}; at most ${limit} are allowed here`;
}

/** The number in an integer; the largest one for any that is longer than those counted here. */
export function integerValue({ content }: Element): number {
  return content.length > 6
    ? Number.MAX_SAFE_INTEGER
    : content.length === 0
      ? 0
      : content.readUIntBE(0, content.length);
}
