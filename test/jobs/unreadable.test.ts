import { existsSync } from "node:fs";
import { readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { JobFiles } from "../../src/jobs/job-files.js";
import { Journal } from "../../src/jobs/journal.js";
import { day, folderWith, renewals, start } from "./support.js";

/** A link to itself is there and cannot be read, not even by root, whom no mode keeps from reading. */
async function makeUnreadable(path: string): Promise<void> {
  await rm(path, { recursive: true });
  await symlink(path, path);
}

const journalAt = (folder: string, days = 20) => new Journal(new JobFiles(folder), () => new Date(start + days * day));
const failureOf = (failing: Promise<unknown>) => failing.then(String, String);

const [id = "", other = ""] = renewals(2).map((job) => job.id);
const first = (folder: string) => join(folder, `${id}.json`);

const damages: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  "the system does not let us read": makeUnreadable,
  "is cut short": async (path) => writeFile(path, (await readFile(path)).subarray(0, 100)),
  "is empty": (path) => writeFile(path, ""),
  "has a kind that this version does not know": async (path) =>
    writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, "utf8")), kind: "redeployment" })),
};

describe.each(Object.entries(damages))("a job whose file %s", (_, damage) => {
  it("is counted as one that could not be read, and nobody is told that it does not exist", async () => {
    const folder = folderWith(renewals(2));
    await damage(first(folder));
    const journal = journalAt(folder);
    const { jobs, unreadable } = await journal.read();
    expect(jobs.map((job) => job.id)).toEqual([other]);
    expect(unreadable).toEqual([{ id, what: expect.stringContaining(first(folder)) }]);
    expect(await failureOf(journal.find(id))).toMatch(/What job 00000000 did is not known\. 1 record of the journal/);
    // What has no file was not damaged.
    expect(await journal.find("0badc0de")).toBeUndefined();
    expect(await journal.changedSince(Date.parse("2027-01-01"))).toBe(true);
  });

  it("keeps the others out of the archive, and is not moved there itself", async () => {
    const folder = folderWith(renewals(5));
    await damage(first(folder));
    const journal = journalAt(folder, 300);
    await journal.archiveOld();
    expect((await journal.archived()).count).toBe(0);
  });
});

it("a journal that cannot be listed is not one without jobs", async () => {
  const folder = folderWith(renewals(2));
  await makeUnreadable(folder);
  const journal = journalAt(folder);
  const { jobs, unreadable } = await journal.read();
  expect([jobs, unreadable]).toEqual([[], [{ what: `${folder} (ELOOP)` }]]);
  expect(await failureOf(journal.find("0badc0de"))).toContain(`The journal could not be read: ${folder} (ELOOP)`);
});

it("a journal without a folder is empty, and so is one below a file, where none can be", async () => {
  const folder = folderWith(renewals(1));
  for (const none of [join(folder, "none"), join(first(folder), "jobs")]) {
    const { jobs, unreadable } = await journalAt(none).read();
    expect([none, jobs, unreadable]).toEqual([none, [], []]);
  }
});

it("a journal whose place a file has is not one without jobs, and nothing can be written there", async () => {
  const folder = folderWith(renewals(1));
  const file = first(folder);
  expect((await journalAt(file).read()).unreadable).toEqual([{ what: `${file} (ENOTDIR)` }]);
  for (const place of [file, join(file, "jobs")])
    await expect(journalAt(place).requireWritable()).rejects.toMatchObject({ details: { changed: "no", sent: false } });
  await journalAt(join(folder, "new", "below")).requireWritable();
  expect(existsSync(join(folder, "new"))).toBe(false);
});

describe("an archive", () => {
  const archived = async () => {
    const folder = folderWith(renewals(5));
    await journalAt(folder, 300).archiveOld();
    return folder;
  };

  it("says which job it has and cannot read", async () => {
    const folder = await archived();
    const path = join(folder, "archive", "2026-04", `${id}.json`);
    await writeFile(path, "{");
    const journal = journalAt(folder, 300);
    const { jobs, unreadable } = await journal.archivedIn("2026-04");
    expect([jobs.length, unreadable]).toEqual([4, [{ id, what: `${path} (damaged or cut short)` }]]);
    expect(await failureOf(journal.find(id))).toContain("What job 00000000 did is not known");
  });

  it("that cannot be listed is not an empty one", async () => {
    const folder = await archived();
    const path = join(folder, "archive");
    await makeUnreadable(path);
    const journal = journalAt(folder, 300);
    expect((await journal.archived()).unreadable).toEqual([{ what: `${path} (ELOOP)` }]);
    expect((await journal.archivedIn("2026-04")).unreadable).toEqual([{ what: `${join(path, "2026-04")} (ELOOP)` }]);
    expect(await failureOf(journal.find(id))).toContain("What job 00000000 did is not known");
  });
});
