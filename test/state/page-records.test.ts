import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Database } from "../../src/database/database.js";
import { PostgresPageRecords } from "../../src/database/page-records.js";
import { MemoryPageRecords, type PageRecords } from "../../src/http/pages/page-sessions.js";
import { postgresBin, usePostgres } from "../support/postgres.js";

/** What any store must do; `two` servers see the same records. */
function recordsOf(two: () => readonly [PageRecords, PageRecords]): void {
  it("keeps a record for all until it is taken, once", async () => {
    const [one, other] = two();
    await one.keep("a", "record", 60_000);
    expect(await other.find("a")).toBe("record");
    const taken = await Promise.all([one, other, one, other].map((records) => records.take("a")));
    expect(taken.filter((each) => each !== undefined)).toEqual(["record"]);
    expect(await one.find("a")).toBeUndefined();
  });

  it("has forgotten it when its time is over", async () => {
    const [one, other] = two();
    await one.keep("b", "record", 0);
    expect([await other.find("b"), await other.take("b")]).toEqual([undefined, undefined]);
    await other.keep("c", "record", 60_000);
    expect(await one.find("b")).toBeUndefined();
  });
}

describe("records of the pages in memory", () => {
  const records = new MemoryPageRecords(() => new Date("2026-03-04T03:00:00Z"));
  recordsOf(() => [records, records]);
});

describe.skipIf(postgresBin === undefined)("records of the pages in PostgreSQL", () => {
  const postgres = usePostgres();
  const databases: Database[] = [];
  let two: readonly [PageRecords, PageRecords] | undefined;
  beforeAll(async () => {
    const url = await postgres().freshUrl();
    const server = () => {
      const database = new Database({ url, log: () => {} });
      databases.push(database);
      return new PostgresPageRecords(database);
    };
    two = [server(), server()];
  });
  afterAll(() => Promise.all(databases.map((database) => database.close())));
  recordsOf(() => {
    if (two === undefined) throw new Error("not started");
    return two;
  });
});
