/**
 * What is loaded when it is asked for, and in one piece: the engine under the calls, and the commands that a person runs.
 * A server that only tells what tools it has goes without.
 */
export { runDoctor } from "./doctor/command.js";
export { startEngine } from "./engine.js";
export { approvalSockets, auditPath } from "./gate-setup.js";
export { runAudit } from "./guard/audit/command.js";
export { sandboxAuditPath } from "./guard/audit/path.js";
export { runApprove } from "./guard/terminal/command.js";
