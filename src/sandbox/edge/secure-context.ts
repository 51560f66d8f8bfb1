import { constants } from "node:crypto";
import { createSecureContext, type SecureContext } from "node:tls";
import { parseSandboxCertificate } from "../certificate.js";
import type { KeyPair } from "../delivery.js";

const known = new WeakMap<readonly KeyPair[], SecureContext>();

/** The TLS context that serves `pairs`, RSA or ECDSA as the visitor supports; undefined if there is none. */
export function contextFor(pairs: readonly KeyPair[]): SecureContext | undefined {
  const context = known.get(pairs) ?? contextOf(onePerKind(pairs));
  if (context !== undefined) known.set(pairs, context);
  return context;
}

function contextOf(pairs: readonly KeyPair[]): SecureContext | undefined {
  if (pairs.length === 0) return undefined;
  try {
    return createSecureContext({
      // A resumed session would show an earlier certificate.
      secureOptions: constants.SSL_OP_NO_TICKET,
      cert: pairs.map(({ certificatePem }) => certificatePem),
      key: pairs.map(({ privateKeyPem }) => privateKeyPem),
    });
  } catch {
    return undefined; // OpenSSL does not load it, for instance because the key is too short
  }
}

/** OpenSSL holds one certificate per key type, and refuses the key of one that was replaced. */
function onePerKind(pairs: readonly KeyPair[]): KeyPair[] {
  const kindOf = ({ certificatePem }: KeyPair) =>
    parseSandboxCertificate(certificatePem)?.leaf.publicKey?.asymmetricKeyType;
  return [...new Map(pairs.toReversed().map((pair) => [kindOf(pair), pair])).values()];
}
