import { getUserCertificateDetail } from "./alibaba-cas/get-user-certificate-detail.js";
import { listUserCertificateOrder } from "./alibaba-cas/list-user-certificate-order.js";
import { uploadUserCertificate } from "./alibaba-cas/upload-user-certificate.js";
import {
  describeCdnHttpsDomainList,
  describeDcdnDomainCertificateInfo,
  describeDcdnHttpsDomainList,
  describeDcdnUserDomains,
  describeDomainCertificateInfo,
  describeUserDomains,
  describeVodDomainCertificateInfo,
  describeVodUserDomains,
} from "./alibaba-domains.js";
import { setDcdnDomainSSLCertificate } from "./alibaba-edges.js";
import { deleteDomainHttpsCert } from "./huawei-live/delete-domain-https-cert.js";
import { showCertificateInfo } from "./huawei-live/show-certificate-info.js";
import { showDomain } from "./huawei-live/show-domain.js";
import { showDomainHttpsCert } from "./huawei-live/show-domain-https-cert.js";
import { listScmCertificates } from "./huawei-scm/list-certificates.js";
import { showCertificate } from "./huawei-scm/show-certificate.js";
import type { Operation } from "./operation.js";
import { describeAccelerationDomains } from "./tencent-edgeone/describe-acceleration-domains.js";
import { describeZones } from "./tencent-edgeone/describe-zones.js";
import { describeDeleteCertificatesTaskResult } from "./tencent-ssl/describe-delete-certificates-task-result.js";
import { hostLists } from "./tencent-ssl/host-lists.js";
import { revokeCertificate } from "./tencent-ssl/revoke-certificate.js";

/**
 * Operations beside the documented ones, from the vendors' official SDKs: which domains there are, what each has now,
 * and how to set it where none of the documented ones does. Jobs use them; as tools they are offered only by choice,
 * because each costs a model its description.
 */
export const companions: readonly Operation[] = [
  describeZones,
  describeAccelerationDomains,
  describeUserDomains,
  describeCdnHttpsDomainList,
  describeDomainCertificateInfo,
  describeDcdnUserDomains,
  describeDcdnHttpsDomainList,
  describeDcdnDomainCertificateInfo,
  setDcdnDomainSSLCertificate,
  describeVodUserDomains,
  describeVodDomainCertificateInfo,
  listUserCertificateOrder,
  getUserCertificateDetail,
  uploadUserCertificate,
  showDomain,
  showCertificateInfo,
  showDomainHttpsCert,
  listScmCertificates,
  showCertificate,
  deleteDomainHttpsCert,
  revokeCertificate,
  describeDeleteCertificatesTaskResult,
  ...hostLists,
];

/** Those that a model is shown by default: what no job does, and the answer to a leaked key ends with. */
export const defaultCompanions: readonly Operation[] = [revokeCertificate];
