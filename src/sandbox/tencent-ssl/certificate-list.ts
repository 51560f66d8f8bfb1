import { describeCertificates } from "../../catalogue/tencent-ssl/describe-certificates.js";
import type { Account } from "../account.js";
import type { SandboxClock } from "../clock.js";
import {
  certificateNamesOf,
  isDeployable,
  isExpiring,
  isRenewable,
  isUnderReview,
  keyAlgorithmOf,
} from "./certificate-facts.js";
import { largestPage, latestFirst, listOrNull, localTime, localTimeOrNull, pageOf } from "./format.js";
import { notHosted } from "./queries.js";
import { type ParamsOf, sslHandler } from "./ssl-handler.js";
import type { StoredSslCertificate } from "./state.js";
import { proofDeadline } from "./timing.js";
import { basicsOf, caMembersOf } from "./views.js";

type Params = ParamsOf<typeof describeCertificates>;
type Filter = (certificate: StoredSslCertificate) => boolean;

export const certificateListHandlers = [sslHandler(describeCertificates, list)];

function list(params: Params, { ssl, clock }: Account) {
  const filters = filtersFor(params, clock.now());
  const matching = sorted([...ssl.certificates.values()], params).filter((certificate) =>
    filters.every((accepts) => accepts(certificate)),
  );
  const page = pageOf(matching, params.Offset ?? 0, Math.min(params.Limit ?? 10, largestPage));
  return {
    TotalCount: matching.length,
    Certificates: listOrNull(page.map((certificate) => rowOf(certificate, clock))),
  };
}

/** By application, latest first, unless sorted by expiry; certificates without an end then come last. */
function sorted(certificates: StoredSslCertificate[], { ExpirationSort }: Params): StoredSslCertificate[] {
  if (ExpirationSort === undefined) return latestFirst(certificates, ({ insertedAt }) => insertedAt);
  const direction = ExpirationSort === "ASC" ? 1 : -1;
  const endOf = ({ material }: StoredSslCertificate) => material?.parsed.notAfter.getTime();
  return certificates.sort((a, b) => {
    const [endA, endB] = [endOf(a), endOf(b)];
    if (endA === undefined || endB === undefined) return Number(endA === undefined) - Number(endB === undefined);
    return direction * (endA - endB);
  });
}

/**
 * If the documents say "whether to filter", 0 filters nothing; if they say "whether it can be", 0 selects those that
 * cannot.
 */
function filtersFor(params: Params, now: Date): Filter[] {
  const { SearchKey, CertificateType, ProjectId, CertificateStatus, CertIds, FilterSource, Tags, ServiceId } = params;
  const filters: Filter[] = [];
  if (SearchKey) filters.push(contains(SearchKey.toLowerCase()));
  if (CertificateType !== undefined) filters.push(({ kind }) => kind === CertificateType);
  if (ProjectId !== undefined) filters.push(({ projectId }) => projectId === ProjectId);
  if (CertificateStatus?.length) filters.push((certificate) => CertificateStatus.includes(certificate.status));
  if (CertIds?.length) filters.push(({ id }) => CertIds.includes(id));
  if (FilterSource !== undefined) filters.push(({ order }) => (order === undefined) === (FilterSource === "upload"));
  if (Tags?.length) filters.push(hasTags(Tags));
  if (ServiceId) filters.push(() => false); // no certificate of the sandbox belongs to a hosting service
  if (params.Deployable !== undefined) filters.push((it) => isDeployable(it) === (params.Deployable === 1));
  if (params.Hostable !== undefined) filters.push((it) => isHostable(it) === (params.Hostable === 1));
  if (params.Upload === 1) filters.push(({ order }) => order === undefined);
  if (params.Renew === 1) filters.push((certificate) => isRenewable(certificate, now));
  if (params.IsSM === 1) filters.push(() => false);
  if (params.FilterExpiring === 1) filters.push((certificate) => isExpiring(certificate, now));
  if (params.IsPendingIssue === 1) filters.push(isUnderReview);
  return filters;
}

function contains(key: string): Filter {
  return (certificate) =>
    [certificate.id, certificate.alias, ...certificateNamesOf(certificate)].some((text) =>
      text.toLowerCase().includes(key),
    );
}

function hasTags(wanted: NonNullable<Params["Tags"]>): Filter {
  return ({ tags }) =>
    wanted.every(({ TagKey, TagValue }) => tags.some((tag) => tag.TagKey === TagKey && tag.TagValue === TagValue));
}

/** The vendor's guide: certificates applied for or bought here can be hosted. */
function isHostable(certificate: StoredSslCertificate): boolean {
  return certificate.order !== undefined && isDeployable(certificate);
}

function rowOf(certificate: StoredSslCertificate, clock: SandboxClock) {
  return {
    ...basicsOf(certificate, clock),
    ...caMembersOf(certificate),
    ...orderMembers(certificate),
    ...hostingMembers,
    SubjectAltName: certificateNamesOf(certificate),
    CertSANs: certificateNamesOf(certificate),
    ProjectInfo: projectInfo(certificate.projectId),
    BoundResource: null,
    IsIgnore: certificate.silenced,
    IsSM: false,
    EncryptAlgorithm: keyAlgorithmOf(certificate) ?? null,
    IsExpiring: isExpiring(certificate, clock.now()),
    AllowDownload: certificate.allowDownload,
    IsDNSPODResolve: false,
    IsPackage: false,
    KeyPasswordCustomFlag: certificate.ownKeyPassword,
    SupportDownloadType: downloadTypes,
    CertRevokedTime: null,
  };
}

function orderMembers(certificate: StoredSslCertificate) {
  const applied = certificate.order?.application?.appliedAt;
  return {
    PreAuditInfo: { TotalPeriod: 1, NowPeriod: 1, ManagerId: "" },
    AutoRenewFlag: 0,
    HasRenewOrder: certificate.renewedBy ?? "",
    ReplaceOriCertIsDelete: false,
    DVAuthDeadline: localTimeOrNull(applied && new Date(applied.getTime() + proofDeadline)),
    ValidationPassedTime: certificate.validatedAt === undefined ? "--" : localTime(certificate.validatedAt),
    AwaitingValidationMsg: "",
  };
}

/** No certificate of the sandbox uses the hosting service. */
const hostingMembers = {
  HostingStatus: notHosted,
  HostingCompleteTime: "",
  HostingRenewCertId: "",
  HostingResourceTypes: [],
  HostingConfig: null,
  IsHostingUploadRenewCert: null,
  ServiceId: null,
  ServiceStatus: null,
  CertServiceBeginTime: null,
  CertServiceEndTime: null,
  CertServiceShareEnabled: null,
  CertServiceValidCertificateCount: null,
};

/** Contents of an archive from the sandbox. */
const downloadTypes = { NGINX: true, APACHE: true, TOMCAT: false, IIS: false, JKS: false, OTHER: true, ROOT: false };

function projectInfo(id: number) {
  return {
    ProjectName: id === 0 ? "Default Project" : `Project ${id}`,
    ProjectCreatorUin: 0,
    ProjectCreateTime: "0000-00-00 00:00:00",
    ProjectResume: "",
    OwnerUin: 0,
    ProjectId: String(id),
  };
}
