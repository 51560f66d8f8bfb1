import { isoOf } from "../../catalogue/tencent-ssl/time.js";
import { rolloutWithinMs } from "../../jobs/requests.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { readWithRetry } from "../read-with-retry.js";
import { readUpdateRecord, updateRecords } from "../wait-for/update-record.js";

/** Resources of one product that a one-click update of Tencent Cloud, or its rollback, is changing now. */
export interface RolloutStatus {
  readonly record: number;
  /** Ids of certificates at Tencent Cloud SSL. */
  readonly from: string;
  readonly to: string;
  readonly type: string;
  readonly domains: readonly string[];
}

/** Records of the last hour to read. */
const lookedInto = 20;

/** What a record has not reached yet will soon be served as the record says, whatever a list of resources shows now. */
export async function rolloutStatusesOf(context: ToolContext): Promise<readonly RolloutStatus[]> {
  const records = await updateRecords({}, context, readWithRetry);
  const since = context.now().getTime() - rolloutWithinMs;
  // The documents do not say which values the status of a record has; records of today are read.
  const isRecent = (...times: (string | null | undefined)[]) =>
    times.some((time) => !(Date.parse(isoOf(time) ?? "") < since));
  const recent = records
    .filter(({ CreateTime, UpdateTime }) => isRecent(CreateTime, UpdateTime))
    .sort((one, other) => (other.Id ?? 0) - (one.Id ?? 0))
    .slice(0, lookedInto);
  const arrivals: RolloutStatus[] = [];
  for (const { Id: record, CertId: to, OldCertId: from } of recent) {
    if (!record) continue;
    const { finished, items } = await readUpdateRecord(record, context);
    if (finished) continue;
    const types = [...new Set(items.map(({ ResourceType }) => ResourceType?.toLowerCase() ?? ""))];
    for (const type of types) {
      const ofType = items.filter(({ ResourceType }) => (ResourceType?.toLowerCase() ?? "") === type);
      const domains = ofType.flatMap(({ Domains }) => Domains.map((domain) => domain.toLowerCase()));
      arrivals.push({ record, from: from ?? "", to: to ?? "", type, domains });
    }
  }
  return arrivals;
}

/** Why nothing else can be sent in the meantime. */
export function inTheWay({ record, from, to }: RolloutStatus): string {
  return `record ${record} is still running, from certificate ${from} to ${to}: wait_for it (update, ${record}), then call again`;
}
