import { submitCertificateInformation } from "../../catalogue/tencent-ssl/submit-certificate-information.js";
import { commonNameOf } from "../certificate.js";
import type { SandboxClock } from "../clock.js";
import {
  certificateNamesOf,
  isDeployable,
  isRenewable,
  isUnderReview,
  keyAlgorithmOf,
  mainNameOf,
} from "./certificate-facts.js";
import { isWildcard } from "./domain-names.js";
import { localTime, localTimeOrNull } from "./format.js";
import { uin } from "./ssl-handler.js";
import { type DomainProof, type Status, type StoredSslCertificate, type SubmittedData, status } from "./state.js";
import { day, reviewTime } from "./timing.js";

/* Reply members for a certificate, under the documented names. */

const statusNames: Readonly<Record<Status, string>> = {
  [status.reviewing]: "Under review",
  [status.issued]: "Issued",
  [status.failed]: "Review failed",
  [status.expired]: "Expired",
  [status.validating]: "To be validated",
  [status.awaitingDocuments]: "Documents awaited",
  [status.cancelling]: "Being cancelled",
  [status.cancelled]: "Cancelled",
  [status.awaitingLetter]: "Confirmation letter awaited",
  [status.revoking]: "Being revoked",
  [status.revoked]: "Revoked",
  [status.reissuing]: "Being reissued",
  [status.awaitingRevocationLetter]: "Revocation letter awaited",
};

/** Members common to the list and both descriptions. */
export function basicsOf(certificate: StoredSslCertificate, clock: SandboxClock) {
  const { order, material } = certificate;
  const product = order?.product;
  return {
    OwnerUin: uin,
    ProjectId: String(certificate.projectId),
    From: product?.source ?? "upload",
    CertificateType: certificate.kind,
    PackageType: product === undefined ? null : String(product.id),
    ProductZhName: productNameOf(certificate),
    Domain: mainNameOf(certificate) ?? null,
    Alias: certificate.alias,
    Status: certificate.status,
    StatusMsg: statusMessageOf(certificate, clock),
    VerifyType: order?.application?.method ?? order?.submitted?.VerifyType ?? null,
    VulnerabilityStatus: "INACTIVE",
    CertBeginTime: localTimeOrNull(material?.parsed.notBefore),
    CertEndTime: localTimeOrNull(material?.parsed.notAfter),
    ValidityPeriod: monthsOf(certificate),
    InsertTime: localTime(certificate.insertedAt),
    CertificateExtra: extraOf(certificate),
    CertificateId: certificate.id,
    StatusName: statusNames[certificate.status],
    IsVip: product !== undefined && !product.free,
    IsWildcard: certificateNamesOf(certificate).some(isWildcard),
    IsDv: product?.level === "DV",
    IsVulnerability: false,
    RenewAble: isRenewable(certificate, clock.now()),
    Deployable: isDeployable(certificate),
    Tags: certificate.tags,
  };
}

/** An uploaded certificate is named after its issuer. */
function productNameOf({ order, material }: StoredSslCertificate): string | null {
  return order?.product.name ?? commonNameOf(material?.parsed.leaf.issuer ?? "") ?? null;
}

function monthsOf({ order, material }: StoredSslCertificate): string | null {
  if (order !== undefined) return String(order.months);
  if (material === undefined) return null;
  const days = (material.parsed.notAfter.getTime() - material.parsed.notBefore.getTime()) / day;
  return String(Math.round((days * 12) / 365));
}

function statusMessageOf(certificate: StoredSslCertificate, clock: SandboxClock): string | null {
  switch (certificate.status) {
    case status.awaitingLetter:
      return "PRE-REVIEWING";
    case status.reviewing:
    case status.validating:
      return reviewPhaseOf(certificate, clock);
    case status.failed:
      return certificate.order?.withdrawn
        ? "The application was withdrawn."
        : "The domain was not proven, and the order is closed.";
    default:
      return null;
  }
}

