import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Database } from "../../src/database/database.js";
import { PostgresPageRecords } from "../../src/database/page-records.js";
import { Sealer } from "../../src/database/sealing.js";
import { MemoryPageRecords, type PageRecords } from "../../src/http/pages/page-sessions.js";
import { postgresBin, usePostgres } from "../support/postgres.js";

/** What any store must do; `two` servers see the same records. */
function recordsOf(two: () => readonly [PageRecords, PageRecords]): void {
  it("keeps a record for all until it is removed", async () => {
    const [one, other] = two();
    await one.keep("a", "record", 60_000);
    expect(await other.find("a")).toBe("record");
    await other.remove("a");
    expect(await one.find("a")).toBeUndefined();
  });

  it("lets one claim, until its time is over", async () => {
    const [one, other] = two();
    const claims = await Promise.all([one, other, one, other].map((records) => records.claim("d", 60_000)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect([await one.claim("e", 0), await other.claim("e", 60_000), await one.claim("e", 60_000)]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it("has forgotten it when its time is over", async () => {
    const [one, other] = two();
    await one.keep("b", "record", 0);
    expect(await other.find("b")).toBeUndefined();
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
  const key = randomBytes(32);
  let url = "";
  let two: readonly [PageRecords, PageRecords] | undefined;
  beforeAll(async () => {
    url = await postgres().freshUrl();
    const server = () => {
      const database = new Database({ url, log: () => {} });
      databases.push(database);
      return new PostgresPageRecords(database, new Sealer([key], "page records"));
    };
    two = [server(), server()];
  });
  afterAll(() => Promise.all(databases.map((database) => database.close())));
  recordsOf(() => {
    if (two === undefined) throw new Error("not started");
    return two;
  });

  it("tells whoever reads the table nothing, and takes nothing that was put or changed there", async () => {
    const [one, other] = two ?? [];
    await one?.keep("victim", "an ID token", 60_000);
    await one?.keep("own", "own session", 60_000);
    await one?.keep("over", "ended", 0);
    expect(JSON.stringify(await postgres().query("SELECT record FROM cloudcert.page_record", url))).not.toMatch(
      /ID token|session/,
    );
    const change = (sql: string) => postgres().query(sql, url);
    await change("INSERT INTO cloudcert.page_record VALUES ('made', '{\"kind\":\"session\"}', 'infinity')");
    await change("UPDATE cloudcert.page_record SET expires_at = 'infinity' WHERE digest = 'over'");
    await change(
      "UPDATE cloudcert.page_record SET record = (SELECT record FROM cloudcert.page_record WHERE digest = 'victim') WHERE digest = 'own'",
    );
    for (const digest of ["made", "over", "own"]) expect(await other?.find(digest)).toBeUndefined();
    expect(await other?.find("victim")).toBe("an ID token");
  });
});
