import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maxValidityDays } from "../../src/certificates/lifetimes.js";
import { archivable, minDaysInJournal } from "../../src/jobs/archivable.js";
import type { Job, JobTarget } from "../../src/jobs/job.js";
import { isOwnRequest, requestsIn } from "../../src/jobs/requests.js";
import { rolledBackTargetsIn } from "../../src/jobs/rolled-back.js";
import { runs } from "../support/width.js";
import { at, day, jobOn, leaf, renewals, replaced, start } from "./support.js";

const idle = () => false;
const idsAt = (days: number, jobs: readonly Job[], isWorkedOn: (job: Job) => boolean = idle) =>
  archivable(jobs, new Date(start + days * day), isWorkedOn).map(({ id }) => Number.parseInt(id, 16));

describe("what goes to the archive", () => {
  const valid = at(200);
  const [a, b] = ["a.example.com", "b.example.com"];
  const first = jobOn({
    number: 1,
    day: 0,
    certificate: 1,
    until: valid,
    targets: [{ id: a, before: replaced(0, valid) }],
  });
  const second = jobOn({
    number: 2,
    day: 1,
    certificate: 2,
    until: valid,
    targets: [{ id: a, before: replaced(1, valid) }],
  });
  const third = jobOn({
    number: 3,
    day: 2,
    certificate: 3,
    until: valid,
    targets: [{ id: a, before: replaced(2, valid) }],
  });

  it("is not what decides on a target, nor the job that deployed what it replaced", () => {
    expect(idsAt(30, [first])).toEqual([]);
    expect(idsAt(30, [first, second])).toEqual([]);
    expect(idsAt(30, [first, second, third])).toEqual([1]);
  });

  it("is what can no longer be put back, once it has expired", () => {
    expect(idsAt(199, [first, second])).toEqual([]);
    expect(idsAt(201, [first, second])).toEqual([1, 2]);
  });

  it("is nothing of the last seven days", () => {
    const renewed = renewals(20);
    expect(idsAt(80, renewed)).toEqual([...renewed.keys()].slice(0, 19));
    expect(idsAt(4 * 17 + minDaysInJournal - 1, renewed.slice(0, 18))).toEqual([...renewed.keys()].slice(0, 17));
  });

  it("is nothing that a process works on, or whose run was cut short", () => {
    const { endedAt: _, ...cutShort } = first;
    expect(idsAt(300, [cutShort])).toEqual([]);
    expect(idsAt(300, [first], ({ id }) => id === first.id)).toEqual([]);
    // What came later at its target stays with it.
    expect(idsAt(300, [cutShort, second])).toEqual([]);
  });

  it.each([["failed"], ["not attempted"], ["accepted"], ["sending"], ["pending"]] as const)(
    "is not a job with a target that is %s, until a later one was accepted there",
    (state) => {
      const open = jobOn({
        ...{ number: 1, day: 0, certificate: 1, until: valid },
        targets: [{ id: a }, { id: b, state }],
      });
      const [onA, onB] = [second, { ...third, targets: third.targets.map((target) => ({ ...target, id: b })) }];
      const next = { ...onA, targets: onA.targets.map((target) => ({ ...target, before: replaced(0, valid) })) };
      const last = { ...onB, targets: onB.targets.map((target) => ({ ...target, before: replaced(0, valid) })) };
      expect(idsAt(100, [open, next])).toEqual([]);
      expect(idsAt(100, [open, next, last])).toEqual([1]);
      // Nor by another account, or at a stand-in for the cloud.
      const elsewhere = last.targets.map((target) => ({ ...target, account: { credential: "AKID2", endpoint: "" } }));
      expect(idsAt(100, [open, next, { ...last, targets: elsewhere }])).toEqual([]);
    },
  );

  it("is a failed one whose certificate has expired, but none of unknown outcome", () => {
    const tried = (state: JobTarget["state"]) =>
      jobOn({ number: 1, day: 0, certificate: 1, until: at(50), targets: [{ id: a, state }] });
    expect(idsAt(49, [tried("failed")])).toEqual([]);
    expect(idsAt(51, [tried("failed")])).toEqual([1]);
    expect(idsAt(51, [tried("sending")])).toEqual([]);
  });

  it("counts a certificate whose end is unknown as valid for the longest lifetime", () => {
    const byRecord = jobOn({
      number: 1,
      day: 0,
      certificate: 1,
      until: valid,
      targets: [{ id: "tencent-ssl:old", service: "tencent-ssl", recordId: 7, before: { certificateIds: ["old"] } }],
    });
    expect(idsAt(maxValidityDays - 1, [byRecord])).toEqual([]);
    expect(idsAt(maxValidityDays, [byRecord])).toEqual([1]);
  });

  describe("after a rollback", () => {
    const undone = jobOn({
      ...{ number: 1, day: 0, certificate: 1, until: valid, stopped: "It was not proven." },
      targets: [
        { id: a, before: replaced(0, at(20)) },
        { id: b, state: "not attempted", sentAt: undefined },
      ],
    });
    const back = jobOn({
      ...{ number: 2, kind: "rollback", of: undone.id, day: 1, certificate: 1, until: valid },
      targets: [{ id: a, expected: leaf(0) }],
    });
    const onto = (id: string, number: number) =>
      jobOn({
        number,
        day: number,
        certificate: number,
        until: at(30),
        targets: [{ id, before: replaced(0, at(20)) }],
      });

    it("is not the deployment that was rolled back, until its certificate has expired: it must not come again", () => {
      const [onA] = undone.targets;
      const reached = { ...undone, targets: onA ? [onA] : [] };
      expect(idsAt(199, [reached, back])).toEqual([]);
      expect(idsAt(201, [reached, back])).toEqual([1, 2]);
      expect(idsAt(199, [undone, back])).toEqual([]);
      expect(idsAt(201, [undone, back])).toEqual([1, 2]);
    });

    it("is not what took over where it never came, while the deployment is needed", () => {
      expect(idsAt(100, [undone, back, onto(b, 3)])).toEqual([]);
      expect(idsAt(100, [undone, back, onto(b, 3), onto(a, 4)])).toEqual([1, 2, 3, 4]);
    });
  });

  it("is never what a domain without HTTPS would go back to", () => {
    const on = jobOn({ number: 1, day: 0, certificate: 1, until: valid, targets: [{ id: a, before: { none: true } }] });
    expect(idsAt(4_000, [on])).toEqual([]);
  });
});

