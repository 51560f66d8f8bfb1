import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { auditFiles } from "../../src/audit/read-log.js";
import { BrokenChain, headOfLog } from "../../src/audit/verify.js";
import { derive, type Evidence } from "../../src/evidence/derive.js";
import { encodeEvidence, signedPartOf } from "../../src/evidence/file.js";
import { verdictLines } from "../../src/evidence/texts.js";
import { verifyEvidence } from "../../src/evidence/verify.js";
import { forTheRecord } from "../../src/lib/language.js";
import { material } from "../tls-check/support.js";
import { job, Records } from "./support.js";

const bytesOf = (evidence: Evidence) => encodeEvidence(signedPartOf(evidence), undefined);

async function checked(records: Records, id = job) {
  const evidence = await records.evidence("end", id);
  const head = await headOfLog(auditFiles(records.path));
  expect(verifyEvidence(bytesOf(evidence), { head })).toMatchObject({ verdict: "verified" });
  return derive(evidence).summary;
}

describe("the evidence of a job", () => {
  it("reaches from its first line to its last, across the files of the log", async () => {
    const records = await Records.deployed();
    expect(readdirSync(records.folder).filter((name) => name.startsWith("audit.")).length).toBeGreaterThan(2);
    const { approvals, requests, seen, first_line, last_line, until_line } = await checked(records);
    expect(approvals).toMatchObject([{ plan: "plan0001", channel: "page", verdict: "approved", took_ms: 4_200 }]);
    expect(requests).toMatchObject([{ plan: "plan0001", accepted: true, request_id: "request-1" }]);
    expect(seen.map(({ when, as_expected: right }) => [when, right])).toEqual([
      ["before", 0],
      ["after", 2],
    ]);
    expect([first_line, last_line, until_line]).toEqual([5, 15, 19]);
    expect((await records.evidence("job")).lines).toHaveLength(11);
  });

  it("shows a request without an answer, and the plan under which the rest was done", async () => {
    const records = new Records();
    await records.plan("plan0001");
    await records.open("plan0001");
    await records.see("before", material.before);
    await records.append({ event: "sending", planId: "plan0001", step: "one" });
    await records.plan("plan0002");
    await records.open("plan0002");
    await records.send("plan0002", "request-2");
    const { approvals, requests } = await checked(records);
    expect(approvals.map(({ plan }) => plan)).toEqual(["plan0001", "plan0002"]);
    expect(requests).toMatchObject([{ step: "one" }, { request_id: "request-2" }]);
    expect(requests[0]).not.toHaveProperty("answered_at");
  });

  it("tells a failed request from one whose outcome is unknown, and what was found later", async () => {
    const records = await Records.deployed();
    const about = { event: "outcome", planId: "plan0001", sent: "yes", ok: false } as const;
    for (const step of ["failed", "unknown", "found"])
      await records.append({ event: "sending", planId: "plan0001", step });
    await records.append(
      { ...about, step: "failed", changed: "no" },
      { ...about, step: "unknown", changed: "unknown" },
      { ...about, step: "found", changed: "unknown" },
      { ...about, step: "found", changed: "yes" },
    );
    await checked(records);
    const head = await headOfLog(auditFiles(records.path));
    const lines = verdictLines(verifyEvidence(bytesOf(await records.evidence()), { head }), forTheRecord);
    const results = lines.flatMap((line) => /^Request: \S+ ("[^"]+": .*)$/.exec(line)?.[1] ?? []).slice(1);
    expect(results).toEqual([
      '"failed": failed',
      '"unknown": outcome unknown',
      '"found": no clear answer; a check showed that it was carried out',
    ]);
  });

  it("is there for rollbacks, and for deletions, at which nothing is looked", async () => {
    const records = await Records.deployed();
    await records.plan("plan0002", "roll_back");
    await records.open("plan0002", "rollback", "2b3c4d5e");
    await records.send("plan0002", "request-2");
    await records.see("after", material.before, "2b3c4d5e");
    expect(await checked(records, "2b3c4d5e")).toMatchObject({ kind: "rollback", of: job, seen: [{ as_expected: 0 }] });
    await records.plan("plan0003", "delete_unused_certificates");
    await records.open("plan0003", "deletion", "3c4d5e6f");
    await records.send("plan0003", "request-3");
    expect(await checked(records, "3c4d5e6f")).toMatchObject({ kind: "deletion", seen: [] });
    expect((await checked(records)).requests).toHaveLength(1);
  });

  it("has the sightings of a job that was archived, and those after that", async () => {
    const records = await Records.deployed();
    await records.files.sightings.archive(job, "2026-11-28T10:00:00.000Z");
    await records.see("after", material.now);
    await records.files.sightings.archive(job, "2026-11-28T10:00:00.000Z");
    expect((await checked(records)).seen).toHaveLength(3);
  });
});

describe("no evidence", () => {
  it("is there of a broken chain, wherever it breaks", async () => {
    const records = await Records.deployed();
    const oldest = join(records.folder, "audit.1.jsonl");
    writeFileSync(oldest, readFileSync(oldest, "utf8").replace("other001", "other009"));
    await expect(records.evidence()).rejects.toThrow(BrokenChain);
    rmSync(oldest);
    await expect(records.evidence()).rejects.toThrow(/missing before it/);
  });

  it("is there without the sightings that the log has, or of a job that it does not have", async () => {
    const records = await Records.deployed();
    await expect(records.evidence("end", "00000000")).rejects.toThrow("The audit log has no job 00000000");
    rmSync(join(records.folder, "jobs"), { recursive: true });
    await expect(records.evidence()).rejects.toThrow("The journal no longer has the sighting that line");
  });

  it("leaves out sightings that the log does not know", async () => {
    const records = await Records.deployed();
    const { sightings, certificates } = await records.journal.sightings.of(job);
    const [look] = sightings;
    if (look !== undefined)
      await records.journal.sightings.add(job, [{ sighting: { ...look, at: "2020-01-01T00:00:00Z" }, certificates }]);
    expect((await checked(records)).seen).toHaveLength(2);
  });

  it("is there where nobody approved, or where the clock was set back", async () => {
    const records = new Records();
    await records.open("plan0001");
    await records.send("plan0001", "request-1");
    expect(verifyEvidence(bytesOf(await records.evidence()), {})).toMatchObject({ verdict: "refused" });
    const late = new Records();
    await late.plan("plan0001");
    late.setBack(3_600_000);
    await late.open("plan0001");
    const verdict = verifyEvidence(bytesOf(await late.evidence()), {});
    expect(String(verdict.verdict === "refused" && verdict.problems[0])).toContain("the clock was set back");
  });

  it("takes a head that is older than the job, or of another log", async () => {
    const records = await Records.deployed();
    const evidence = await records.evidence();
    const [old, other] = [
      { seq: 3, hash: "0".repeat(64) },
      { seq: 12, hash: "0".repeat(64) },
    ];
    expect(verifyEvidence(bytesOf(evidence), { head: old }).verdict).toBe("refused");
    expect(verifyEvidence(bytesOf(evidence), { head: other }).verdict).toBe("refused");
    await expect(records.evidence({ seq: 12 })).rejects.toThrow("the last one about the job");
    await expect(records.evidence({ seq: 99 })).rejects.toThrow("has no line 99 yet");
  });
});

describe("a hostile file", () => {
  it.each(["", "{", "[]", '{"__proto__":{"verdict":"verified"}}', `${"[".repeat(1e5)}`, '"\\ud800"', "\0"])(
    "%j is refused",
    (text) => expect(verifyEvidence(Buffer.from(text), {}).verdict).toBe("refused"),
  );

  it("is refused with a member more, which no parser sees twice", async () => {
    const text = bytesOf(await (await Records.deployed()).evidence()).toString();
    for (const more of ['  "job": "1a2b3c4d",\n', '  "__proto__": {},\n', '  "note": 1,\n', "\n", " "]) {
      const changed = text.replace("{\n", `{\n${more}`);
      expect([more, verifyEvidence(Buffer.from(changed), {}).verdict]).toEqual([more, "refused"]);
    }
  });
});
