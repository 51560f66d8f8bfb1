import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/lib/json.js";
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
    ["all ended well, but one is counted as failed", [1], { TotalCount: 1, FailedTotalCount: 1 }, false],
    ["more are counted than listed, without a total", [1], { SuccessTotalCount: 1, FailedTotalCount: 3 }, false],
    ["rows and counts agree", [1, 2], { TotalCount: 2, SuccessTotalCount: 1, FailedTotalCount: 1 }, true],
    ["rolled back, and counted as neither", [4, 6], { TotalCount: 2, SuccessTotalCount: 0, FailedTotalCount: 0 }, true],
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

describe("rows that do not agree with the counts", () => {
  const told = (pages: readonly JsonObject[]) => {
    let asked = 0;
    return readUpdateRecord(7, { read: async () => pages[Math.min(asked++, pages.length - 1)] ?? {} });
  };
  const page = (ids: readonly number[], more: Record<string, unknown>, ofType = ids.length) => ({
    RecordDetailList: [{ ResourceType: "cdn", TotalCount: ofType, List: ids.map((Id) => ({ Id, ...item(1) })) }],
    ...more,
  });

  it("the same page again, whatever the offset, counts once", async () => {
    const record = await told([page([1], { TotalCount: 2, SuccessTotalCount: 2 })]);
    expect(record).toMatchObject({ finished: false, says: "1 of 2 resources settled: 1 deployed" });
  });

  it("a row that moves to the next page meanwhile counts once", async () => {
    const record = await told([page([1, 2], { TotalCount: 3 }, 3), page([2, 3], { TotalCount: 3 }, 3)]);
    expect(record).toMatchObject({ finished: true, says: "3 of 3 resources settled: 3 deployed" });
  });

  it("a product that counts more than it lists is not finished", async () => {
    const record = await told([page([1], { TotalCount: 1 }, 5)]);
    expect(record).toMatchObject({ finished: false, says: "1 of 5 resources settled: 1 deployed" });
  });

  it("failures that are counted and not listed are told", async () => {
    const record = await told([page([1], { TotalCount: 1, FailedTotalCount: 1 })]);
    expect(record.says).toBe("1 of 1 resources settled: 1 deployed; 1 more counted as failed");
  });
});
