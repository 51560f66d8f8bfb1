/*
 * Loaded on demand, in one piece: the runtime for calls, and the commands that a person runs. A server that only lists
 * its tools does not load it.
 */

export { runApprove } from "../approval/terminal/command.js";
export { runAudit } from "../audit/command.js";
export { sandboxAuditPath } from "../audit/path.js";
export { databaseIn } from "../config/environment.js";
export { runDoctor } from "../doctor/command.js";
export { runEvidence } from "../evidence/command.js";
export { runTokens } from "../identity/tokens-command.js";
export { runReport } from "../report/command.js";
export { approvalSockets, auditPath, createRecords } from "../setup/approval.js";
export { prepareCommand } from "../setup/command.js";
export { openSharedLog, openState } from "../setup/state.js";
export { runApprovals } from "../standing-approvals/command.js";
export { runRenew } from "../unattended/renewal/renew-command.js";
export { runCall } from "../unattended/run-command.js";
export { startRuntime } from "./runtime.js";
