import type { OwnTool } from "../pipeline/tool.js";
import { checkServedCertificate } from "./check-served-certificate.js";
import { checkSetup } from "./check-setup.js";
import { deleteUnusedCertificates } from "./delete-unused.js";
import { deployCertificate } from "./deploy-certificate.js";
import { explainErrorTool } from "./explain-error.js";
import { findCertificates } from "./find-certificates.js";
import { inspectCertificate } from "./inspect-certificate.js";
import { listJobs } from "./list-jobs.js";
import { listStandingApprovals } from "./list-standing-approvals.js";
import { listVault } from "./list-vault.js";
import { planRenewals } from "./plan-renewals.js";
import { proposeStandingApproval } from "./propose-standing-approval.js";
import { rollBack } from "./roll-back.js";
import { saveToFile } from "./save-to-file.js";
import { turnOffHttps } from "./turn-off-https.js";
import { waitFor } from "./wait-for.js";

/** The tools that are not documented operations, in the order in which they are offered. */
export const ownTools: readonly OwnTool[] = [
  findCertificates,
  planRenewals,
  deployCertificate,
  deleteUnusedCertificates,
  checkServedCertificate,
  waitFor,
  turnOffHttps,
  rollBack,
  proposeStandingApproval,
  listStandingApprovals,
  listJobs,
  explainErrorTool,
  inspectCertificate,
  listVault,
  saveToFile,
  checkSetup,
];
