import { limits } from "../catalogue/limits.js";
import { unlessThrown } from "../lib/failure.js";
import { contextTag, type Element, elements, sequenceMembers } from "./der.js";
import { commonNameIn, type Names, namesOf } from "./domain-names.js";
import {
  alternativeNames,
  authorityAccess,
  extensionIds,
  extensionsIn,
  type KeyUsage,
  keyUsage,
  unknownCriticalExtensions,
} from "./extensions.js";
import { isCheckable, type KeyFacts, keyFactsOf } from "./public-key.js";
import { type SignatureFacts, signatureOf } from "./signature.js";
import { X509 } from "./x509.js";

/** What the checks know about one certificate. Names are those of the SAN, or the common name if there is no SAN. */
export interface ParsedCertificate extends Names {
  readonly x509: X509;
  readonly hasAlternativeNames: boolean;
  /** Whether the SAN extension is there, with neither a DNS name nor an address: with URIs, for instance. */
  readonly hasOnlyOtherNames: boolean;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly key: KeyFacts;
  /** The encoded SubjectPublicKeyInfo. */
  readonly publicKey: Buffer;
  readonly signature: SignatureFacts;
  /** Object identifiers of the extended key usage; undefined if not limited. */
  readonly extendedKeyUsage: readonly string[] | undefined;
  /** What the key may be used for; undefined if not limited. */
  readonly keyUsage: ReadonlySet<KeyUsage> | undefined;
  /** Whether the SAN extension is critical, as required for an empty subject (RFC 5280, 4.1.2.6). */
  readonly hasCriticalNames: boolean;
  /** Object identifiers of critical extensions that clients do not know, so they refuse the certificate. */
  readonly unknownCriticalExtensions: readonly string[];
  readonly isPrecertificate: boolean;
  /** Whether it tells clients to expect a stapled OCSP response. */
  readonly mustStaple: boolean;
  readonly isCa: boolean;
  readonly selfIssued: boolean;
  readonly sm2: boolean;
  /** Whether it contains Certificate Transparency timestamps. */
  readonly hasTimestamps: boolean;
  readonly ocsp: readonly string[];
  readonly caIssuers: readonly string[];
}

/** A leaf and its chain, or whatever a text or a server gives in their place, in that order. */
export type CertificateList = readonly [ParsedCertificate, ...ParsedCertificate[]];

/** For PEM, which has four characters per three bytes, plus line ends. */
const maxEncodingLength = limits.chain.certificateBytes * 1.5;

/** Reads one PEM block, or the DER encoding; undefined if it does not parse, or is larger than any in use. */
export function parseCertificate(encoding: string | Buffer): ParsedCertificate | undefined {
  if (encoding.length > maxEncodingLength) return undefined;
  const x509 = X509.read(encoding);
  if (x509 === undefined) return undefined;
  return unlessThrown(() => {
    const { notBefore, notAfter, extendedKeyUsage, isCa } = x509;
    return {
      x509,
      notBefore,
      notAfter,
      extendedKeyUsage,
      isCa,
      selfIssued: isSelfIssued(x509),
      ...parseEncoding(x509),
    };
  });
}

/** What only the encoding shows. */
function parseEncoding(x509: X509) {
  const [body, algorithm] = sequenceMembers(x509.raw);
  if (body === undefined || algorithm === undefined) throw new RangeError("The certificate is incomplete");
  const { subject, publicKeyInfo, extensions } = fieldsOf(body);
  const key = keyFactsOf(publicKeyInfo, x509.publicKey);
  const { dns, addresses } = alternativeNames(extensions);
  const hasAlternativeNames = dns.length + addresses.length > 0;
  const commonName = commonNameIn(subject);
  const names = hasAlternativeNames || commonName === undefined ? namesOf(dns, addresses) : namesOf([commonName]);
  return {
    ...names,
    hasAlternativeNames,
    hasOnlyOtherNames: !hasAlternativeNames && extensions.has(extensionIds.alternativeNames),
    key,
    publicKey: publicKeyInfo.whole,
    signature: signatureOf(algorithm),
    sm2: key.type === "SM2",
    hasTimestamps: extensions.has(extensionIds.timestamps),
    keyUsage: keyUsage(extensions),
    hasCriticalNames: extensions.get(extensionIds.alternativeNames)?.critical === true,
    unknownCriticalExtensions: unknownCriticalExtensions(extensions),
    isPrecertificate: extensions.has(extensionIds.poison),
    mustStaple: extensions.has(extensionIds.tlsFeature),
    ...authorityAccess(extensions),
  };
}

/** The version comes first unless it is 1: serial, algorithm, issuer, validity, subject, key, extensions. */
function fieldsOf(body: Element) {
  const members = elements(body.content).filter(({ tag }) => tag !== contextTag(0));
  const subject = members[4];
  const publicKeyInfo = members[5];
  if (subject === undefined || publicKeyInfo === undefined) throw new RangeError("The certificate is incomplete");
  const extensions = members.find(({ tag }) => tag === contextTag(3));
  return { subject, publicKeyInfo, extensions: extensionsIn(extensions ? sequenceMembers(extensions.content) : []) };
}

/** Equal names do not suffice: both may be empty, or a server may be named like its CA. The key decides. */
function isSelfIssued(x509: X509): boolean {
  return x509.issuer === x509.subject && (!isCheckable(x509.publicKey) || x509.isSignedBy(x509));
}
