import { contextTag, type Element, elements, oidOf } from "./der.js";

/* Algorithms by object identifier, for what node:crypto does not report. */

const hashes: Readonly<Record<string, string>> = {
  "1.2.840.113549.2.5": "MD5",
  "1.3.14.3.2.26": "SHA-1",
  "2.16.840.1.101.3.4.2.4": "SHA-224",
  "2.16.840.1.101.3.4.2.1": "SHA-256",
  "2.16.840.1.101.3.4.2.2": "SHA-384",
  "2.16.840.1.101.3.4.2.3": "SHA-512",
};

const signatureHashes: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.1.2": "MD2",
  "1.2.840.113549.1.1.4": "MD5",
  "1.2.840.113549.1.1.5": "SHA-1",
  "1.3.14.3.2.29": "SHA-1",
  "1.2.840.113549.1.1.14": "SHA-224",
  "1.2.840.113549.1.1.11": "SHA-256",
  "1.2.840.113549.1.1.12": "SHA-384",
  "1.2.840.113549.1.1.13": "SHA-512",
  "1.2.840.10040.4.3": "SHA-1",
  "1.2.840.10045.4.1": "SHA-1",
  "1.2.840.10045.4.3.1": "SHA-224",
  "1.2.840.10045.4.3.2": "SHA-256",
  "1.2.840.10045.4.3.3": "SHA-384",
  "1.2.840.10045.4.3.4": "SHA-512",
  "1.2.156.10197.1.501": "SM3",
};

const rsaPss = "1.2.840.113549.1.1.10";
const sm2WithSm3 = "1.2.156.10197.1.501";

export interface SignatureFacts {
  /** Undefined if the algorithm has its own hash (Ed25519) or is unknown. */
  readonly hash: string | undefined;
  readonly pss: boolean;
  /** Whether it is an SM2 signature, which node:crypto does not check. */
  readonly sm2: boolean;
}

/** From an AlgorithmIdentifier. */
export function signatureOf(algorithm: Element): SignatureFacts {
  const [name, parameters] = elements(algorithm.content);
  const oid = oidOf(name);
  const hash = oid === rsaPss ? pssHash(parameters) : signatureHashes[oid];
  return { hash, pss: oid === rsaPss, sm2: oid === sm2WithSm3 };
}

/** Collisions are known for these. */
export function isWeak(hash: string | undefined): boolean {
  return hash === "MD2" || hash === "MD5" || hash === "SHA-1";
}

/** RSASSA-PSS names its hash in its parameters; the default is SHA-1 (RFC 4055). */
function pssHash(parameters: Element | undefined): string | undefined {
  const hashField = parameters && elements(parameters.content).find(({ tag }) => tag === contextTag(0));
  const [algorithm] = hashField ? elements(hashField.content) : [];
  return algorithm === undefined ? "SHA-1" : hashes[oidOf(elements(algorithm.content)[0])];
}
