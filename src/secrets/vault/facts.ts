import { createHash, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import { limits } from "../../catalogue/limits.js";
import { isConsistent } from "../../key-match.js";
import { openKey } from "../../preflight/private-key.js";

/** What may be known of a key: enough to recognise it and to match it with a certificate. */
export interface KeyFacts {
  /** As in `RSA 2048` or `EC prime256v1`. */
  readonly type: string;
  /** SHA-256 of the public half (SPKI), hex. The same for the key, its CSR and its certificates. */
  readonly publicKeySha256: string;
}

export interface CertificateFacts {
  readonly names: readonly string[];
  /** ISO 8601. */
  readonly notAfter: string;
  readonly publicKeySha256: string | undefined;
}

/** Undefined for a key that cannot be read here: encrypted, damaged, or of a kind that Node.js does not know. */
export function keyFacts(pem: string): KeyFacts | undefined {
  return unlessUnreadable(() => {
    const key = openKey(pem, undefined);
    if (typeof key === "string" || !isConsistent(key)) return undefined;
    return { type: typeOf(key), publicKeySha256: publicHalf(createPublicKey(key)) };
  });
}

export function certificateFacts(pem: string): CertificateFacts | undefined {
  if (pem.length > limits.argument.pem) return undefined;
  return unlessUnreadable(() => {
    const leaf = new X509Certificate(pem);
    return {
      names: leaf.subjectAltName?.replaceAll("DNS:", "").split(", ") ?? [leaf.subject.replaceAll("\n", ", ")],
      notAfter: new Date(leaf.validTo).toISOString(),
      publicKeySha256: unlessUnreadable(() => publicHalf(leaf.publicKey)),
    };
  });
}

function typeOf({ asymmetricKeyType: kind, asymmetricKeyDetails: details }: KeyObject): string {
  const size = details?.modulusLength ?? details?.namedCurve;
  return [String(kind).toUpperCase(), ...(size === undefined ? [] : [size])].join(" ");
}

function publicHalf(key: KeyObject): string {
  return createHash("sha256")
    .update(key.export({ type: "spki", format: "der" }))
    .digest("hex");
}

/** The wild holds keys and certificates that OpenSSL does not read; not knowing more of them is no fault. */
function unlessUnreadable<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
