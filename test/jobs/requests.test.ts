import { describe, expect, it } from "vitest";
import type { Job, JobTarget } from "../../src/jobs/job.js";
import {
  changedTargets,
  jobLabel,
  nextOrder,
  recordedLeaf,
  requestsIn,
  withSuperseded,
} from "../../src/jobs/requests.js";
import { at, jobOn } from "./support.js";

const id = "a.example.com";
const jobAt = (number: number, days: number, target: Partial<JobTarget> = {}, more: Partial<Job> = {}) => ({
  ...jobOn({ number, day: days, certificate: number, until: at(90), targets: [{ id, state: "accepted", ...target }] }),
  ...more,
});
const superseded = (job: Job, ...others: readonly Job[]) =>
  withSuperseded(job, requestsIn([job, ...others], undefined)).targets[0]?.state;
const accepted = (days: number) => ({ sentAt: at(days), acceptedAt: at(days) });

describe("what was sent to a target", () => {
  it("is nothing where it had the certificate before, without its intermediate", () => {
    const had = jobAt(1, 1, { state: "incomplete chain", sentAt: undefined }, { changedAt: at(5) });
    const later = jobAt(2, 3, accepted(3));
    expect(changedTargets(had)).toEqual([]);
    expect(superseded(later, had)).toBe("accepted");
  });

  it("is what was accepted, where a later request of the same job was refused", () => {
    const refused = jobAt(1, 1, { state: "failed", sentAt: at(5), acceptedAt: at(1) });
    const [request] = requestsIn([refused], undefined);
    expect(request?.at).toBe(Date.parse(at(1)));
    expect(superseded(jobAt(2, 3, accepted(3)), refused)).toBe("accepted");
  });
});

describe("a certificate that the journal does not know", () => {
  const notKnown = { names: [], notAfter: at(1), source: {} };

  it.each(["unknown", "none", ""])("is no leaf with an end of its own: %j", (sha256) => {
    const job = jobAt(1, 1, { expected: sha256 }, { kind: "operation", certificate: { sha256, ...notKnown } });
    expect(recordedLeaf({ sha256 }, requestsIn([job], undefined))).toBeUndefined();
  });
});

describe("clocks that differ or are set", () => {
  it("do not make an earlier request the later one", () => {
    const ahead = jobAt(1, 5, { ...accepted(5), order: 1 });
    const later = jobAt(2, 3, { ...accepted(3), order: 2 });
    expect(superseded(later, ahead)).toBe("accepted");
    expect(superseded(ahead, later)).toBe("superseded");
    expect(requestsIn([ahead, later], undefined).map(({ job }) => job.id)).toEqual([later.id, ahead.id]);
    expect(nextOrder(id, requestsIn([ahead, later], undefined))).toBe(3);
  });

  it("decide only between requests that two processes gave the same number", () => {
    const [one, two] = [jobAt(1, 1, { ...accepted(1), order: 1 }), jobAt(2, 2, { ...accepted(2), order: 1 })];
    const next = jobAt(3, 1, { ...accepted(1), order: 2 });
    expect(requestsIn([one, two, next], undefined).map(({ job }) => job.id)).toEqual([next.id, two.id, one.id]);
    expect(superseded(one, two)).toBe("superseded");
  });
});

it("a job that turned HTTPS off is not called a deployment", () => {
  const off = jobAt(1, 1);
  expect(jobLabel(off)).toBe(`deployment ${off.id}`);
  expect(jobLabel({ ...off, certificate: { ...off.certificate, sha256: "none" } })).toBe(`https off ${off.id}`);
});
