import { createHash, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import { isConsistent } from "../key-match.js";
import { openKey } from "../preflight/private-key.js";
import { dayInWords, inQuotes, joined, nameInWords, ownWords, type SafeText, safe } from "../visible.js";

/** Key and certificate text in words: enough to recognise it, nothing that gives a secret away. */

/** A secret as its type and the fingerprint of its public half; a password as nothing but the fact. */
export function describeSecret(text: string): SafeText {
  const key = privateKeyIn(text);
  if (key === undefined)
    return text.includes("PRIVATE KEY") ? safe`private key, not readable here` : safe`secret, not shown`;
  if (!isConsistent(key)) return safe`private key, which is not that of the public half that its file states`;
  const der = createPublicKey(key).export({ type: "spki", format: "der" });
  return safe`private key, ${ownWords(keyType(key))}, public half SHA-256 ${ownWords(fingerprint(der))}`;
}

/** Public text: a certificate by its names, end and fingerprint, anything else by its length. */
export function describeDocument(text: string): SafeText {
  const leaf = certificateIn(text);
  if (leaf === undefined) {
    return safe`${text.length} characters of text, SHA-256 ${ownWords(fingerprint(Buffer.from(text)))}`;
  }
  const ends = dayInWords(new Date(leaf.validTo).toISOString());
  return safe`certificate for ${namesIn(leaf)}; ends ${ends}; SHA-256 ${ownWords(fingerprint(leaf.raw))}`;
}

/** How many names are listed; the fingerprint stands for all of them. */
const LISTED = 20;

/** What stands between two alternative names in the text that Node.js makes of them. */
const nextName = /, (?=(?:DNS|IP Address|email|URI|othername|DirName|Registered ID):)/;

function namesIn({ subjectAltName, subject }: X509Certificate): SafeText {
  if (subjectAltName === undefined) return inQuotes(subject.replaceAll("\n", ", "));
  const names = [...new Set(subjectAltName.split(nextName).map((name) => name.replace(/^(?:DNS|IP Address):/, "")))];
  const shown = joined(names.slice(0, LISTED).map(nameInWords));
  const more = names.length - LISTED;
  return more > 0 ? safe`${shown} and ${more} more names` : shown;
}

function privateKeyIn(text: string): KeyObject | undefined {
  const key = openKey(text, undefined);
  return typeof key === "string" ? undefined : key;
}

function certificateIn(text: string): X509Certificate | undefined {
  try {
    return new X509Certificate(text);
  } catch {
    return undefined;
  }
}

function keyType({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string {
  const size = asymmetricKeyDetails?.modulusLength ?? asymmetricKeyDetails?.namedCurve;
  return size === undefined ? String(asymmetricKeyType) : `${String(asymmetricKeyType).toUpperCase()} ${size}`;
}

function fingerprint(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 32);
}
