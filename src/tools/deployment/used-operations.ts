import { edgeOperations } from "../../catalogue/alibaba-edges.js";
import { deleteDomainHttpsCert } from "../../catalogue/huawei-live/delete-domain-https-cert.js";
import { showDomainHttpsCert } from "../../catalogue/huawei-live/show-domain-https-cert.js";
import { updateDomainHttpsCert } from "../../catalogue/huawei-live/update-domain-https-cert.js";
import type { Operation } from "../../catalogue/operation.js";
import { describeAccelerationDomains } from "../../catalogue/tencent-edgeone/describe-acceleration-domains.js";
import { modifyHostsCertificate } from "../../catalogue/tencent-edgeone/modify-hosts-certificate.js";
import { describeCertificateDetailWithoutKey } from "../../catalogue/tencent-ssl/describe-certificate-detail.js";
import { describeCertificates } from "../../catalogue/tencent-ssl/describe-certificates.js";
import { describeHostTeoInstanceList } from "../../catalogue/tencent-ssl/describe-host-teo-instance-list.js";
import { describeHostUpdateRecord } from "../../catalogue/tencent-ssl/describe-host-update-record.js";
import { describeHostUpdateRecordDetail } from "../../catalogue/tencent-ssl/describe-host-update-record-detail.js";
import { downloadCertificate } from "../../catalogue/tencent-ssl/download-certificate.js";
import { updateCertificateInstance } from "../../catalogue/tencent-ssl/update-certificate-instance.js";
import { updateCertificateRecordRetry } from "../../catalogue/tencent-ssl/update-certificate-record-retry.js";
import { updateCertificateRecordRollback } from "../../catalogue/tencent-ssl/update-certificate-record-rollback.js";
import { uploadCertificate } from "../../catalogue/tencent-ssl/upload-certificate.js";
import { usageReads } from "../certificate-usage.js";
import { domainReads } from "../inventory/domains.js";
import { storeReads } from "../inventory/stores.js";
import { inStoreReads } from "./alibaba-huawei-stores.js";

/** Operations that every such job uses. */
const shared: readonly Operation[] = [
  describeAccelerationDomains,
  describeCertificates,
  describeCertificateDetailWithoutKey,
  describeHostTeoInstanceList,
  describeHostUpdateRecord,
  describeHostUpdateRecordDetail,
  modifyHostsCertificate,
  ...edgeOperations,
  showDomainHttpsCert,
];

const sharedBesideLists = shared.filter((operation) => domainReads.every((read) => read !== operation));

export const usedToDeploy: readonly Operation[] = [
  ...sharedBesideLists,
  downloadCertificate,
  updateDomainHttpsCert,
  ...usageReads,
  uploadCertificate,
  updateCertificateInstance,
  updateCertificateRecordRetry,
  ...domainReads,
  ...inStoreReads,
  ...storeReads,
];

export const usedToRollBack: readonly Operation[] = [
  ...shared,
  downloadCertificate,
  updateDomainHttpsCert,
  deleteDomainHttpsCert,
  updateCertificateRecordRollback,
  ...inStoreReads,
  ...storeReads,
];

export const usedToTurnOff: readonly Operation[] = [
  ...sharedBesideLists,
  deleteDomainHttpsCert,
  ...domainReads,
  ...inStoreReads,
  ...storeReads,
];
