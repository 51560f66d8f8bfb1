import { constants } from "node:crypto";
import { createSecureContext, type SecureContext } from "node:tls";
import { parseSandboxCertificate } from "../certificate.js";
import type { KeyPair } from "../delivery.js";

const known = new WeakMap<readonly KeyPair[], SecureContext>();

/** What a TLS server needs to serve `pairs`, RSA and ECDSA by what the visitor takes; undefined where there is nothing. */
export function contextFor(pairs: readonly KeyPair[]): SecureContext | undefined {
  const context = known.get(pairs) ?? contextOf(onePerKind(pairs));
  if (context !== undefined) known.set(pairs, context);
  return context;
}

function contextOf(pairs: readonly KeyPair[]): SecureContext | undefined {
  if (pairs.length === 0) return undefined;
  try {
    return createSecureContext({
      // A resumed session would show the certificate of an earlier visit.
      secureOptions: constants.SSL_OP_NO_TICKET,
      cert: pairs.map(({ certificatePem }) => certificatePem),
      key: pairs.map(({ privateKeyPem }) => privateKeyPem),
    });
  } catch {
    return undefined; // what OpenSSL does not load, such as a key that is too short, cannot be served
  }
}

/** OpenSSL holds one certificate for each kind of key, and refuses the key of one that a second has replaced. */
function onePerKind(pairs: readonly KeyPair[]): KeyPair[] {
  const kindOf = ({ certificatePem }: KeyPair) =>
    parseSandboxCertificate(certificatePem)?.leaf.publicKey?.asymmetricKeyType;
  return [...new Map(pairs.toReversed().map((pair) => [kindOf(pair), pair])).values()];
}
