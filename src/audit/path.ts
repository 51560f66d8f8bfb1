import { dirname, join } from "node:path";
import { requiredStateDirectory } from "../lib/paths.js";

/** The default location of the log. */
export function defaultAuditPath(): string {
  return join(requiredStateDirectory(), "audit.jsonl");
}

/** Sandbox calls are kept out of the record of real changes. */
export function sandboxAuditPath(): string {
  return join(dirname(defaultAuditPath()), "audit-sandbox.jsonl");
}
