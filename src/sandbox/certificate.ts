import { createPrivateKey, type KeyObject } from "node:crypto";
import { X509 } from "../certificates/x509.js";
import { unlessThrown } from "../lib/failure.js";

/** What the clouds read from a caller's PEM text. */
export interface SandboxCertificate extends Pick<X509, "notBefore" | "notAfter" | "fingerprint" | "isCa"> {
  readonly leaf: X509;
  /** Names of the leaf: the SAN's DNS entries, or the common name if there are none. */
  readonly names: readonly string[];
}

/** The certificates of a chain, separately. */
export function splitChain(pem: string): string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
}

/** Reads the leaf (the first block) of a PEM chain; undefined if no block parses. */
export function parseSandboxCertificate(pem: string): SandboxCertificate | undefined {
  const leaf = X509.read(splitChain(pem)[0] ?? "");
  if (leaf === undefined) return undefined;
  const { notBefore, notAfter, fingerprint, isCa } = leaf;
  return { leaf, names: namesOf(leaf), notBefore, notAfter, fingerprint, isCa };
}

/** Reads the leaf of a chain that is known to parse. */
export function parseKnownCertificate(pem: string): SandboxCertificate {
  const parsed = parseSandboxCertificate(pem);
  if (parsed === undefined) throw new Error("The sandbox holds something that is no certificate");
  return parsed;
}

/** A fingerprint as Alibaba Cloud and Huawei Cloud write it. */
export const withoutColons = (fingerprint: string) => fingerprint.replaceAll(":", "").toUpperCase();

/** Reads a private key in PEM; undefined if it does not parse. `passphrase` opens an encrypted one. */
export function parseKey(pem: string, passphrase?: string): KeyObject | undefined {
  return unlessThrown(() => createPrivateKey(passphrase === undefined ? pem : { key: pem, passphrase }));
}

/** Whether `name` is covered by one of `patterns`; a wildcard covers exactly one label. */
export function covers(patterns: readonly string[], name: string): boolean {
  const wanted = name.toLowerCase();
  return patterns.some((pattern) => {
    const known = pattern.toLowerCase();
    return known === wanted || (known.startsWith("*.") && wanted.slice(wanted.indexOf(".")) === known.slice(1));
  });
}

function namesOf(leaf: X509): string[] {
  const alternatives = leaf.subjectAltName?.split(", ").flatMap((entry) => {
    const [kind, name] = entry.split(":");
    return kind === "DNS" && name !== undefined ? [name] : [];
  });
  if (alternatives !== undefined && alternatives.length > 0) return alternatives;
  const commonName = commonNameOf(leaf.subject);
  return commonName === undefined ? [] : [commonName];
}

/** The common name in a distinguished name in Node.js's format: one attribute per line. */
export function commonNameOf(distinguishedName: string): string | undefined {
  return /^CN=(.+)$/m.exec(distinguishedName)?.[1];
}

/** DER of 1.2.156.10197.1.301, the SM2 curve, which has no name in Node.js. */
const sm2Curve = Buffer.from("06082a811ccf5501822d", "hex");

/** Whether the certificate has an SM2 key, China's own kind of elliptic curve. */
export function isSm2(certificate: X509): boolean {
  return certificate.raw.includes(sm2Curve);
}

/** A chain and the key of its leaf, or what is wrong with them. */
type KeyPairReading = SandboxCertificate | "bad-certificate" | "bad-key" | "mismatch";

export function readKeyPair(certificatePem: string, privateKeyPem: string): KeyPairReading {
  const certificate = parseSandboxCertificate(certificatePem);
  if (certificate === undefined) return "bad-certificate";
  const key = parseKey(privateKeyPem);
  if (key === undefined) return "bad-key";
  return certificate.leaf.checkPrivateKey(key) ? certificate : "mismatch";
}
