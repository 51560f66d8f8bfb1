import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { decisionsIn } from "../../src/approval/recorded-decisions.js";
import { AuditError, type AuditSource } from "../../src/audit/source.js";
import { isJob, type ToolContext } from "../../src/pipeline/tool.js";
import { listJobs } from "../../src/tools/list-jobs.js";
import { Station } from "./support.js";

let station: Station;
beforeEach(async () => {
  station = await Station.open();
});
afterEach(() => station.close());

const listed = z.object({ jobs: z.array(z.object({ job: z.string(), summary: z.string(), approvals: z.unknown() })) });

/** The row of a job with an approved plan, where the audit log is read so. */
async function rowWith(decisionsOn: ToolContext["decisionsOn"]) {
  const certificate = { sha256: "a".repeat(64), names: ["example.com"], notAfter: "2026-12-31T00:00:00Z", source: {} };
  const job = await station.journal.open({ kind: "deployment", key: "key", certificate, targets: [] });
  await station.journal.save({ ...job, plans: ["0badc0de"] });
  if (isJob(listJobs)) throw new Error("list_jobs is no job");
  const result = await listJobs.run(listJobs.params.parse({ job: job.id }), { ...station.context, decisionsOn });
  return listed.parse(result).jobs[0];
}

const brokenLog: AuditSource = {
  name: "audit.jsonl",
  canContinue: false,
  notes: async () => [],
  // biome-ignore lint/correctness/useYield: it fails before its first line
  async *read() {
    throw new AuditError("the log audit.jsonl is no file");
  },
};

it("shows a job also where the audit log cannot be read, and says so of the approvals", async () => {
  const row = await rowWith(decisionsIn(brokenLog));
  expect(row?.approvals).toBe("could not be read: the log audit.jsonl is no file");
});

it("takes no other answer to the same plan for its approval", async () => {
  const decision = { planId: "0badc0de", at: "2026-04-01T03:00:00Z", channel: "page", by: [] };
  const row = await rowWith(async () => [
    { ...decision, channel: "elicit", verdict: "expired" },
    { ...decision, verdict: "approved" },
  ]);
  expect(row?.approvals).toEqual([expect.objectContaining({ approved_with: "the approval page" })]);
});
