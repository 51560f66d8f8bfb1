import type { CodeMeanings, ReplyFacts } from "../reply-fact-types.js";
import {
  bindingTaskStatuses,
  cdnStatuses,
  certificateStatuses,
  companyTypes,
  csrStatuses,
  deploymentStatuses,
  deployRequestStatuses,
  hostingStatuses,
  icpStatuses,
  liveStatuses,
  progressStatuses,
  reviewSteps,
  sniSwitch,
  teoStatuses,
  verifyTypes,
} from "./code-meanings.js";
import { packageTypes } from "./package-types.js";

const certificate: Readonly<Record<string, CodeMeanings>> = {
  Status: certificateStatuses,
  StatusMsg: reviewSteps,
  PackageType: packageTypes,
  VerifyType: verifyTypes,
  "CertificateExtra.CompanyType": companyTypes,
};

const hostedCertificate = { ...certificate, HostingStatus: hostingStatuses };

const csr: Readonly<Record<string, CodeMeanings>> = { Status: csrStatuses };

function within(
  list: string,
  meanings: Readonly<Record<string, CodeMeanings>>,
): Readonly<Record<string, CodeMeanings>> {
  return Object.fromEntries(Object.entries(meanings).map(([path, words]) => [`${list}.${path}`, words]));
}

/** Long, or irrelevant to the question how a certificate is doing. */
const certificateDetails = [
  "OwnerUin",
  "ProductZhName",
  "PackageType",
  "VulnerabilityStatus",
  "VulnerabilityReport",
  "IsVip",
  "IsVulnerability",
  "SubmittedData",
  "Tags",
  "CertificatePublicKey",
  "EncryptCert",
  "RootCert",
  "StatusName",
  "TypeName",
  "CertType",
  "UseCrossSignRoot",
  "DvRevokeAuthDetail",
];

/** Facts about the replies, by operation name. */
export const tencentSslReplies: Readonly<Record<string, ReplyFacts>> = {
  CommitCertificateInformation: { meanings: { Status: certificateStatuses } },
  UpdateCertificateInstance: {
    meanings: {
      DeployStatus: deployRequestStatuses,
      "UpdateSyncProgress.Status": progressStatuses,
      "UpdateSyncProgress.UpdateSyncProgressRegions.Status": progressStatuses,
    },
  },
  DescribeCertificate: { meanings: certificate, summary: { leaveOut: certificateDetails } },
  DescribeCertificateDetail: { meanings: hostedCertificate, summary: { leaveOut: certificateDetails } },
  DescribeCertificates: {
    meanings: within("Certificates", hostedCertificate),
    summary: {
      rows: "Certificates",
      keep: [
        "CertificateId",
        "Domain",
        "SubjectAltName",
        "Alias",
        "Status",
        "StatusMsg",
        "From",
        "CertificateType",
        "PackageTypeName",
        "CertEndTime",
        "BoundResource",
        "HostingResourceTypes",
      ],
    },
    paging: {
      by: "page",
      list: "Certificates",
      total: "TotalCount",
      narrow: ["SearchKey", "CertificateStatus", "FilterExpiring", "FilterSource", "ProjectId"],
    },
  },
  DescribeCertificateOperateLogs: {
    paging: { by: "page", list: "OperateLogs", total: "TotalCount", narrow: ["StartTime", "EndTime"] },
  },
  // Inferred: a record has the same states as its items; the documents do not list them.
  DescribeHostUpdateRecord: {
    meanings: { "DeployRecordList.Status": deploymentStatuses },
    paging: {
      by: "page",
      list: "DeployRecordList",
      total: "TotalCount",
      narrow: ["CertificateId", "OldCertificateId"],
    },
  },
  DescribeHostUpdateRecordDetail: {
    meanings: {
      "RecordDetailList.List.Status": deploymentStatuses,
      "RecordDetailList.List.SniSwitch": sniSwitch,
    },
    summary: { leaveOut: ["CreateTime", "SniSwitch", "Algorithm", "OldAlgorithm", "TCBType"] },
    paging: { by: "groups", list: "RecordDetailList", rows: "List", total: "TotalCount" },
  },
  DescribeHostTeoInstanceList: {
    meanings: { "InstanceList.Status": teoStatuses },
    paging: { by: "page", list: "InstanceList", total: "TotalCount", narrow: ["Filters"] },
  },
  DescribeCertificateBindResourceTaskResult: {
    meanings: { "SyncTaskBindResourceResult.Status": bindingTaskStatuses },
  },
  DescribeCertificateBindResourceTaskDetail: {
    meanings: {
      Status: bindingTaskStatuses,
      "CLB.InstanceList.Listeners.SniSwitch": sniSwitch,
      "CDN.InstanceList.Status": cdnStatuses,
      "LIVE.InstanceList.Status": liveStatuses,
      "TEO.InstanceList.Status": teoStatuses,
      "TCB.Environments.AccessService.InstanceList.ICPStatus": icpStatuses,
    },
    summary: {
      leaveOut: [
        "SniSwitch",
        "LocationId",
        "Forward",
        "HttpsBillingSwitch",
        "Keepalive",
        "VirtualPort",
        "ClusterType",
        "ClusterVersion",
        "UnionStatus",
        "ICPStatus",
        "IsPreempted",
        "DNSStatus",
      ],
    },
    paging: { by: "product and region", rows: "InstanceList", total: "TotalCount" },
  },
  DescribeCSR: { meanings: csr },
  DescribeCSRSet: {
    meanings: within("Set", csr),
    paging: { by: "page", list: "Set", total: "Total", narrow: ["Domain", "EncryptAlgo"] },
  },
};
