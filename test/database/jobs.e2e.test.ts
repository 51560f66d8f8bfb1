import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { Job } from "../../src/jobs/job.js";
import { isWorkedOn, Journal } from "../../src/jobs/journal.js";
import type { SeenServed } from "../../src/jobs/sightings.js";
import { sha256Hex } from "../../src/lib/sha256.js";
import { account, at, day, renewals, start } from "../jobs/support.js";
import { until } from "../support/company.js";
import { postgresBin, usePostgres } from "../support/postgres.js";
import { wide } from "../support/width.js";
import { kinds, placeIn, type StatePlace } from "./support.js";

const server = usePostgres();

let place: StatePlace | undefined;
afterEach(async () => {
  await place?.close();
  place = undefined;
});

/** The journals of so many servers, and their stores, after so many days. */
async function servers(kind: (typeof kinds)[number], count: number, days = 0) {
  const opened = await placeIn(kind, server);
  place = opened;
  const clock = { days };
  const stores = await Promise.all(
    Array.from({ length: count }, async () => (await opened.open()).jobsIn(opened.folder)),
  );
  const all = stores.map((store) => new Journal(store, () => new Date(start + clock.days * day)));
  const [first] = all;
  const [store] = stores;
  if (first === undefined || store === undefined) throw new Error("none");
  return { first, all, stores, store, clock };
}

const ids = (jobs: readonly Job[] = []) => jobs.map(({ id }) => id);

const given: Parameters<Journal["open"]>[0] = {
  kind: "deployment",
  key: "a".repeat(64),
  certificate: { sha256: "b".repeat(64), names: ["a.example.com"], notAfter: at(90), source: {} },
  targets: [{ id: "cdn a", service: "alibaba-cdn", account, name: "CDN domain a", state: "pending" }],
};

function seenAt(days: number, content: string): SeenServed {
  const der = Buffer.from(content);
  const digest = sha256Hex(der);
  const look = {
    at: at(days),
    job: "0000000a",
    target: "CDN domain a",
    domain: "a.example.com",
    when: "after" as const,
    expected: digest,
    addresses: [{ address: "192.0.2.1", served: [{ chain: [digest] as [string], clients: ["all"] }] }],
  };
  return { sighting: look, certificates: new Map([[digest, der]]) };
}

