import type { CertificateList, ParsedCertificate } from "../certificates/certificate.js";
import { buildChain } from "../certificates/chain.js";
import { describeKey } from "../certificates/public-key.js";
import { isWeak } from "../certificates/signature.js";
import { isTooShort } from "../certificates/strength.js";
import { onOneLine } from "../certificates/x509.js";
import { forTheRecord } from "../lib/language.js";
import { dayFor } from "../lib/moment.js";
import { brokenOff, notFollowed } from "./handshake-outcome.js";

export interface JudgedChain {
  readonly host: string;
  /** As sent, the leaf first. */
  readonly certificates: CertificateList;
  /** OpenSSL's name for the chain's fault. It reports only the last one that it met. */
  readonly fault: string | undefined;
  readonly now: Date;
}

/** Why a public client would not trust the certificate for the name, in words; undefined if it would. */
export function trustVerdict(judged: JudgedChain): string | undefined {
  const reasons = [...dateReasons(judged), ...strengthReasons(judged), ...chainReasons(judged), ...nameReasons(judged)];
  return reasons.length > 0 ? reasons.join("; ") : undefined;
}

const missingIssuerFaults: readonly (string | undefined)[] = [
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
];
/** A date fault hides the chain faults that OpenSSL met before it. */
const dateFaults: readonly (string | undefined)[] = ["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"];

/** Whether the leaf was sent without its issuer's certificate, and no trusted root issued it. */
export function lacksIntermediate({ certificates, fault }: JudgedChain): boolean {
  if (certificates[0].selfIssued) return false;
  const { path, complete, forged } = buildChain(certificates);
  // A certificate with the issuer's name but another key is not the issuer.
  if (forged.includes(0)) return fault !== undefined;
  return (
    path.length === 1 && (missingIssuerFaults.includes(fault) || (dateFaults.includes(fault) && complete === "no"))
  );
}

/** Certificates on the path from the leaf, with their names in messages. */
function pathCertificates({ certificates }: JudgedChain) {
  return buildChain(certificates).path.flatMap((position) => {
    const certificate = certificates[position];
    const prefix = position === 0 ? "" : `${subjectOf(certificate, position)} in the chain `;
    return certificate === undefined ? [] : [{ certificate, prefix }];
  });
}

function dateReasons(judged: JudgedChain): string[] {
  return pathCertificates(judged).flatMap(({ certificate: { notBefore, notAfter }, prefix }) => {
    if (notAfter <= judged.now) return [`${prefix}expired on ${dayFor(notAfter, forTheRecord)}`];
    return notBefore > judged.now ? [`${prefix}not valid before ${dayFor(notBefore, forTheRecord)}`] : [];
  });
}

/** OpenSSL was told to ignore these. A root's own signature secures nothing, so it may be weak. */
function strengthReasons(judged: JudgedChain): string[] {
  return pathCertificates(judged).flatMap(({ certificate: { key, signature, selfIssued, isCa }, prefix }) => [
    ...(isTooShort(key) ? [`${prefix}has a short key (${describeKey(key)})`] : []),
    ...(isWeak(signature.hash) && !(selfIssued && isCa) ? [`${prefix}is signed with ${signature.hash}`] : []),
  ]);
}

function chainReasons(judged: JudgedChain): string[] {
  const { certificates, fault } = judged;
  const [leaf] = certificates;
  const last = certificates[buildChain(certificates).path.at(-1) ?? 0] ?? leaf;
  const issuer = last.x509.issuer === "" ? "one without a name" : onOneLine(last.x509.issuer);
  if (missingIssuerFaults.includes(fault)) {
    return lacksIntermediate(judged)
      ? [`the intermediate is missing: the issuer ${issuer} was not sent`]
      : [`the chain ends at an issuer that was not sent and is not a trusted root: ${issuer}`];
  }
  if (dateFaults.includes(fault)) {
    // A date fault hides the chain faults that OpenSSL met before it.
    return [
      ...(dateReasons(judged).length > 0 ? [] : ["a certificate above those sent is out of date"]),
      ...(leaf.selfIssued && !leaf.isCa ? ["self-signed"] : []),
    ];
  }
  switch (fault) {
    case undefined:
      return [];
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
      return ["self-signed"];
    case "SELF_SIGNED_CERT_IN_CHAIN":
      return [`its root is not trusted (${issuer})`];
    case "INVALID_PURPOSE":
      return ["not meant for servers"];
    case brokenOff:
      return ["the handshake broke off after it was sent; the server may ask visitors for a certificate of their own"];
    case notFollowed:
      return [
        "its chain was not followed: it has more certificates, or keys of other kinds and sizes, than public ones",
      ];
    default:
      return [`its chain does not verify (${fault})`];
  }
}

/** Browsers read only the SAN, and no wildcard within a label. */
function nameReasons({ host, certificates: [leaf] }: JudgedChain): string[] {
  return leaf.x509.covers(host) ? [] : [`it does not cover ${host}`];
}

function subjectOf(certificate: ParsedCertificate | undefined, position: number): string {
  const subject = certificate?.x509.subject ?? "";
  return subject === "" ? `certificate ${position + 1}` : onOneLine(subject);
}
