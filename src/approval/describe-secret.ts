import { readBundle } from "../certificates/bundle.js";
import type { ParsedCertificate } from "../certificates/certificate.js";
import { isConsistent, openPrivateKey, publicKeyDer } from "../certificates/private-key.js";
import { describeKey, keyFactsOfPrivate } from "../certificates/public-key.js";
import { onOneLine } from "../certificates/x509.js";
import { formatDay, formatName, inQuotes, joined, type SafeText, safe, verbatim } from "../lib/safe-text.js";
import { sha256Hex } from "../lib/sha256.js";

/* Describes keys and certificates: enough to recognise them, nothing that reveals a secret. */

/** A private key by type and the fingerprint of its public half; any other secret only as such. */
export function describeSecret(text: string): SafeText {
  const key = openPrivateKey(text, undefined);
  if (typeof key === "string")
    return text.includes("PRIVATE KEY") ? safe`private key, not readable here` : safe`secret, not shown`;
  if (!isConsistent(key)) return safe`private key that does not match the public half in its file`;
  const der = publicKeyDer(key);
  return safe`private key, ${verbatim(describeKey(keyFactsOfPrivate(key)))}, public half SHA-256 ${verbatim(fingerprint(der))}`;
}

/** Public text: a certificate by names, expiry and fingerprint, anything else by length and digest. */
export function describeDocument(text: string): SafeText {
  const leaf = readBundle(text)?.leaf;
  if (leaf === undefined) {
    return safe`${text.length} characters of text, SHA-256 ${verbatim(fingerprint(text))}`;
  }
  const ends = formatDay(leaf.notAfter.toISOString());
  return safe`certificate for ${namesIn(leaf)}; expires ${ends}; SHA-256 ${verbatim(fingerprint(leaf.x509.raw))}`;
}

/** How many names are listed; the fingerprint covers all of them. */
const MAX_NAMES = 20;

function namesIn({ names: all, x509 }: ParsedCertificate): SafeText {
  if (all.length === 0) return x509.subject === "" ? safe`no name` : inQuotes(onOneLine(x509.subject));
  const names = [...new Set(all)];
  const shown = joined(names.slice(0, MAX_NAMES).map(formatName));
  const more = names.length - MAX_NAMES;
  return more > 0 ? safe`${shown} and ${more} more names` : shown;
}

function fingerprint(bytes: string | Uint8Array): string {
  return sha256Hex(bytes).slice(0, 32);
}
