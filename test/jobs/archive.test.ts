import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { basename, dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { Job } from "../../src/jobs/job.js";
import { JobFiles } from "../../src/jobs/job-files.js";
import { Journal } from "../../src/jobs/journal.js";
import { runs } from "../support/width.js";
import { at, day, folderWith, jobOn, renewals, replaced, start } from "./support.js";

const { readFile, rename, mkdir } = fs;
function use(changed: Partial<Pick<typeof fs, "readFile" | "rename" | "mkdir">>): void {
  Object.assign(fs, changed);
  syncBuiltinESMExports();
}
afterEach(() => use({ readFile, rename, mkdir }));

const journalAt = (folder: string, days: number) =>
  new Journal(new JobFiles(folder), () => new Date(start + days * day));
/** A clock that can be set, in days after the start. */
function settable(folder: string, days: number) {
  const clock = { days };
  return { clock, journal: new Journal(new JobFiles(folder), () => new Date(start + clock.days * day)) };
}
const ids = (jobs: readonly Job[]) => jobs.map(({ id }) => id);

async function expectAllFound(jobs: readonly Job[], folder: string, days: number): Promise<void> {
  const journal = journalAt(folder, days);
  for (const job of jobs) expect(await journal.find(job.id)).toEqual(job);
  expect((await journal.list()).length + (await journal.archived()).count).toBe(jobs.length);
}

describe("archived jobs", () => {
  it("are out of the list, and found by their ids and by their months", async () => {
    const jobs = renewals(20);
    const folder = folderWith(jobs);
    const journal = journalAt(folder, 80);
    expect(await journal.archived()).toEqual({ count: 0, months: [] });
    await journal.archiveOld();
    expect(ids(await journal.list())).toEqual(ids(jobs.slice(19)));
    expect(await journal.archived()).toEqual({ count: 19, months: ["2026-04", "2026-05", "2026-06"] });
    const inApril = jobs.filter(({ startedAt }) => startedAt.startsWith("2026-04")).reverse();
    expect((await journal.archivedIn("2026-04")).jobs).toEqual(inApril);
    for (const month of ["2025-01", "..", "2026-04/..", ""]) expect((await journal.archivedIn(month)).jobs).toEqual([]);
    await expectAllFound(jobs, folder, 80);
  });

  it("do not keep a new job from being opened where they cannot be read", async () => {
    const folder = folderWith([]);
    // A link to itself: not even root can read through it.
    await fs.symlink(join(folder, "archive"), join(folder, "archive"));
    const {
      id: _,
      startedAt: __,
      changedAt: ___,
      owner: ____,
      ...about
    } = jobOn({ number: 1, day: 0, certificate: 1, until: at(90), targets: [{ id: "a.example.com" }] });
    expect(await journalAt(folder, 1).open(about)).toMatchObject({ key: about.key });
  });

  it("are read by nobody who does not ask for them: a file for each job in the list is read, whatever the archive has", async () => {
    const count = runs(60, 300);
    const folder = folderWith(renewals(count));
    const journal = journalAt(folder, 4 * count);
    await journal.archiveOld();
    expect((await journal.archived()).count).toBe(count - 1);
    const read: string[] = [];
    use({
      readFile: ((path: string, ...more: []) => {
        read.push(path);
        return readFile(path, ...more);
      }) as typeof readFile,
    });
    await journal.list();
    await journal.archived();
    expect(read.map((path) => basename(path))).toEqual([`${(count - 1).toString(16).padStart(8, "0")}.json`]);
  });

  it("stay with their account", async () => {
    const [job] = renewals(1);
    if (job === undefined) throw new Error("no job");
    const folder = folderWith([job]);
    await journalAt(folder, 300).archiveOld();
    const other = new Journal(new JobFiles(folder), () => new Date(start), {
      accountFor: () => ({ credential: "AKID2", endpoint: "cdn.aliyuncs.com" }),
    });
    expect(await other.find(job.id)).toBeUndefined();
    expect((await other.archivedIn("2026-04")).jobs).toEqual([]);
    expect((await other.archived()).count).toBe(1);
  });

  it("that are written again count as written last, also when they are archived again", async () => {
    const [job] = renewals(1);
    if (job === undefined) throw new Error("no job");
    const folder = folderWith([job]);
    const { clock, journal } = settable(folder, 300);
    await journal.archiveOld();
    const saved = await journal.save({ ...job, targets: job.targets.map((each) => ({ ...each, says: "seen again" })) });
    expect(await journal.find(job.id)).toEqual(saved);
    clock.days = 400;
    await journal.archiveOld();
    expect(await journal.list()).toEqual([]);
    expect(await journal.find(job.id)).toEqual(saved);
  });
});

describe("nothing is lost", () => {
  it("when two archive at the same time", async () => {
    const jobs = ["a.example.com", "b.example.com"].flatMap((domain, index) =>
      renewals(30, domain).map((job) => ({
        ...job,
        id: `${index}${job.id.slice(1)}`,
        key: `${index}${job.key.slice(1)}`,
      })),
    );
    const folder = folderWith(jobs);
    await Promise.all([1, 2, 3].map(() => journalAt(folder, 400).archiveOld()));
    await expectAllFound(jobs, folder, 400);
  });

  it("when a process holds the job, or wrote it since it was judged: it stays, and what came later at its targets", async () => {
    const jobs = renewals(5);
    const folder = folderWith(jobs);
    const { clock, journal } = settable(folder, 100);
    const claim = await journal.claim(jobs[1]?.key ?? "");
    await journal.archiveOld();
    expect(ids(await journal.list())).toEqual(ids(jobs.slice(1)).reverse());
    await claim.release();
    // Another writes one of them between the judgement and the move.
    let written = false;
    use({
      readFile: (async (path: string, ...more: []) => {
        if (path.endsWith("00000003.json") && !written) {
          const text = await readFile(path, ...more);
          written = true;
          const [, , , third] = jobs;
          if (third !== undefined) await fs.writeFile(path, JSON.stringify({ ...third, changedAt: at(99) }));
          return text;
        }
        return readFile(path, ...more);
      }) as typeof readFile,
    });
    clock.days += 1;
    await journal.archiveOld();
    expect(ids(await journal.list())).toEqual(ids(jobs.slice(3)).reverse());
  });

  it("when the disk is full or the archive cannot be written, at any file: what stays goes the next time", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), fc.boolean(), async (full, noFolder) => {
        const jobs = renewals(8);
        const folder = folderWith(jobs);
        const { clock, journal } = settable(folder, 300);
        const noSpace = () => Promise.reject(Object.assign(new Error("no space left on device"), { code: "ENOSPC" }));
        let moves = 0;
        use({
          rename: (from, to) =>
            dirname(dirname(String(to))).endsWith("archive") && full[moves++] ? noSpace() : rename(from, to),
          ...(noFolder && {
            mkdir: ((path: string, ...more: []) =>
              path.includes("archive") ? noSpace() : mkdir(path, ...more)) as typeof mkdir,
          }),
        });
        await journal.archiveOld();
        await expectAllFound(jobs, folder, 300);
        // Of each target the oldest go first.
        const stays = ids(await journal.list()).reverse();
        expect(stays).toEqual(ids(jobs.slice(jobs.length - stays.length)));
        use({ rename, mkdir });
        clock.days += 1;
        await journal.archiveOld();
        expect(await journal.list()).toEqual([]);
        await expectAllFound(jobs, folder, 300);
      }),
      { numRuns: runs(8, 20) },
    );
  });

  it("when there are more files than it opens at a time", async () => {
    const jobs = Array.from({ length: runs(300, 3_000) }, (_, number) =>
      jobOn({
        number,
        day: 0,
        certificate: 1,
        until: at(200),
        targets: [{ id: `${number}.example.com`, before: replaced(0, at(100)) }],
      }),
    );
    let open = 0;
    let most = 0;
    const folder = folderWith(jobs);
    use({
      readFile: (async (path: string, ...more: []) => {
        most = Math.max(most, ++open);
        return readFile(path, ...more).finally(() => open--);
      }) as typeof readFile,
    });
    expect(await journalAt(folder, 1).list()).toHaveLength(jobs.length);
    expect(most).toBeLessThanOrEqual(64);
  });
});

it("a folder is looked through once an hour at most", async () => {
  const folder = folderWith([]);
  const { clock, journal } = settable(folder, 300);
  await journal.archiveOld();
  for (const job of renewals(3)) await fs.writeFile(join(folder, `${job.id}.json`), JSON.stringify(job));
  await journal.archiveOld();
  expect((await journal.archived()).count).toBe(0);
  clock.days += 1 / 24;
  await journal.archiveOld();
  expect((await journal.archived()).count).toBe(3);
});