describe.each(kinds)("the journal in %s", (kind) => {
  it("has what one server wrote for every other", async () => {
    const { first, all } = await servers(kind, 2);
    const claim = await first.claim(given.key);
    const opened = await first.open(given);
    expect(await all[1]?.find(opened.id)).toEqual(opened);
    expect(ids(await all[1]?.list())).toEqual([opened.id]);
    const [target] = opened.targets;
    if (target === undefined) throw new Error("no target");
    await first.save({ ...opened, targets: [{ ...target, state: "sending" }] });
    expect((await all[1]?.find(opened.id))?.targets).toMatchObject([{ state: "sending" }]);
    await claim.release();
    await all[1]?.remove(opened.id);
    expect(await first.list()).toEqual([]);
    for (const id of ["00000000", "..", "' OR 1=1 --"]) expect(await first.find(id)).toBeUndefined();
  });

  it("gives no job the id of another one, archived or not, or opened at the same moment", async () => {
    const { stores, store } = await servers(kind, 2, 30);
    const [old] = renewals(1);
    if (old === undefined) throw new Error("no job");
    const drawing = (...drawn: readonly string[]) => {
      const left = [...drawn];
      return { newId: () => left.shift() ?? "ffffffff" };
    };
    await store.write(old);
    for (const job of (await store.all()).jobs) expect(await store.archive(job)).toBe(true);
    const now = () => new Date(start + 30 * day);
    const first = new Journal(store, now, drawing(old.id, "0000000a"));
    const opened = await first.open(given);
    expect(opened.id).toBe("0000000a");
    const later = { ...given, key: "c".repeat(64) };
    const both = await Promise.all(
      stores.map((each) => new Journal(each, now, drawing("0000000a", "0000000b", "0000000c")).open(later)),
    );
    expect(ids(both).sort()).toEqual(["0000000b", "0000000c"]);
    expect((await first.find(opened.id))?.key).toBe(given.key);
    expect(await first.find(old.id)).toEqual(old);
    const stuck = new Journal(store, now, { newId: () => "0000000a" });
    await expect(stuck.open(later)).rejects.toThrow("The journal has a job for each of 8 ids that were drawn.");
  });

  it("lets one server at a time work on a job", async () => {
    const { first, all } = await servers(kind, 2);
    const claim = await first.claim(given.key);
    const opened = await first.open(given);
    expect(isWorkedOn((await all[1]?.find(opened.id)) ?? {})).toBe(true);
    const second = all[1]?.claim(given.key);
    expect(claim.isHeld()).toBe(true);
    await claim.release();
    const taken = await second;
    expect(taken?.isHeld()).toBe(true);
    await taken?.release();
  });

  it.each([
    ["another machine, or another name of this one", { pid: process.pid, host: "elsewhere" }],
    ["a process id that another has now", { pid: process.pid, host: hostname() }],
  ])("is worked on by nobody once its process is gone: %s", async (_, owner) => {
    const { first, store } = await servers(kind, 1, 300);
    const [left] = renewals(1);
    if (left === undefined) throw new Error("no job");
    await store.write({ ...left, owner });
    expect(isWorkedOn((await first.find(left.id)) ?? {})).toBe(false);
    await first.archiveOld();
    expect(await first.list()).toEqual([]);
    expect(isWorkedOn((await first.find(left.id)) ?? {})).toBe(false);
  });

  it("says of what it has and cannot read, as after a downgrade, that it could not be read", async () => {
    const { first, store } = await servers(kind, 1, 300);
    const [left] = renewals(1);
    if (left === undefined) throw new Error("no job");
    await store.write(Object.assign({ ...left }, { kind: "redeployment" }));
    const what = expect.stringMatching(`${left.id}.*\\(kind is not as this version writes it\\)`);
    expect((await first.read()).unreadable).toEqual([{ id: left.id, what }]);
    await expect(first.find(left.id)).rejects.toThrow(`What job ${left.id} did is not known`);
    await store.write(left);
    expect((await first.read()).unreadable).toEqual([]);
    await first.remove(left.id);
  });

  it("does what is done alone once at a time for an account", async () => {
    const { all } = await servers(kind, 3);
    let at = 0;
    const done = await Promise.all(
      all.map((journal) =>
        journal.exclusively("renewal", async () => {
          at += 1;
          expect(at).toBe(1);
          await journal.list();
          at -= 1;
          return "done";
        }),
      ),
    );
    expect(done).toEqual(["done", "done", "done"]);
  });

  it("puts away what nothing needs any more, and finds it by id and by month", wide, async () => {
    const { first, all, store } = await servers(kind, 2, 80);
    const jobs = renewals(20);
    for (const job of jobs) await store.write(job);
    await first.archiveOld();
    expect(ids(await all[1]?.list())).toEqual(ids(jobs.slice(19)));
    expect(await all[1]?.archived()).toEqual({ count: 19, months: ["2026-04", "2026-05", "2026-06"] });
    const inApril = jobs.filter(({ startedAt }) => startedAt.startsWith("2026-04")).reverse();
    expect((await all[1]?.archivedIn("2026-04"))?.jobs).toEqual(inApril);
    for (const month of ["2025-01", "..", ""]) expect((await first.archivedIn(month)).jobs).toEqual([]);
    for (const job of jobs) expect(await all[1]?.find(job.id)).toEqual(job);
  });

  it("has a job that is written again after it was put away once, as written last", async () => {
    const { first, store } = await servers(kind, 1, 300);
    const [job] = renewals(1);
    if (job === undefined) throw new Error("no job");
    await store.write(job);
    await first.archiveOld();
    expect(await first.list()).toEqual([]);
    await store.write({ ...job, changedAt: at(301) });
    expect(await first.find(job.id)).toMatchObject({ changedAt: at(301) });
    expect(ids(await first.list())).toEqual([job.id]);
  });

  it("keeps each look at what is served, with its certificates, also when the job is put away", async () => {
    const { first, all, store } = await servers(kind, 2, 300);
    const [before] = renewals(1);
    if (before === undefined) throw new Error("no job");
    const job = { ...before, id: "0000000a" };
    await store.write(job);
    const seen = [seenAt(1, "one"), seenAt(2, "two"), seenAt(3, "one")];
    expect(await first.sightings.add(job.id, seen.slice(0, 2))).toBe(true);
    await first.archiveOld();
    expect(await all[1]?.sightings.add(job.id, seen.slice(2))).toBe(true);
    const kept = await all[1]?.sightings.of(job.id);
    expect(kept?.sightings).toEqual(seen.map(({ sighting: look }) => look));
    expect([...(kept?.certificates.values() ?? [])].map(String).toSorted()).toEqual(["one", "two"]);
    expect(await first.sightings.of("0000000b")).toEqual({ sightings: [], certificates: new Map() });
  });

  it("has sightings only until a job has too many", wide, async () => {
    const { first } = await servers(kind, 1);
    const large = seenAt(1, "x".repeat(8_100_000));
    expect(await first.sightings.add("0000000a", [large])).toBe(true);
    expect(await first.sightings.add("0000000a", [seenAt(2, "two")])).toBe(false);
    expect((await first.sightings.of("0000000a")).sightings).toHaveLength(1);
  });
});