/** Any history of a few domains and certificates, of one account or two. */
const histories = fc
  .array(
    fc.record({
      days: fc.integer({ min: 0, max: 400 }),
      kind: fc.constantFrom("deployment" as const, "deployment" as const, "rollback" as const, "operation" as const),
      of: fc.nat({ max: 9 }),
      stopped: fc.boolean(),
      certificate: fc.integer({ min: 0, max: 6 }),
      lifetime: fc.constantFrom(6, 47, 200),
      ended: fc.boolean(),
      working: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
      targets: fc.uniqueArray(
        fc.record({
          id: fc.constantFrom("a.example.com", "b.example.com", "c.example.com"),
          state: fc.constantFrom<JobTarget["state"]>(
            "served",
            "served",
            "served",
            "accepted",
            "unchanged",
            "failed",
            "sending",
            "not attempted",
            "superseded",
          ),
          before: fc.option(
            fc.record({ certificate: fc.integer({ min: 0, max: 6 }), left: fc.integer({ min: -5, max: 300 }) }),
          ),
          credential: fc.constantFrom("AKID1", "AKID1", "AKID2"),
        }),
        { minLength: 1, maxLength: 3, selector: ({ id }) => id },
      ),
    }),
    { maxLength: 25 },
  )
  .map((drawn) =>
    drawn.map(({ days, kind, of, stopped, certificate, lifetime, ended, working, targets }, number) => {
      const job = jobOn({
        number,
        kind,
        ...(kind === "rollback" && { of: of.toString(16).padStart(8, "0") }),
        ...(kind === "deployment" && stopped && { stopped: "It was not proven." }),
        day: days,
        certificate,
        until: at(days + lifetime),
        targets: targets.map(({ id, state, before, credential }) => ({
          id,
          state,
          account: { credential, endpoint: "cdn.aliyuncs.com" },
          ...(["failed", "not attempted", "unchanged"].includes(state) && { sentAt: undefined }),
          ...(before && { before: replaced(before.certificate, at(days + before.left)) }),
        })),
      });
      const { endedAt: _, ...open } = job;
      return { job: ended || working ? job : open, working };
    }),
  );

