import { auditTables } from "./001-audit.js";
import { jobTables } from "./002-jobs.js";
import { standingApprovalTables } from "./003-standing-approvals.js";
import { questionTables } from "./010-questions.js";
import { pageRecordTables } from "./011-page-records.js";
import { verifiedQuestions } from "./012-verified-questions.js";
import { vaultTables } from "./020-vault.js";
import { rateTables } from "./040-rates.js";
import type { Migration } from "./migration.js";

/** In order. */
export const migrations: readonly Migration[] = [
  auditTables,
  jobTables,
  standingApprovalTables,
  questionTables,
  pageRecordTables,
  verifiedQuestions,
  vaultTables,
  rateTables,
];