it("a job that cannot be claimed on disk is not begun, and the reason is no defect of the program", async () => {
  const { first } = await servers("files", 1);
  const lock = join(place?.folder ?? "", `${given.key.slice(0, 16)}.lock`);
  mkdirSync(dirname(lock), { recursive: true });
  writeFileSync(lock, "");
  utimesSync(lock, 1, 1);
  await expect(first.claim(given.key)).rejects.toMatchObject({
    details: { kind: "configuration", changed: "no", happened: expect.stringContaining("cannot be kept in") },
  });
});

describe.skipIf(postgresBin === undefined)("what a server changed without a job", () => {
  it("is noticed by the others, which then look anew", async () => {
    const { first, all } = await servers("PostgreSQL", 2);
    const before = Date.now() - 60_000;
    expect(await all[1]?.changedSince(before)).toBe(false);
    await first.noteChange();
    expect(await all[1]?.changedSince(before)).toBe(true);
    expect(await all[1]?.changedSince(Date.now() + 60_000)).toBe(false);
  });
});

describe.each(kinds)("a server whose claim has lapsed, in %s", (kind) => {
  const lapse = async () => {
    if (kind === "PostgreSQL")
      await server().query("UPDATE cloudcert.lease SET expires_at = now() - interval '1 second'", place?.url);
    else utimesSync(join(place?.folder ?? "", `${given.key.slice(0, 16)}.lock`), 1, 1);
  };

  it("works on nothing in the eyes of others, writes nothing more, and is told so", async () => {
    const { first, all } = await servers(kind, 2);
    const claim = await first.claim(given.key);
    const opened = await first.open(given);
    await lapse();
    expect(isWorkedOn((await all[1]?.find(opened.id)) ?? {})).toBe(false);
    const taken = await all[1]?.claim(given.key);
    await until(async () => !claim.isHeld());
    await expect(first.save({ ...opened, stopped: "by nobody" })).rejects.toThrow("Another process works on this job");
    expect(await all[1]?.find(opened.id)).not.toMatchObject({ stopped: "by nobody" });
    // Giving back what it no longer has takes nothing from the other.
    await claim.release();
    expect(taken?.isHeld()).toBe(true);
    await all[1]?.save({ ...opened, stopped: "by the second" });
    await taken?.release();
    await first.save({ ...opened, stopped: "by the first" });
  });

  it.runIf(kind === "PostgreSQL")("goes on if nobody took it meanwhile", async () => {
    const { first } = await servers(kind, 1);
    const claim = await first.claim(given.key);
    const opened = await first.open(given);
    await lapse();
    expect(await first.save({ ...opened, stopped: "not at all" })).toMatchObject({ stopped: "not at all" });
    await claim.release();
  });
});
