import { hostname } from "node:os";
import { describe, expect, it } from "vitest";
import type { Job, JobTarget } from "../../src/jobs/job.js";
import { requestsIn } from "../../src/jobs/requests.js";
import { openJobsIn } from "../../src/unattended/renewal/inventory.js";
import { rollbackAt, rolledBackIn, unfinishedRollbacks } from "../../src/unattended/renewal/rolled-back.js";
import { at, jobOn, leaf } from "../jobs/support.js";

describe("a certificate that was taken back", () => {
  const undone = jobOn({
    number: 1,
    day: 1,
    certificate: 7,
    until: at(90),
    stopped: "It was not proven.",
    targets: [{ id: "a.example.com" }, { id: "b.example.com" }, { id: "c.example.com", state: "not attempted" }],
  });
  const rollback = (state: JobTarget["state"]) =>
    jobOn({
      number: 2,
      kind: "rollback",
      of: undone.id,
      day: 2,
      certificate: 7,
      until: at(90),
      targets: [
        { id: "a.example.com", state },
        { id: "b.example.com", state: "pending", sentAt: undefined },
      ],
    });
  const inJournal = (...jobs: readonly Job[]) => ({ jobs, requests: requestsIn(jobs, undefined) });

  it.each(["served", "accepted", "sending"] as const)(
    "is not deployed there again, nor where it never came: the request to take it back is %s",
    (state) => {
      const back = rolledBackIn(inJournal(rollback(state), undone));
      expect(back.map(({ domain }) => domain)).toEqual(["a.example.com", "c.example.com"]);
    },
  );

  it("is known by its SHA-256, too, if it was deployed by an id of a store that shows no more than its SHA-1", () => {
    const sha1 = "7".padStart(40, "0");
    const certificate = { ...undone.certificate, sha256: sha1, sha1, storedAs: "scs1500000000000" };
    const back = rolledBackIn(inJournal(rollback("served"), { ...undone, certificate }));
    const place = { service: "alibaba-cdn", domain: "a.example.com" };
    const inFiles = (number: number) => ({
      key: leaf(number),
      leaf: { sha256: leaf(number), sha1: String(number).padStart(40, "0") },
    });
    expect(rollbackAt(place, inFiles(7), back)?.job).toBe(undone.id);
    expect(rollbackAt(place, { key: "scs1500000000000" }, back)?.job).toBe(undone.id);
    expect(rollbackAt(place, inFiles(8), back)).toBeUndefined();
  });

  it("stays so where what took over was rolled back, too, and no longer once something stays there", () => {
    const [onA, onB] = undone.targets;
    const placesOf = (...jobs: readonly Job[]) =>
      rolledBackIn(inJournal(...jobs)).map(({ job, domain }) => [job, domain]);
    const next = (day: number, certificate: number) =>
      jobOn({
        number: day,
        day,
        certificate,
        until: at(90),
        targets: [{ id: "a.example.com" }, { id: "b.example.com" }],
      });
    const [second, again] = [next(3, 8), next(5, 7)];
    const secondBack = jobOn({
      number: 4,
      kind: "rollback",
      of: second.id,
      day: 4,
      certificate: 8,
      until: at(90),
      // It went back on one target alone.
      targets: [{ id: "a.example.com" }],
    });
    const first = { ...undone, targets: [onA, onB].flatMap((each) => each ?? []) };
    const firstBack = {
      ...rollback("served"),
      targets: rollback("served").targets.map((each) => ({ ...each, state: "served" as const, sentAt: at(2) })),
    };
    expect(placesOf(firstBack, first)).toEqual([
      [first.id, "a.example.com"],
      [first.id, "b.example.com"],
    ]);
    expect(placesOf(second, firstBack, first)).toEqual([]);
    expect(placesOf(secondBack, second, firstBack, first)).toEqual([
      [second.id, "a.example.com"],
      [first.id, "a.example.com"],
    ]);
    expect(placesOf(again, secondBack, second, firstBack, first)).toEqual([]);
  });

  it("is no longer so where its own job was resumed and sent it again, until that is rolled back, too", () => {
    const [onA] = undone.targets;
    const [backOnA] = rollback("served").targets;
    if (onA === undefined || backOnA === undefined) throw new Error("two targets");
    const { stopped: _, ...asked } = undone;
    const sent = (day: number, order: number) => ({ sentAt: at(day), acceptedAt: at(day), order });
    const first = (more: Partial<JobTarget>) => ({ ...asked, targets: [{ ...onA, ...more }] });
    const back = (id: string, more: Partial<JobTarget>) => ({
      ...{ ...rollback("served"), id },
      targets: [{ ...backOnA, ...more }],
    });
    const placesOf = (...jobs: readonly Job[]) => rolledBackIn(inJournal(...jobs)).map(({ domain }) => domain);
    const of = "00000002";
    expect(placesOf(back(of, sent(2, 2)), first(sent(1, 1)))).toEqual(["a.example.com"]);
    expect(placesOf(back(of, sent(2, 2)), first(sent(3, 3)))).toEqual([]);
    // Its outcome may be unknown once more.
    expect(placesOf(back(of, sent(2, 2)), first({ state: "sending", sentAt: at(3), order: 3 }))).toEqual([]);
    // By the numbers of the requests, whatever the clocks said.
    expect(placesOf(back(of, sent(2, 2)), first(sent(1, 3)))).toEqual([]);
    expect(placesOf(back("00000003", sent(4, 4)), back(of, sent(2, 2)), first(sent(3, 3)))).toEqual(["a.example.com"]);
  });

  it("is not sent anew with what is left of its job, which is only looked at", () => {
    const openOf = (...jobs: readonly Job[]) => openJobsIn(inJournal(...jobs), new Date(at(2)));
    expect(openOf(undone)).toMatchObject([{ id: undone.id, targets: [{ domains: expect.any(Array) }] }]);
    expect(openOf(rollback("served"), undone)).toEqual([]);
    // Also where something else was sent since to what was rolled back.
    const later = jobOn({ number: 3, day: 2, certificate: 8, until: at(90), targets: [{ id: "a.example.com" }] });
    expect(openOf(later, rollback("served"), undone)).toEqual([]);
    const [onA, ...others] = undone.targets;
    const unproven = { ...undone, targets: [...(onA ? [{ ...onA, state: "accepted" as const }] : []), ...others] };
    expect(openOf(rollback("served"), unproven)).toMatchObject([{ id: undone.id, targets: undefined }]);
  });

  it("is sent anew with what is left of its job once that was resumed on all that had gone back", () => {
    const resumed = { sentAt: at(3), acceptedAt: at(3), order: 3 };
    const [onA, onB, onC] = undone.targets.flatMap((each) => each ?? []);
    const back = rollback("served");
    const first = { ...back, targets: back.targets.map((each) => ({ ...each, order: 2 })) };
    const jobWith = (...targets: readonly (JobTarget | undefined)[]) => ({
      ...undone,
      targets: targets.flatMap((each) => each ?? []),
    });
    const openOf = (job: Job) => openJobsIn(inJournal(first, job), new Date(at(3)));
    expect(openOf(jobWith(onA && { ...onA, order: 1 }, onB, onC))).toEqual([]);
    const whole = jobWith(onA && { ...onA, ...resumed }, onB, onC);
    expect(openOf(whole)).toMatchObject([{ id: undone.id, targets: [{ domains: expect.any(Array) }] }]);
  });

  it("in part is taken back to the end by the next run, unless a process is at it, or it is long ago", () => {
    const [interrupted, whole] = [rollback("served"), { ...rollback("served"), targets: [] }];
    const left = (job: Job, days = 2) => unfinishedRollbacks(inJournal(job, undone), new Date(at(days)));
    expect(left(interrupted)).toEqual([undone.id]);
    expect(left(whole)).toEqual([]);
    expect(left({ ...interrupted, owner: { pid: process.pid, host: hostname() } })).toEqual([]);
    expect(left(interrupted, 6)).toEqual([]);
    const { stopped: _, ...asked } = undone;
    expect(unfinishedRollbacks(inJournal(interrupted, asked), new Date(at(2)))).toEqual([]);
  });
});
