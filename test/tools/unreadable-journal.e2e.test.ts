import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Assistant, approving } from "../support/assistant.js";
import { Company, referring, report } from "../support/company.js";

/* What is in the journal and cannot be read was done all the same. */

let company: Company;
let assistant: Assistant;
const questions: string[] = [];
const folder = () => join(company.home, ".local", "state", "cloudcert-mcp", "jobs");
const targets = [{ service: "alibaba-cdn", domains: ["img.example.com"] }];
let job = "";

beforeAll(async () => {
  company = await Company.open({ speed: 100_000 });
  const person = approving(questions);
  assistant = await company.assistant(["--approve", "elicit"], { person });
  const next = await company.issue("next");
  ({ job = "" } = report.parse(await assistant.result("deploy_certificate", { ...referring(next), targets })));
});
afterAll(async () => {
  await assistant.close();
  await company.close();
});

const listed = z.object({ jobs: z.array(z.unknown()), unreadable: z.string().optional(), says: z.string().optional() });

describe("a job whose file is damaged", () => {
  const path = () => join(folder(), `${job}.json`);
  beforeAll(async () => {
    await rename(path(), `${path()}.kept`);
    await writeFile(path(), "{");
    return () => rename(`${path()}.kept`, path());
  });

  it("is not said to be absent", async () => {
    const told = listed.parse(await assistant.result("list_jobs"));
    expect(told.unreadable).toContain(`1 record of the journal could not be read: ${path()}`);
    expect(told.says).toBe("None that could be read; whether there are others is not known.");
    const wait = { what: "deployment", id: job, timeout_seconds: 1 };
    for (const failure of [
      await assistant.failure("list_jobs", { job }),
      await assistant.failure("wait_for", wait),
      await assistant.failure("roll_back", { job }),
    ]) {
      expect(failure).toContain(`What job ${job} did is not known. 1 record of the journal could not be read`);
      expect(failure).toContain("Nothing was changed");
    }
    expect(await assistant.failure("roll_back")).toContain("Which deployment is the newest is not known");
    // No file of this name was damaged: it is not there.
    const absent = listed.parse(await assistant.result("list_jobs", { job: "0badc0de" }));
    expect(absent).toMatchObject({ jobs: [], says: "No job 0badc0de of this account and endpoint." });
  });

  it("stands in the plan of every change to what is served, and keeps certificates from being deleted", async () => {
    const other = await company.issue("other");
    questions.length = 0;
    const done = company.done().length;
    await assistant.result("deploy_certificate", { ...referring(other), targets });
    expect(questions).toEqual([expect.stringMatching(/1 record of the journal could not be read: .*sent again/)]);
    expect(company.done()).toHaveLength(done + 1);
    expect(await assistant.failure("delete_unused_certificates")).toContain(
      "Whether a certificate is still being deployed is not known",
    );
  });

  it("is named by check_setup", async () => {
    const lines = z.object({ verdict: z.string(), lines: z.array(z.object({ check: z.string(), says: z.string() })) });
    const told = lines.parse(await assistant.result("check_setup"));
    expect(told.verdict).toBe("failure");
    expect(told.lines.map(({ says }) => says)).toContainEqual(expect.stringContaining(path()));
  });
});

it("list_jobs of a month has the jobs that are not archived, too, and says where single operations are", async () => {
  const month = new Date().toISOString().slice(0, 7);
  const told = await assistant.result("list_jobs", { month });
  expect(
    z
      .object({ jobs: z.array(z.object({ job: z.string() })) })
      .parse(told)
      .jobs.map((each) => each.job),
  ).toContain(job);
  expect(JSON.stringify(told)).toContain("cli.js audit show");
  expect(listed.parse(await assistant.result("list_jobs", { month: "2019-01" })).says).toBe(
    "No job of this account and endpoint that began in 2019-01.",
  );
});

it.each([
  ["November 2026", "2026-11"],
  ["nov. 2026", "2026-11"],
  ["2026/11", "2026-11"],
  ["2026-1", "2026-01"],
  ["11/2026", "2026-11"],
  ["2026年1月", "2026-01"],
  ["202611", "2026-11"],
  ["2026-13", undefined],
  ["2026-11-30", undefined],
  ["last month", undefined],
])("list_jobs refuses a month in another form instead of saying that there are no jobs: %s", async (month, meant) => {
  const told = await assistant.failure("list_jobs", { month });
  expect(told).toContain("is not a month in the form YYYY-MM");
  expect(told).toContain(meant === undefined ? 'as in "2026-11"' : `Write "${meant}"`);
});
