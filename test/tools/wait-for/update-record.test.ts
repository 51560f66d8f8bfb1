import { describe, expect, it } from "vitest";
import { readUpdateRecord } from "../../../src/tools/wait-for/update-record.js";

const item = (Status: number | null) => ({ ResourceType: "cdn", Domains: ["a.example.com"], Status });

/** Answers pages of what a cloud may tell of a record. */
function telling(statuses: readonly (number | null)[], counts: Record<string, unknown>, pageSize = 200) {
  const offsets: unknown[] = [];
  const read = async (_operation: unknown, { Offset }: Readonly<Record<string, unknown>>) => {
    offsets.push(Offset);
    const rows = statuses.slice(Number(Offset), Number(Offset) + pageSize).map(item);
    return { RecordDetailList: rows.length === 0 ? null : [{ ResourceType: "cdn", List: rows }], ...counts };
  };
  return { record: readUpdateRecord(7, { read }), offsets };
}

describe("whether a record is finished", () => {
  it.each([
    ["all ended", [1, 2, 4, 5, 6], { TotalCount: 5 }, true],
    ["one waits, and is not counted", [1, 0], { TotalCount: 2 }, false],
    ["one is being deployed", [1, 3], { TotalCount: 2 }, false],
    ["one has a status that is not documented", [1, 9], { TotalCount: 2 }, false],
    ["one has no status", [1, null], { TotalCount: 2 }, false],
    ["all ended, but one is counted as running", [1, 1], { TotalCount: 2, RunningTotalCount: 1 }, false],
    ["all ended, but one is counted as waiting", [1, 1], { TotalCount: 2, PendingTotalCount: 1 }, false],
    ["a counted one is missing from the list", [1], { TotalCount: 2 }, false],
    ["nothing is told", [], { TotalCount: 0 }, false],
    ["there are no counts", [1, 1], {}, true],
  ])("%s: %j %j %s", async (_name, statuses, counts, finished) => {
    expect((await telling(statuses, counts).record).finished).toBe(finished);
  });
});

it("all pages are read", async () => {
  const { record, offsets } = telling(Array(450).fill(1), { TotalCount: 450 });
  expect(await record).toMatchObject({
    finished: true,
    says: "450 of 450 resources settled: 450 deployed",
  });
  expect(offsets).toEqual(["0", "200", "400"]);
});
