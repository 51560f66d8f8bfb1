import { describe, expect, it } from "vitest";
import { allPages, daysLeftOf, type ListedPage, parseListedTime } from "../../../src/tools/inventory/listing.js";

/** A list of which each reading gets what `now` says at that moment. */
function listing(now: (reading: number) => ListedPage<string>, largest = 3) {
  let readings = 0;
  return allPages(
    largest,
    async ({ offset, size }) => {
      const { rows, total } = now(readings++);
      return { rows: rows?.slice(offset, offset + size), total };
    },
    (name) => name,
  );
}

describe("a list that is read page by page", () => {
  it("is incomplete if it shrinks in between: a row moves to a page that was read already", async () => {
    const found = await listing((reading) => ({ rows: [..."abcd"].slice(reading), total: 4 - reading }));
    expect(found).toEqual({
      rows: ["a", "b", "c"],
      incomplete: "their number changed while they were listed (4, then 3)",
    });
  });

  it("goes on after a short page that has no count", async () => {
    const rows = [..."abcdefgh"];
    const found = await allPages(
      3,
      async ({ offset }) => ({ rows: rows.slice(offset, offset + 2), total: undefined }),
      (name) => name,
    );
    expect(found).toEqual({ rows, incomplete: undefined });
  });

  it("counts rows without a name, which nothing can be said about", async () => {
    expect(await listing(() => ({ rows: ["a", "", "b"], total: 3 }))).toEqual({
      rows: ["a", "b"],
      incomplete: "rows without a name were left out: 1",
    });
  });
});

describe("an expiry", () => {
  it.each([
    ["2026-12-20T08:00:00Z", "2026-12-20T08:00:00Z"],
    ["2026-12-20T08:00:00.000Z", "2026-12-20T08:00:00Z"],
    ["2026-12-20T08:00:00.5+08:00", "2026-12-20T00:00:00Z"],
    ["2026-12-20 08:00:00", "2026-12-20"],
    ["0000-00-00 00:00:00", undefined],
    ["soon", undefined],
  ])("of %j is read as %j", (text, expected) => {
    expect(parseListedTime(text)).toBe(expected);
  });

  it("that is a day alone is over once the day is over in every zone", () => {
    const left = (now: string) => daysLeftOf("2026-11-30", new Date(now));
    expect(left("2026-11-28T09:00:00Z")).toBe(1);
    expect(left("2026-11-30T09:00:00Z")).toBe(0);
    expect(left("2026-12-01T11:59:00Z")).toBe(0);
    expect(left("2026-12-01T12:01:00Z")).toBe(-1);
    expect(daysLeftOf("2026-11-30T09:00:00Z", new Date("2026-11-30T10:00:00Z"))).toBe(-1);
  });
});
