/**
 * What is loaded when it is asked for, and in one piece: the runtime under the calls, and the commands that a person runs.
 * A server that only tells what tools it has goes without.
 */

export { runApprove } from "../approval/terminal/command.js";
export { runAudit } from "../audit/command.js";
export { sandboxAuditPath } from "../audit/path.js";
export { runDoctor } from "../doctor/command.js";
export { approvalSockets, auditPath } from "../setup/approval.js";
export { startRuntime } from "./runtime.js";
