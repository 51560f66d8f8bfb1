import { audit } from "./001-audit.js";
import { jobs } from "./002-jobs.js";
import { standingApprovals } from "./003-standing-approvals.js";
import type { Migration } from "./migration.js";

/** In order. */
export const migrations: readonly Migration[] = [audit, jobs, standingApprovals];
