import type { CodeMeanings } from "../reply-fact-types.js";
import { packageTypes } from "./package-types.js";
import { certificateStatus } from "./statuses.js";

/* What the codes in replies of Tencent Cloud SSL mean, in our own words. */

const meanings = (words: Readonly<Record<string, string>>): CodeMeanings => new Map(Object.entries(words));

export const certificateStatuses: CodeMeanings = new Map(
  Object.values(certificateStatus).map(({ code, says }) => [String(code), String(says)]),
);

/** docs/cloud-behaviour.md 3.2; a failed review is reported in sentences instead. */
export const reviewSteps = meanings({
  "PRE-REVIEWING": "documents being looked through",
  "LEGAL-REVIEWING": "under legal review",
  "CA-REVIEWING": "under review by the CA",
  "PENDING-DCV": "domain validation pending",
  "WAIT-ISSUE": "domain validated, issuance pending",
});

const verifyTypes = meanings({
  DNS_AUTO: "DNS record, added automatically",
  DNS: "DNS record, added by hand",
  FILE: "file on the web server",
  EMAIL: "e-mail",
  DNS_PROXY: "DNS record of a proxy",
  FILE_PROXY: "file of a proxy",
});

const companyTypes = meanings({ 1: "individual", 2: "company" });

const hostingStatuses = meanings({
  [-1]: "not hosted",
  0: "hosted",
  5: "resources being replaced",
  10: "hosting completed",
});

/** Of a certificate's members. */
export const certificateMeanings: Readonly<Record<string, CodeMeanings>> = {
  Status: certificateStatuses,
  StatusMsg: reviewSteps,
  PackageType: packageTypes,
  VerifyType: verifyTypes,
  "CertificateExtra.CompanyType": companyTypes,
};

export const hostedCertificateMeanings = { ...certificateMeanings, HostingStatus: hostingStatuses };

/** Members of a certificate that are long, or irrelevant to the question how a certificate is doing. */
export const certificateDetails = [
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

/** docs/cloud-behaviour.md 3.3 */
export const csrStatuses = meanings({ 0: "not generated", 1: "generated" });

/** docs/cloud-behaviour.md 3.4 */
export const bindingTaskStatuses = meanings({ 0: "running", 1: "done", 2: "failed" });

/** A deletion that checks for bound resources (docs/cloud-behaviour.md 3.2). */
export const deletionStatuses = meanings({
  0: "running",
  1: "deleted",
  2: "failed",
  3: "failed: the service role is not granted",
  4: "failed: cloud resources still use the certificate",
  5: "failed: the search for bound resources timed out",
});

/** Items of a one-click update (docs/cloud-behaviour.md 3.5). */
export const deploymentStatuses = meanings({
  0: "to be deployed",
  1: "deployed",
  2: "failed",
  3: "being deployed",
  4: "rolled back",
  5: "rollback failed",
  6: "no resource, nothing to do",
});

/** For a request to start a one-click update (docs/cloud-behaviour.md 3.5). */
export const deployRequestStatuses = meanings({
  0: "not started: another update, of this DeployRecordId, is running",
  1: "update accepted",
});

/** Collecting resources before a one-click update (docs/cloud-behaviour.md 3.5). */
export const progressStatuses = meanings({ 0: "waiting", 1: "done", 3: "running" });

export const liveStatuses = meanings({ [-1]: "no certificate", 0: "HTTPS off", 1: "HTTPS on" });

export const cdnStatuses = meanings({
  rejected: "review failed, or registration of the domain expired or was cancelled",
  processing: "being deployed",
  online: "on",
  offline: "off",
});

/** Despite its name, issued is not a success here. Other places write these with a capital (docs/cloud-behaviour.md 4.2). */
export const teoStatuses = meanings({
  deployed: "deployed",
  processing: "being deployed",
  applying: "being applied for",
  failed: "application failed",
  issued: "issued, but not bound to the host",
});

export const sniSwitch = meanings({ 0: "SNI off", 1: "SNI on" });

export const icpStatuses = meanings({ 0: "not on the ICP blacklist", 1: "on the ICP blacklist" });
