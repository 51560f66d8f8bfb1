import { limits } from "../catalogue/limits.js";
import { type Element, elements, inside, numbered } from "./der.js";
import { commonNameIn, namesOf } from "./domain-names.js";
import {
  alternativeNames,
  authorityAccess,
  extensionIds,
  extensionsIn,
  keyUsage,
  unknownCritical,
} from "./extensions.js";
import { isCheckable, keyFactsOf } from "./public-key.js";
import { signatureOf } from "./signature.js";
import { unlessThrown, X509 } from "./x509.js";

/** What the checks know about one certificate. Names are those of the SAN, or the common name if there is no SAN. */
export type ParsedCertificate = NonNullable<ReturnType<typeof parseCertificate>>;

/** For PEM, which has four characters per three bytes, plus line ends. */
const longest = limits.chain.certificateBytes * 1.5;

/** Reads one PEM block, or the DER encoding; undefined if it does not parse, or is larger than any in use. */
export function parseCertificate(encoding: string | Buffer) {
  if (encoding.length > longest) return undefined;
  const x509 = X509.read(encoding);
  if (x509 === undefined) return undefined;
  return unlessThrown(() => {
    const { notBefore, notAfter, isCa } = x509;
    return {
      x509,
      notBefore,
      notAfter,
      /** Object identifiers of the extended key usage; undefined if not limited. */
      usages: x509.extendedKeyUsage,
      isCa,
      selfIssued: isSelfIssued(x509),
      ...encoded(x509),
    };
  });
}

/** What only the encoding shows. */
function encoded(x509: X509) {
  const [body, algorithm] = inside(x509.raw);
  if (body === undefined || algorithm === undefined) throw new RangeError("The certificate is incomplete");
  const { subject, publicKeyInfo, extensions } = membersOf(body);
  const key = keyFactsOf(publicKeyInfo, x509.publicKey);
  const { dns, addresses } = alternativeNames(extensions);
  const hasAlternativeNames = dns.length + addresses.length > 0;
  const commonName = commonNameIn(subject);
  const names = hasAlternativeNames || commonName === undefined ? namesOf(dns, addresses) : namesOf([commonName]);
  return {
    ...names,
    hasAlternativeNames,
    key,
    /** The encoded SubjectPublicKeyInfo. */
    publicKey: publicKeyInfo.whole,
    signature: signatureOf(algorithm),
    sm2: key.type === "SM2",
    /** Whether it contains Certificate Transparency timestamps. */
    transparent: extensions.has(extensionIds.timestamps),
    /** What the key may be used for; undefined if not limited. */
    keyUsage: keyUsage(extensions),
    /** Whether the SAN extension is critical, as required for an empty subject (RFC 5280, 4.1.2.6). */
    criticalNames: extensions.get(extensionIds.alternativeNames)?.critical === true,
    /** Object identifiers of critical extensions that make clients refuse it. */
    unknownCritical: unknownCritical(extensions),
    precertificate: extensions.has(extensionIds.poison),
    /** Whether it tells clients to expect a stapled OCSP response. */
    mustStaple: extensions.has(extensionIds.tlsFeature),
    ...authorityAccess(extensions),
  };
}

/** The version comes first unless it is 1: serial, algorithm, issuer, validity, subject, key, extensions. */
function membersOf(body: Element) {
  const members = elements(body.content).filter(({ tag }) => tag !== numbered(0));
  const subject = members[4];
  const publicKeyInfo = members[5];
  if (subject === undefined || publicKeyInfo === undefined) throw new RangeError("The certificate is incomplete");
  const given = members.find(({ tag }) => tag === numbered(3));
  return { subject, publicKeyInfo, extensions: extensionsIn(given ? inside(given.content) : []) };
}

/** Equal names do not suffice: both may be empty, or a server may be named like its CA. The key decides. */
function isSelfIssued(x509: X509): boolean {
  return x509.issuer === x509.subject && (!isCheckable(x509.publicKey) || x509.isSignedBy(x509));
}
