import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ChainEnd } from "../../src/audit/chain-end.js";
import { rotatedFiles } from "../../src/audit/files.js";
import { decodeLine, encodeLine } from "../../src/audit/line.js";
import { LockLost, underLock } from "../../src/audit/lock.js";
import { AuditLog } from "../../src/audit/log.js";
import { auditFiles } from "../../src/audit/read-log.js";
import { showAudit } from "../../src/audit/show.js";
import { verifyAudit } from "../../src/audit/verify.js";
import { freshPath, sending, Writer } from "./support.js";

async function planIdsIn(path: string): Promise<unknown[]> {
  const planIds: unknown[] = [];
  for await (const { bytes } of auditFiles(path).read()) {
    const line = decodeLine(bytes);
    if (line.ok) planIds.push(line.entry.planId);
  }
  return planIds;
}

describe("several servers at once", () => {
  it.each(["together", "in-turn"])("two that write many entries each (%s) leave a valid chain", async (mode) => {
    const count = 1_000;
    const path = freshPath();
    const start = performance.now();
    const writers = [new Writer(path, mode, count), new Writer(path, mode, count)];
    await Promise.all(writers.map((writer) => writer.finished()));
    process.stderr.write(`2 × ${count} entries, ${mode}: ${Math.round(performance.now() - start)} ms\n`);
    expect(await verifyAudit(auditFiles(path))).toEqual({ ok: true, lines: 2 * count, notes: [] });
    expect(new Set(await planIdsIn(path))).toEqual(new Set(writers.flatMap((writer) => writer.acknowledged)));
  });

  it("rotate the files without breaking the chain, also for one who verifies meanwhile", async () => {
    const path = freshPath();
    const writers = [1, 2, 3].map(() => new Writer(path, "in-turn", 200, 2000));
    const finished = Promise.all(writers.map((writer) => writer.finished()));
    let running = true;
    const end = finished.finally(() => {
      running = false;
    });
    await Promise.all(writers.map((writer) => writer.hasAcknowledged(1)));
    while (running) expect(await verifyAudit(auditFiles(path))).toMatchObject({ ok: true });
    await end;
    expect((await rotatedFiles(path)).length).toBeGreaterThan(50);
    expect(await verifyAudit(auditFiles(path))).toEqual({ ok: true, lines: 600, notes: [] });
  });
});

describe("a server that is killed", () => {
  /** Kills a writer somewhere in its next entry, and writes to the log that it leaves. */
  async function round(path: string, mode: string, acknowledged: number, turns: number): Promise<void> {
    const writer = new Writer(path, mode, 5000, 20_000);
    await writer.hasAcknowledged(acknowledged);
    for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
    await writer.kill();
    expect(await verifyAudit(auditFiles(path))).toMatchObject({ ok: true });
    expect(await planIdsIn(path)).toEqual(expect.arrayContaining(writer.acknowledged));
    const log = new AuditLog(path, { redact: (json) => json });
    await log.append(sending("after the kill"));
    await log.close();
    expect(await verifyAudit(auditFiles(path))).toMatchObject({ ok: true });
  }

  it("leaves a log that verifies, holds all that was acknowledged and can be appended to", async () => {
    const count = 10;
    const points = fc.sample(
      fc.record({ acknowledged: fc.integer({ min: 1, max: 60 }), turns: fc.nat(300) }),
      2 * count,
    );
    const logs = Array.from({ length: count }, async (_, log) => {
      const path = freshPath();
      for (const { acknowledged, turns } of points.slice(2 * log, 2 * log + 2)) {
        await round(path, log % 2 === 0 ? "in-turn" : "together", acknowledged, turns);
      }
    });
    await Promise.all(logs);
  });

  it("during a call, leaves a log that says that the request may have left", async () => {
    const path = freshPath();
    const writer = new Writer(path, "call");
    await writer.hasAcknowledged(1);
    await writer.kill();
    expect(await verifyAudit(auditFiles(path))).toMatchObject({ ok: true, lines: 2 });
    let shown = "";
    await showAudit(auditFiles(path), { write: (text) => (shown += text) });
    expect(shown).toContain("may have been sent: the process ended before the answer");
  });

  it("while it holds the lock, does not block others, and of several that wait each gets its turn", async () => {
    const path = freshPath();
    mkdirSync(`${path}.lock`);
    const longAgo = new Date(0);
    utimesSync(`${path}.lock`, longAgo, longAgo);
    const writers = [1, 2, 3, 4].map(() => new Writer(path, "in-turn", 20));
    await Promise.all(writers.map((writer) => writer.finished()));
    expect(await verifyAudit(auditFiles(path))).toEqual({ ok: true, lines: 80, notes: [] });
  });
});

describe("a server whose lock was taken over", () => {
  const takeOver = (path: string) => writeFileSync(`${path}.owner`, "another process");

  it("writes nothing more", async () => {
    const path = freshPath();
    const work = underLock(path, async (isHeld) => {
      const end = await ChainEnd.open(path, isHeld);
      takeOver(path);
      const line = encodeLine(end.head, { at: new Date().toISOString(), pid: 1 }, sending("late"));
      await end.append(line.bytes, line.head).finally(() => end.close());
    });
    await expect(work).rejects.toThrow(LockLost);
    expect(await verifyAudit(auditFiles(path))).toMatchObject({ ok: true, lines: 0 });
  });
});
