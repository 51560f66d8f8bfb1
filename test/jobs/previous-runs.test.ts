import { describe, expect, it } from "vitest";
import type { Job } from "../../src/jobs/job.js";
import { PreviousRuns } from "../../src/jobs/previous-runs.js";
import { requestsIn, rolloutWithinMs } from "../../src/jobs/requests.js";
import { rolloutOf } from "../../src/jobs/rollout.js";
import { at, jobOn, leaf, replaced, start } from "./support.js";

const id = "a.example.com";
const requestedBy = (jobs: readonly Job[]) => requestsIn(jobs, undefined);
const runs = (jobs: readonly Job[], now: number) =>
  new PreviousRuns(
    { jobs, requests: requestedBy(jobs), otherAccountJobs: 0, unreadable: [] },
    "another call",
    new Date(now),
  );

describe("a certificate deployed by an id of a store that shows no more than its SHA-1", () => {
  const both = { sha256: leaf(7), sha1: "7".padStart(40, "0") };
  const other = { sha256: leaf(8), sha1: "8".padStart(40, "0") };
  const facts = { names: [id], notAfter: at(90), source: {} };
  const byStore = {
    ...jobOn({ number: 1, day: 1, certificate: 7, until: at(90), targets: [{ id, state: "accepted" }] }),
    certificate: { ...facts, sha256: both.sha1, sha1: both.sha1, storedAs: "8089870-cn-hangzhou" },
  } satisfies Job;
  const soon = start + 24 * 3600_000 + 60_000;

  it("explains what the edge shows of it, and nothing else", () => {
    expect(runs([byStore], soon).explains(id, both)).toBe(true);
    expect(runs([byStore], soon).explains(id, other)).toBe(false);
  });

  it("is on record for the same certificate under an id of another cloud", () => {
    expect(runs([byStore], soon).lastRunOf(id, both)?.job.id).toBe(byStore.id);
    expect(runs([byStore], soon).recentOther(id, both)).toBeUndefined();
    expect(runs([byStore], soon).recentOther(id, other)?.job.id).toBe(byStore.id);
  });

  it("is not replaced by a later request for the same one", () => {
    const later = jobOn({ number: 2, day: 2, certificate: 7, until: at(90), targets: [{ id, state: "accepted" }] });
    const again = { ...later, certificate: { ...later.certificate, sha1: both.sha1 } };
    expect(runs([again, byStore], soon).recentOther(id, both)).toBeUndefined();
  });

  it("may arrive, and so may what it replaced", () => {
    const [target] = byStore.targets;
    const replacing = { ...byStore, targets: target ? [{ ...target, before: replaced(8, at(20)) }] : [] };
    const { arriving } = rolloutOf([{ id, domain: id }], requestedBy([replacing]), new Date(soon));
    expect(arriving.get(id)).toMatchObject([{ sha256: both.sha1 }, other]);
  });

  it("is on record as well where a rollback brought it back, once by its SHA-256", () => {
    const back = jobOn({
      number: 3,
      kind: "rollback",
      day: 1,
      certificate: 8,
      until: at(90),
      targets: [{ id, state: "accepted", expected: both.sha256, expectedSha1: both.sha1 }],
    });
    expect(runs([back], soon).lastRunOf(id, { sha256: both.sha1 })?.job.id).toBe(back.id);
  });
});

describe("a request from a time in the future, as a clock that was ahead wrote it", () => {
  const sent = jobOn({ number: 1, day: 1, certificate: 7, until: at(90), targets: [{ id, state: "accepted" }] });
  const sentAt = start + 24 * 3600_000;
  const isOnItsWay = (now: number) => runs([sent], now).recentOther(id, { sha256: leaf(8) }) !== undefined;

  it("is not on its way until that time has passed", () => {
    expect(isOnItsWay(sentAt - 24 * 3600_000)).toBe(false);
  });

  it("is on its way if the clocks of two machines differ by seconds", () => {
    expect([isOnItsWay(sentAt - 30_000), isOnItsWay(sentAt), isOnItsWay(sentAt + rolloutWithinMs)]).toEqual([
      true,
      true,
      false,
    ]);
  });
});
