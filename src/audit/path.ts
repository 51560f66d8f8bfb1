import { dirname, join } from "node:path";
import envPaths from "env-paths";

/** The default location of the log: the user's state directory, on Linux XDG_STATE_HOME. */
export function defaultAuditPath(): string {
  return join(envPaths("cloudcert-mcp", { suffix: "" }).log, "audit.jsonl");
}

/** Sandbox calls are kept out of the record of real changes. */
export function sandboxAuditPath(): string {
  return join(dirname(defaultAuditPath()), "audit-sandbox.jsonl");
}
