import { describeHostUpdateRecordDetail } from "../../catalogue/tencent-ssl/describe-host-update-record-detail.js";
import {
  itemStatus,
  itemsAPage,
  itemsOf,
  pathOf,
  type RecordItem,
  type RecordReply,
} from "../../catalogue/tencent-ssl/record-replies.js";
import { formatId, joined, type SafeText, safe } from "../../lib/safe-text.js";
import { byAspect, type Reading } from "./reading.js";
import { type StateReader, withoutReply } from "./state-reader.js";

export async function readDeployment(id: number, source: StateReader): Promise<Reading> {
  const object = safe`Deployment ${id}`;
  const params = { DeployRecordId: String(id), Limit: String(itemsAPage) };
  const answer = await source.ask(describeHostUpdateRecordDetail, params);
  if (!answer.found) return withoutReply(object, answer);
  const items = itemsOf(answer.value);
  // All items of a record replace the same certificate.
  const { OldCertId: from, CertId: to } = items[0] ?? {};
  return {
    object,
    now: byAspect({ deployment: countsIn(answer.value) }),
    facts: from && to ? [[safe`${object}: replacement`, safe`${formatId(to)} for ${formatId(from)}`]] : [],
    certificates: [from, to].flatMap((certificate) => (certificate ? [certificate] : [])),
    ...(from && to && { replacement: { from, to, items: items.map(placeOf) } }),
    ...stateOf(id, answer.value),
  };
}

function placeOf(it: RecordItem) {
  return {
    type: it.ResourceType?.toLowerCase() ?? "",
    region: it.Region ?? "",
    path: pathOf(it),
    domains: it.Domains,
    outcome: outcomes.get(it.Status ?? -1),
  };
}

const outcomes = new Map<number, "replaced" | "failed">([
  [itemStatus.deployed, "replaced"],
  [itemStatus.failed, "failed"],
]);

/** Missing counts are not zeros. */
function stateOf(id: number, counts: RecordReply): Pick<Reading, "state"> {
  const { SuccessTotalCount: succeeded, FailedTotalCount: failed } = counts;
  const { RunningTotalCount: running, PendingTotalCount: waiting } = counts;
  if (succeeded == null || failed == null || running == null) return {};
  return { state: { kind: "deployment", id, state: { succeeded, failed, running, waiting: waiting ?? 0 } } };
}

/** "5 in all: 4 succeeded, 1 failed". */
function countsIn(counts: RecordReply): SafeText {
  const { SuccessTotalCount: succeeded, FailedTotalCount: failed } = counts;
  const { RunningTotalCount: running, PendingTotalCount: waiting } = counts;
  const told = [
    ...(succeeded ? [safe`${succeeded} succeeded`] : []),
    ...(failed ? [safe`${failed} failed`] : []),
    ...(running ? [safe`${running} running`] : []),
    ...(waiting ? [safe`${waiting} waiting`] : []),
  ];
  const total = safe`${counts.TotalCount ?? safe`number not reported`} in all`;
  return told.length > 0 ? safe`${total}: ${joined(told)}` : total;
}
