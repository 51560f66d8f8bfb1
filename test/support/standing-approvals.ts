import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AuditLog } from "../../src/audit/log.js";
import { auditFiles } from "../../src/audit/read-log.js";
import { StandingApprovals } from "../../src/standing-approvals/store.js";
import { TermsFiles } from "../../src/standing-approvals/terms-files.js";

/** Where calls to each service go. */
const endpointsOfAll: Readonly<Record<string, string>> = {
  "tencent-ssl": "ssl.tencentcloudapi.com",
  "tencent-edgeone": "teo.tencentcloudapi.com",
  "alibaba-cdn": "cdn.aliyuncs.com",
  "alibaba-dcdn": "dcdn.aliyuncs.com",
  "alibaba-vod": "vod.cn-shanghai.aliyuncs.com",
  "huawei-live": "live.cn-north-4.myhuaweicloud.com",
};

/** The standing approvals and the audit log of a directory, as one process has them. */
export function standingApprovalsIn(
  directory: string,
  now: () => Date,
  endpoints: Readonly<Record<string, string>> = endpointsOfAll,
): StandingApprovals {
  const auditPath = join(directory, "audit.jsonl");
  const audit = new AuditLog(auditPath, { redact: (json) => json, now });
  return new StandingApprovals({
    terms: new TermsFiles(join(directory, "standing")),
    log: auditFiles(auditPath),
    append: (entry) => audit.append(entry),
    now,
    endpointOf: (service) => endpoints[service],
  });
}

/** None yet, in a directory of their own. */
export function noStandingApprovals(
  now = () => new Date(),
  endpoints?: Readonly<Record<string, string>>,
): StandingApprovals {
  return standingApprovalsIn(mkdtempSync(join(tmpdir(), "cc-standing-")), now, endpoints);
}