/** Inferred: the order of the documented phases. First the domain is proven, then the certificate is signed. */
function reviewPhaseOf({ order, statusSince }: StoredSslCertificate, clock: SandboxClock): string {
  const half = reviewTime[order?.application?.method ?? "DNS"] / 2;
  if (clock.since(statusSince) >= half) return "CA-REVIEWING";
  return order?.product.level === "DV" ? "PENDING-DCV" : "LEGAL-REVIEWING";
}

function extraOf(certificate: StoredSslCertificate) {
  const { order } = certificate;
  return {
    DomainNumber: String(order?.domainCount ?? certificateNamesOf(certificate).length),
    OriginCertificateId: certificate.renewalOf ?? null,
    ReplacedBy: certificate.replacedBy ?? null,
    ReplacedFor: certificate.replacedFor ?? null,
    RenewOrder: certificate.renewedBy ?? null,
    SMCert: 0,
    CompanyType: order === undefined ? null : order.product.free ? 1 : 2,
    ServiceRenewCertificateId: null,
    ServiceOriginCertificateId: null,
  };
}

/** Members of a CA certificate; empty for others. */
export function caMembersOf(certificate: StoredSslCertificate) {
  const { kind, material, order } = certificate;
  const ca = kind === "CA" ? material?.parsed : undefined;
  return {
    PackageTypeName: order?.product.name ?? null,
    CAEncryptAlgorithms: ca === undefined ? [] : [keyAlgorithmOf(certificate)],
    CACommonNames: ca === undefined ? [] : [commonNameOf(ca.leaf.subject) ?? ""],
    CAEndTimes: ca === undefined ? [] : [localTime(ca.notAfter)],
  };
}

/** Members in both descriptions but not in the list. */
export function descriptionOf(certificate: StoredSslCertificate) {
  const { order } = certificate;
  return {
    OrderId: order?.application?.orderNumber ?? null,
    DvAuthDetail: proofDetailOf(certificate),
    VulnerabilityReport: null,
    SubmittedData: order?.submitted === undefined ? null : submittedMembers(order.submitted),
    DvRevokeAuthDetail: revocationProofsOf(certificate),
  };
}

/** Filled while the proof is awaited; afterwards the members are present and empty, as in the vendor's example. */
function proofDetailOf(certificate: StoredSslCertificate) {
  const proofs = isUnderReview(certificate) ? (certificate.order?.application?.proofs ?? []) : [];
  const [first] = proofs;
  return {
    DvAuths: first === undefined ? null : proofs.map(proofMembers),
    DvAuthKey: first?.key ?? null,
    DvAuthValue: first?.value ?? null,
    DvAuthDomain: first?.domain ?? null,
    DvAuthPath: first?.path ?? null,
    DvAuthKeySubDomain: first?.subDomain ?? "",
  };
}

/** Filled while a revocation waits for a file, as on the mainland site's models (docs/cloud-behaviour.md 3.10). */
function revocationProofsOf({ status: current, order }: StoredSslCertificate) {
  const { application } = order ?? {};
  return current === status.revoking && application?.method === "FILE" ? application.proofs.map(proofMembers) : [];
}

function proofMembers(proof: DomainProof) {
  return {
    DvAuthKey: proof.key,
    DvAuthValue: proof.value,
    DvAuthDomain: proof.domain,
    DvAuthPath: proof.path ?? null,
    DvAuthSubDomain: proof.subDomain,
    DvAuthVerifyType: proof.type,
  };
}

/** The members that the cloud shows again. */
const { CertificateId: _, IsDV: __, ...echoedMembers } = submitCertificateInformation.params.shape;

function submittedMembers(submitted: SubmittedData) {
  const values = new Map<string, unknown>(Object.entries(submitted));
  return Object.fromEntries(Object.keys(echoedMembers).map((name) => [name, values.get(name) ?? null]));
}
