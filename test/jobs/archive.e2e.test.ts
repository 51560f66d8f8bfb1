import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { JobFiles } from "../../src/jobs/job-files.js";
import { Journal } from "../../src/jobs/journal.js";
import { wide } from "../support/width.js";
import { day, folderWith, renewals, start } from "./support.js";

const built = (name: string) => pathToFileURL(resolve(`build/src/jobs/${name}.js`)).href;
const later = start + 900 * day;

/** Archives whatever it can, an hour of its clock after the other, and says each time that it goes on. */
const program = (folder: string) => `
  import { JobFiles } from ${JSON.stringify(built("job-files"))};
  import { Journal } from ${JSON.stringify(built("journal"))};
  let now = ${later};
  const journal = new Journal(new JobFiles(${JSON.stringify(folder)}), () => new Date(now));
  for (;;) {
    await journal.archiveOld();
    now += 3600000;
    console.log("on");
    if ((await journal.list()).length === 0) break;
  }`;

const begin = (folder: string) =>
  spawn(process.execPath, ["--input-type=module", "-e", program(folder)], { stdio: ["ignore", "pipe", "inherit"] });

it("three processes that archive at the same time and are killed at any moment lose no job", wide, async () => {
  const jobs = ["a", "b", "c"].flatMap((name) =>
    renewals(40, `${name}.example.com`).map((job) => ({
      ...job,
      id: `${name}${job.id.slice(1)}`,
      key: `${name}${job.key.slice(1)}`,
    })),
  );
  const folder = folderWith(jobs);
  const journal = new Journal(new JobFiles(folder), () => new Date(later));
  const archived = () => journal.archived().then(({ count }) => count);
  // Killed once so many more jobs are archived, which is in the midst of the work.
  for (const more of [1, 20, 30]) {
    const until = (await archived()) + more;
    const processes = [begin(folder), begin(folder), begin(folder)];
    const ended = processes.map((each) => once(each, "exit"));
    while ((await archived()) < Math.min(until, jobs.length)) await new Promise(setImmediate);
    for (const each of processes) each.kill("SIGKILL");
    await Promise.all(ended);
    for (const job of jobs) expect(await journal.find(job.id), job.id).toEqual(job);
    expect((await journal.list()).length + (await archived())).toBe(jobs.length);
  }
  // What they held is free again, and the rest goes, too.
  const [code] = await once(begin(folder), "exit");
  expect(code).toBe(0);
  expect(await archived()).toBe(jobs.length);
  for (const job of jobs) expect(await journal.find(job.id), job.id).toEqual(job);
  expect(readdirSync(join(folder)).filter((name) => name.endsWith(".json"))).toEqual([]);
});
