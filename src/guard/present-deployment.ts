import { z } from "zod";
import { list, number, text } from "../catalogue/loose.js";
import { describeHostUpdateRecordDetail } from "../catalogue/tencent-ssl/describe-host-update-record-detail.js";
import { joined, type SafeText, safe, termInWords } from "../visible.js";
import { bare, byAspect, type Reading } from "./present-reading.js";
import { inWords, notFound, type Source } from "./present-source.js";

const record = z.object({
  TotalCount: number,
  SuccessTotalCount: number,
  FailedTotalCount: number,
  RunningTotalCount: number,
  PendingTotalCount: number,
  RecordDetailList: list(z.object({ List: list(z.object({ CertId: text, OldCertId: text })) })),
});

export async function readDeployment(id: number, source: Source): Promise<Reading> {
  const object = safe`Deployment ${id}`;
  // One item is enough: all of a record replace the same certificate.
  const params = { DeployRecordId: String(id), Limit: "1" };
  const answer = await source.ask(describeHostUpdateRecordDetail, params, record);
  if (!answer.found) return { ...bare(object, inWords(answer)), ...notFound(answer) };
  const [item] = answer.value.RecordDetailList.flatMap(({ List }) => List);
  const { OldCertId: from, CertId: to } = item ?? {};
  return {
    object,
    now: byAspect({ deployment: countsIn(answer.value) }),
    facts: from && to ? [[safe`${object}: replacement`, safe`${termInWords(to)} for ${termInWords(from)}`]] : [],
    certificates: [from, to].flatMap((certificate) => (certificate ? [certificate] : [])),
    ...stateOf(id, answer.value),
  };
}

/** Counts that were not told are no zeros. */
function stateOf(id: number, counts: z.output<typeof record>): Pick<Reading, "state"> {
  const { SuccessTotalCount: succeeded, FailedTotalCount: failed } = counts;
  const { RunningTotalCount: running, PendingTotalCount: waiting } = counts;
  if (succeeded == null || failed == null || running == null) return {};
  return { state: { kind: "deployment", id, state: { succeeded, failed, running, waiting: waiting ?? 0 } } };
}

/** "5 in all: 4 succeeded, 1 failed". */
function countsIn(counts: z.output<typeof record>): SafeText {
  const parts: readonly (readonly [count: number | null | undefined, outcome: SafeText])[] = [
    [counts.SuccessTotalCount, safe`succeeded`],
    [counts.FailedTotalCount, safe`failed`],
    [counts.RunningTotalCount, safe`running`],
    [counts.PendingTotalCount, safe`waiting`],
  ];
  const told = parts.flatMap(([count, outcome]) => (count ? [safe`${count} ${outcome}`] : []));
  const total = safe`${counts.TotalCount ?? safe`number not told`} in all`;
  return told.length > 0 ? safe`${total}: ${joined(told)}` : total;
}
