import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { AuditEntry } from "../../src/audit/entry.js";
import { auditFiles } from "../../src/audit/read-log.js";
import { headOfLog, verifiedLines, verifyAudit } from "../../src/audit/verify.js";
import type { ProgramState } from "../../src/setup/state.js";
import { postgresBin, usePostgres } from "../support/postgres.js";
import { runs } from "../support/width.js";
import { kinds, placeIn, type StatePlace } from "./support.js";

const sending = (planId: string): AuditEntry => ({ event: "sending", planId });

async function entriesIn({ auditSource }: ProgramState): Promise<string[]> {
  const ids: string[] = [];
  for await (const { entry } of verifiedLines(auditSource)) ids.push(String(entry.planId));
  return ids;
}

const server = usePostgres();

let place: StatePlace | undefined;
afterEach(async () => {
  await place?.close();
  place = undefined;
});

async function opened(kind: (typeof kinds)[number], count = 1): Promise<ProgramState[]> {
  place = await placeIn(kind, server);
  const { open } = place;
  return Promise.all(Array.from({ length: count }, () => open()));
}

async function one(kind: (typeof kinds)[number]): Promise<ProgramState> {
  const [state] = await opened(kind);
  if (state === undefined) throw new Error("not opened");
  return state;
}

describe.each(kinds)("the audit log in %s", (kind) => {
  it("has each entry once, in one chain, whoever appended it and when", () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 60 }), async (order) => {
        const servers = await opened(kind, 4);
        await Promise.all(order.map((server, index) => servers[server]?.audit.append(sending(`plan-${index}`))));
        const [reader] = servers;
        if (reader === undefined) throw new Error("none");
        if (order.length > 0) {
          expect(await verifyAudit(reader.auditSource)).toEqual({ ok: true, lines: order.length, notes: [] });
          expect((await entriesIn(reader)).toSorted()).toEqual(order.map((_, index) => `plan-${index}`).toSorted());
        }
        await place?.close();
      }),
      { numRuns: runs(5, 100) },
    ));

  it("keeps the order in which one server appended", async () => {
    const state = await one(kind);
    const ids = Array.from({ length: 30 }, (_, index) => `plan-${index}`);
    await Promise.all(ids.map((id) => state.audit.append(sending(id))));
    expect(await entriesIn(state)).toEqual(ids);
  });

  it("verifies as a file when its lines are written into one", async () => {
    const [a, b] = await opened(kind, 2);
    if (a === undefined || b === undefined) throw new Error("none");
    for (const [index, { audit }] of [a, b, a, b].entries()) await audit.append(sending(`plan-${index}`));
    const lines: Buffer[] = [];
    for await (const { bytes } of a.auditSource.read()) lines.push(Buffer.concat([bytes, Buffer.from("\n")]));
    const path = join(mkdtempSync(join(tmpdir(), "cc-export-")), "audit.jsonl");
    writeFileSync(path, Buffer.concat(lines));
    expect(await verifyAudit(auditFiles(path))).toEqual({ ok: true, lines: 4, notes: [] });
    expect(await headOfLog(auditFiles(path))).toEqual(await headOfLog(b.auditSource));
  });

  it("is redacted, takes no entry of another kind, and none after its end", async () => {
    place = await placeIn(kind, server);
    const state = await place.open((json) => json.replaceAll("secret", "[sealed]"));
    await state.audit.append(sending("a secret"));
    expect(await entriesIn(state)).toEqual(["a [sealed]"]);
    await expect(state.audit.append(sending(""))).rejects.toThrow("not an entry of the log");
    await state.audit.close();
    await expect(state.audit.append(sending("late"))).rejects.toThrow("was closed");
  });

  it("is none before the first entry", async () => {
    const state = await one(kind);
    await expect(verifyAudit(state.auditSource)).rejects.toThrow(/no audit log/);
  });
});

describe.skipIf(postgresBin === undefined)("the audit log in PostgreSQL", () => {
  async function withLines(count: number): Promise<ProgramState> {
    const state = await one("PostgreSQL");
    for (let index = 1; index <= count; index++) await state.audit.append(sending(`plan-${index}`));
    return state;
  }

  const lines = "cloudcert.audit_line";
  const nothingMissing = [
    [
      `UPDATE ${lines} SET line = replace(encode(line, 'escape'), 'plan-2', 'plan-9')::bytea WHERE seq = 2`,
      2,
      "altered",
    ],
    [`DELETE FROM ${lines} WHERE seq = 2`, 3, "missing before it"],
    [`DELETE FROM ${lines} WHERE seq = 1`, 2, "missing before it"],
    [
      `UPDATE ${lines} a SET line = b.line FROM ${lines} b WHERE (a.seq = 2 AND b.seq = 3) OR (a.seq = 3 AND b.seq = 2)`,
      2,
      "missing before it",
    ],
  ] as const;

  it.each(nothingMissing)("shows what was done to its rows: %s", async (sql, line, why) => {
    const state = await withLines(4);
    await server().query(sql, place?.url);
    expect(await verifyAudit(state.auditSource)).toMatchObject({ ok: false, line, why: expect.stringContaining(why) });
  });

  it("tells that its newest lines were removed, and does not go on as if they had never been", async () => {
    const state = await withLines(4);
    await server().query(`DELETE FROM ${lines} WHERE seq > 2`, place?.url);
    expect(await verifyAudit(state.auditSource)).toMatchObject({
      ok: true,
      notes: ["lines 3 to 4 are missing at the end: they were removed"],
    });
    await state.audit.append(sending("plan-5"));
    expect(await verifyAudit(state.auditSource)).toMatchObject({ ok: false, line: 5 });
  });

  it("has times in the order of its lines, which are the database's", async () => {
    const servers = await opened("PostgreSQL", 3);
    await Promise.all(
      Array.from({ length: 90 }, (_, index) => servers[index % 3]?.audit.append(sending(`plan-${index}`))),
    );
    const times: string[] = [];
    const [first] = servers;
    if (first === undefined) throw new Error("none");
    for await (const { link } of verifiedLines(first.auditSource)) times.push(link.at);
    expect(times).toEqual(times.toSorted());
  });
});
