import { type ConnectionOptions, createSecureContext, type SecureContext } from "node:tls";
import { memoize } from "../lib/memoize.js";
import type { ClientKind } from "./tls-check.js";

/** What a connection offers, so that only one kind of certificate fits. */
export type ClientHelloOptions = Pick<
  ConnectionOptions,
  "minVersion" | "maxVersion" | "ciphers" | "sigalgs" | "ecdhCurve"
>;

/** Weak keys and hashes must be seen and reported, so OpenSSL must not stop at them. Nothing secret is sent. */
const seeAll = "@SECLEVEL=0";

/**
 * Groups that browsers offer. OpenSSL would add fields of up to 8,192 bits, and let a TLS 1.2 server choose a
 * 10,000-bit prime for Diffie-Hellman, which takes it a second; no browser offers that any more.
 */
const groups = { ecdhCurve: "X25519:P-256:P-384:P-521" } as const;
const noDhe = "!kDHE";

const only12 = { minVersion: "TLSv1.2", maxVersion: "TLSv1.2", ...groups } as const;
/** TLS 1.3 has suites of its own; of the list, only the level counts here. OpenSSL 3.2 has a higher one of its own. */
const only13 = {
  minVersion: "TLSv1.3",
  maxVersion: "TLSv1.3",
  ...groups,
  ciphers: `DEFAULT:${seeAll}`,
} as const;

/** In TLS 1.3 these are for signatures in a chain only, never for the handshake's own (RFC 8446, 4.2.3). */
const inChains = ["rsa_pkcs1_sha256", "rsa_pkcs1_sha384", "rsa_pkcs1_sha512"];
const ecdsa = ["ecdsa_secp256r1_sha256", "ecdsa_secp384r1_sha384", "ecdsa_secp521r1_sha512"];
const rsaPss = ["sha256", "sha384", "sha512"].flatMap((hash) => [`rsa_pss_rsae_${hash}`, `rsa_pss_pss_${hash}`]);

/**
 * Up to TLS 1.2 the cipher suite decides the kind of certificate, in TLS 1.3 the signature algorithm. Certificates in
 * TLS 1.2 are sent unencrypted.
 */
export const clientHelloOptions: Readonly<Record<ClientKind, ClientHelloOptions>> = {
  default: { minVersion: "TLSv1.2", maxVersion: "TLSv1.3", ...groups, ciphers: `DEFAULT:${noDhe}:${seeAll}` },
  "TLS 1.2": { ...only12, ciphers: `DEFAULT:${noDhe}:${seeAll}` },
  "ECDSA only, TLS 1.2": { ...only12, ciphers: `aECDSA:!eNULL:${noDhe}:${seeAll}` },
  "RSA only, TLS 1.2": { ...only12, ciphers: `aRSA:!eNULL:!PSK:!SRP:${noDhe}:${seeAll}` },
  "ECDSA only, TLS 1.3": { ...only13, sigalgs: [...ecdsa, ...inChains].join(":") },
  "RSA only, TLS 1.3": { ...only13, sigalgs: [...rsaPss, ...inChains].join(":") },
};

/** Versions that clients refuse today (RFC 8996). */
export const outdated: ClientHelloOptions = {
  minVersion: "TLSv1",
  maxVersion: "TLSv1.1",
  ...groups,
  ciphers: `DEFAULT:${noDhe}:${seeAll}`,
};

/** OpenSSL's form of an offer and of the roots, made once for all connections: each takes half a millisecond. */
export function clientContexts(roots: readonly string[] | undefined): (offer: ClientHelloOptions) => SecureContext {
  return memoize((offer) => createSecureContext({ ...offer, ...(roots && { ca: [...roots] }) }));
}
