import { X509Certificate } from "node:crypto";
import { limits } from "../catalogue/limits.js";
import { type Element, elements, inside, numbered } from "./der.js";
import { commonNameIn } from "./distinguished-name.js";
import { alternativeNames, authorityAccess, type Extensions, extensionIds, extensionsIn } from "./extensions.js";
import { type KeyFacts, keyFactsOf, sm2KeyFacts } from "./public-key.js";
import { isSm2Key, type SignatureFacts, signatureOf } from "./signature.js";

/** What the checks know of one certificate. */
export interface Certificate {
  readonly x509: X509Certificate;
  /** DNS names and IP addresses of the SAN; the common name where there is no SAN. */
  readonly names: readonly string[];
  readonly hasAlternativeNames: boolean;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly key: KeyFacts;
  /** The encoded SubjectPublicKeyInfo. */
  readonly publicKey: Buffer;
  readonly signature: SignatureFacts;
  /** Object identifiers of the extended key usage; undefined when it is not limited. */
  readonly usages: readonly string[] | undefined;
  readonly isCa: boolean;
  readonly selfIssued: boolean;
  readonly sm2: boolean;
  /** Whether timestamps of Certificate Transparency are in it. */
  readonly transparent: boolean;
  readonly ocsp: readonly string[];
  readonly caIssuers: readonly string[];
}

/** Of PEM, which has four characters for three bytes and line ends besides. */
const longest = limits.chain.certificateBytes * 1.5;

/** Reads one PEM block, or the DER encoding; undefined when it does not parse, or is larger than any that is in use. */
export function readCertificate(encoding: string | Buffer): Certificate | undefined {
  if (encoding.length > longest) return undefined;
  try {
    const x509 = new X509Certificate(encoding);
    return { x509, ...stated(x509), ...encoded(x509.raw, x509) };
  } catch {
    return undefined;
  }
}

/** What node:crypto tells. */
function stated(x509: X509Certificate) {
  return {
    notBefore: dateOf(x509.validFrom),
    notAfter: dateOf(x509.validTo),
    usages: usagesOf(x509),
    isCa: x509.ca,
    selfIssued: x509.issuer === x509.subject,
  };
}

/** What only the encoding tells. */
function encoded(raw: Buffer, x509: X509Certificate) {
  const [body, algorithm] = inside(raw);
  if (body === undefined || algorithm === undefined) throw new RangeError("The certificate is incomplete");
  const { subject, publicKeyInfo, extensions } = membersOf(body);
  const sm2 = isSm2Key(publicKeyInfo);
  const alternatives = alternativeNames(extensions);
  const commonName = commonNameIn(subject);
  return {
    names: alternatives.length > 0 || commonName === undefined ? alternatives : [commonName],
    hasAlternativeNames: alternatives.length > 0,
    key: sm2 ? sm2KeyFacts : keyFactsOf(x509.publicKey),
    publicKey: publicKeyInfo.whole,
    signature: signatureOf(algorithm),
    sm2,
    transparent: extensions.has(extensionIds.timestamps),
    ...authorityAccess(extensions),
  };
}

interface Members {
  readonly subject: Element;
  readonly publicKeyInfo: Element;
  readonly extensions: Extensions;
}

/** The version leads only where it is not 1: serial, algorithm, issuer, validity, subject, key, extensions. */
function membersOf(body: Element): Members {
  const members = elements(body.content).filter(({ tag }) => tag !== numbered(0));
  const subject = members[4];
  const publicKeyInfo = members[5];
  if (subject === undefined || publicKeyInfo === undefined) throw new RangeError("The certificate is incomplete");
  const given = members.find(({ tag }) => tag === numbered(3));
  return { subject, publicKeyInfo, extensions: extensionsIn(given ? inside(given.content) : []) };
}

/** OpenSSL lets a certificate pass that is dated in no way. */
function dateOf(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new RangeError("The certificate has no date");
  return date;
}

/** The typings say that it is always there, which it is not. */
function usagesOf({ keyUsage }: { readonly keyUsage: string[] | undefined }): readonly string[] | undefined {
  return keyUsage;
}
