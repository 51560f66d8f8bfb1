import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AuditLog } from "../../src/audit/log.js";
import { StandingApprovals } from "../../src/standing-approvals/store.js";

/** A store of its own, in a new directory. */
export function noStandingApprovals(): StandingApprovals {
  const directory = mkdtempSync(join(tmpdir(), "cc-standing-"));
  const auditPath = join(directory, "audit.jsonl");
  const audit = new AuditLog(auditPath);
  return new StandingApprovals({
    directory: join(directory, "standing-approvals"),
    auditPath,
    append: (entry) => audit.append(entry),
    now: () => new Date(),
  });
}
