import { readBundle } from "../../certificates/bundle.js";
import { isConsistent, openPrivateKey, publicKeyDer } from "../../certificates/private-key.js";
import { describeKey, keyFactsOfPrivate } from "../../certificates/public-key.js";
import { unlessThrown } from "../../lib/failure.js";
import { sha256Hex } from "../../lib/sha256.js";

/** Non-secret facts of a key: enough to recognize it and to match it with a certificate. */
export interface VaultKeyFacts {
  /** As in `RSA 2048` or `EC prime256v1`. */
  readonly type: string;
  /** SHA-256 of the public half (SPKI), hex. The same for the key, its CSR and its certificates. */
  readonly publicKeySha256: string;
}

export interface VaultCertificateFacts {
  readonly names: readonly string[];
  /** ISO 8601. */
  readonly notAfter: string;
  readonly publicKeySha256: string;
}

/** Undefined for a key that cannot be read here: encrypted, damaged, or of a kind that Node.js does not support. */
export function keyFacts(pem: string): VaultKeyFacts | undefined {
  // OpenSSL cannot read some real keys; missing facts are not an error.
  return unlessThrown(() => {
    const key = openPrivateKey(pem, undefined);
    if (typeof key === "string" || !isConsistent(key)) return undefined;
    const publicKey = publicKeyDer(key);
    return { type: describeKey(keyFactsOfPrivate(key)), publicKeySha256: sha256Hex(publicKey) };
  });
}

export function vaultCertificateFacts(pem: string): VaultCertificateFacts | undefined {
  const leaf = readBundle(pem)?.leaf;
  if (leaf === undefined) return undefined;
  const { names, notAfter, publicKey } = leaf;
  return { names, notAfter: notAfter.toISOString(), publicKeySha256: sha256Hex(publicKey) };
}