it("a rollback of what a target has finds all that it needs among what stays, whatever the history", () => {
  fc.assert(
    fc.property(histories, fc.integer({ min: 0, max: 800 }), (history, today) => {
      const now = start + today * day;
      const jobs = history.map(({ job }) => job).filter(({ changedAt }) => Date.parse(changedAt) <= now);
      const working = new Set(history.filter((each) => each.working).map(({ job }) => job.id));
      const gone = new Set(archivable(jobs, new Date(now), ({ id }) => working.has(id)));
      const stays = jobs.filter((job) => !gone.has(job));
      for (const job of gone) {
        expect(working.has(job.id)).toBe(false);
        expect(job.kind).not.toBe("operation");
        expect(job.endedAt).toBeDefined();
        expect(now - Date.parse(job.changedAt)).toBeGreaterThanOrEqual(minDaysInJournal * day);
      }
      const sent = jobs
        .flatMap((job) => job.targets.map((target) => ({ job, target })))
        .filter(({ target }) => ["served", "accepted", "sending"].includes(target.state));
      const places = new Set(sent.map(({ target }) => `${target.account?.credential} ${target.id}`));
      for (const place of places) {
        const here = sent
          .filter(({ target }) => `${target.account?.credential} ${target.id}` === place)
          .sort((one, other) => Date.parse(other.job.changedAt) - Date.parse(one.job.changedAt));
        const [newest] = here;
        if (newest === undefined) continue;
        const before = newest.target.before?.served?.[0];
        if (newest.job.kind === "deployment" && before !== undefined && Date.parse(before.notAfter) > now) {
          expect(gone).not.toContain(newest.job);
          const sources = jobs.filter(
            ({ kind, certificate }) => kind === "deployment" && certificate.sha256 === before.sha256,
          );
          for (const source of sources) expect(stays).toContain(source);
        }
        // Of each target the oldest go first: what stays is a stretch up to now.
        const times = (kept: boolean) =>
          here
            .filter(({ job }) => job.kind !== "operation" && gone.has(job) !== kept)
            .map(({ job }) => Date.parse(job.changedAt));
        expect(Math.max(...times(false), 0)).toBeLessThanOrEqual(Math.min(...times(true), Number.POSITIVE_INFINITY));
      }
    }),
    { numRuns: runs(200, 1_000) },
  );
});

it("what was rolled back stays so, whatever the history", () => {
  fc.assert(
    fc.property(histories, fc.integer({ min: 0, max: 800 }), (history, today) => {
      const now = new Date(start + today * day);
      const jobs = history.map(({ job }) => job).filter(({ changedAt }) => Date.parse(changedAt) <= now.getTime());
      const gone = new Set(archivable(jobs, now, idle));
      for (const credential of ["AKID1", "AKID2"]) {
        const seen = (all: readonly Job[]) => {
          const accountFor = () => ({ credential, endpoint: "cdn.aliyuncs.com" });
          const own = all.filter(({ targets }) => targets.every((target) => isOwnRequest(target, accountFor)));
          const requests = requestsIn(all, accountFor);
          const sentTo = ({ id }: JobTarget) => requests.filter(({ target }) => target.id === id);
          return rolledBackTargetsIn(own, sentTo)
            .filter(({ undone }) => Date.parse(undone.certificate.notAfter) > now.getTime())
            .map(({ undone, rollback, target }) => `${undone.id} ${rollback.id} ${target.id}`);
        };
        expect(seen(jobs.filter((job) => !gone.has(job)))).toEqual(seen(jobs));
      }
    }),
    { numRuns: runs(200, 1_000) },
  );
});

it("looking at 20,000 jobs takes a look at each request once, not at each pair", () => {
  const jobs = renewals(20_000);
  let reads = 0;
  const counted = jobs.map((job) => ({
    ...job,
    get certificate() {
      reads += 1;
      return job.certificate;
    },
  }));
  expect(idsAt(90_000, counted)).toHaveLength(20_000);
  expect(reads).toBeLessThan(20_000 * 20);
});
