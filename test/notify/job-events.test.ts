import { describe, expect, it } from "vitest";
import type { Job, JobTarget } from "../../src/jobs/job.js";
import type { NotifyEvent } from "../../src/notify/event.js";
import { jobReporter } from "../../src/notify/job-events.js";

const target = (name: string, state: JobTarget["state"], more: Partial<JobTarget> = {}): JobTarget => ({
  id: name,
  service: "alibaba-cdn",
  name,
  state,
  ...more,
});

const job = (targets: readonly JobTarget[], more: Partial<Job> = {}): Job => ({
  id: "0a1b2c3d",
  kind: "deployment",
  startedAt: "2026-11-28T08:00:00Z",
  changedAt: "2026-11-28T08:00:00Z",
  key: "key",
  certificate: { sha256: "ab", names: ["www.example.com"], notAfter: "2027-01-14T00:00:00Z", source: {} },
  targets: [...targets],
  ...more,
});

const owner = { pid: 1, host: "here" };

function toldOf(...saved: readonly Job[]): readonly NotifyEvent[] {
  const told: NotifyEvent[] = [];
  const report = jobReporter((event) => told.push(event));
  for (const each of saved) report(each);
  return told;
}

describe("a job is told of", () => {
  it("when its run ends and everything is proven: once", () => {
    const served = [target("a", "served"), target("b", "unchanged")];
    expect(toldOf(job(served, { owner }), job(served), job(served))).toEqual([
      {
        type: "job.done",
        job: { id: "0a1b2c3d", kind: "deployment", names: ["www.example.com"], notAfter: "2027-01-14T00:00:00Z" },
        targets: [
          { target: "a", outcome: "proven" },
          { target: "b", outcome: "proven" },
        ],
      },
    ]);
  });

  it("when a later look sees it served, and not before", () => {
    const told = toldOf(job([target("a", "accepted")]), job([target("a", "served")]));
    expect(told.map(({ type }) => type)).toEqual(["job.done"]);
  });

  it("when something failed, with what is left; again once the rest is done", () => {
    const first = [
      target("a", "served"),
      target("b", "failed", { code: "InternalError", says: "words of a cloud" }),
      target("c", "sending"),
      target("d", "not attempted"),
      target("e", "accepted"),
    ];
    const told = toldOf(job(first), job(first), job(first.map((each) => ({ ...each, state: "served" as const }))));
    expect(told.map(({ type }) => type)).toEqual(["job.failed", "job.done"]);
    expect(told[0]).toMatchObject({
      targets: [
        { target: "b", outcome: "failed", code: "InternalError" },
        { target: "c", outcome: "failed", code: "outcome unknown" },
        { target: "d", outcome: "left" },
        { target: "e", outcome: "left" },
        { target: "a", outcome: "proven" },
      ],
    });
    expect(JSON.stringify(told)).not.toContain("words of a cloud");
  });

  it("as not done if a chain is incomplete, or the run broke off before its first target", () => {
    expect(toldOf(job([target("a", "incomplete chain")]))).toMatchObject([
      { type: "job.failed", targets: [{ outcome: "failed", code: "incomplete chain" }] },
    ]);
    expect(toldOf(job([target("a", "pending")]))).toMatchObject([
      { type: "job.failed", targets: [{ outcome: "left" }] },
    ]);
  });

  it("by what it does: a rollback, a deletion and HTTPS off name no certificate", () => {
    const served = [target("a", "served")];
    const off = { ...job([]).certificate, sha256: "none" };
    const told = toldOf(
      job(served, { id: "1", kind: "rollback" }),
      job(served, { id: "2", kind: "deletion" }),
      job(served, { id: "3", certificate: off }),
      job(served, { id: "4", certificate: off, kind: "rollback" }),
    );
    expect(told.map((event) => (event.type === "job.done" ? event.job : undefined))).toEqual([
      { id: "1", kind: "rollback" },
      { id: "2", kind: "deletion" },
      { id: "3", kind: "https off" },
      { id: "4", kind: "rollback" },
    ]);
  });
});

it("nothing is reported while a process works on it, if nothing was sent, or for a single operation", () => {
  expect(
    toldOf(
      job([target("a", "failed")], { owner }),
      job([target("a", "unchanged")]),
      job([target("a", "superseded")]),
      job([target("a", "served")], { kind: "operation" }),
    ),
  ).toEqual([]);
});
