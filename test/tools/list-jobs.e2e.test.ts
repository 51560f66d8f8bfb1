import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { type Assistant, reads } from "../support/assistant.js";
import { Company } from "../support/company.js";

/* "Who approved this?" and "why was it refused?" are answered, or it is said who knows. */

let company: Company;
let assistant: Assistant;
let approves = true;

beforeAll(async () => {
  company = await Company.open({ speed: 100_000 });
  const person = reads(() => ({ action: "accept", content: { approve: approves } }));
  assistant = await company.assistant(["--approve", "elicit"], { person });
});
afterAll(() => Promise.all([assistant.close(), company.close()]));

const listed = z.object({
  jobs: z.array(z.object({ approvals: z.array(z.record(z.unknown())).optional() })),
  not_listed: z.string().optional(),
  approved_by: z.string().optional(),
});
const list = async (args: Record<string, unknown> = {}) => listed.parse(await assistant.result("list_jobs", args));
const off = (domain: string) => ({ domains: [domain], wait_seconds: 0 });

it("names where the rest is after a plan was declined: that is no job", async () => {
  approves = false;
  expect(await assistant.failure("turn_off_https", off("img.example.com"))).toContain("did not approve it");
  const { jobs, not_listed } = await list();
  expect(jobs).toEqual([]);
  expect(not_listed).toMatch(/declined, not answered in time, .*audit log.*`node \S*cli\.js audit show`/s);
  expect((await list({ job: "0badc0de" })).not_listed).toBe(not_listed);
});

it("shows of a job who approved it, how and when, as the audit log has it", async () => {
  approves = true;
  const { job } = z.object({ job: z.string() }).parse(await assistant.result("turn_off_https", off("app.example.com")));
  expect((await list()).approved_by).toContain("list_jobs with job");
  const [row] = (await list({ job })).jobs;
  expect(row?.approvals).toEqual([
    {
      plan: expect.stringMatching(/^[0-9a-f]{8}$/),
      approved_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      approved_with: "the form of the client",
      by: expect.stringContaining("nobody logs in"),
    },
  ]);
});

it("says that there is no standing approval", async () => {
  expect(await assistant.result("list_standing_approvals")).toMatchObject({ says: expect.stringContaining("none") });
});
