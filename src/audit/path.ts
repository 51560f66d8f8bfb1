import { dirname, join } from "node:path";
import envPaths from "env-paths";

/** Where the log is unless the operator says otherwise: the user's state directory, on Linux XDG_STATE_HOME. */
export function defaultAuditPath(): string {
  return join(envPaths("cloudcert-mcp", { suffix: "" }).log, "audit.jsonl");
}

/** What is tried out in the sandbox does not go into the record of real changes. */
export function sandboxAuditPath(): string {
  return join(dirname(defaultAuditPath()), "audit-sandbox.jsonl");
}
