import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { struct } from "../../src/catalogue/params.js";
import { readConfiguration } from "../../src/config/command-line.js";
import type { JobTarget } from "../../src/jobs/job.js";
import { PreviousRuns } from "../../src/jobs/previous-runs.js";
import { safe } from "../../src/lib/safe-text.js";
import type { JobTool } from "../../src/pipeline/tool.js";
import { chosenAccount, commandAccounts } from "../../src/setup/accounts.js";
import { deploymentStages } from "../../src/tools/deployment/watch.js";
import { callOnce } from "../../src/unattended/call.js";
import { type Headless, openHeadless } from "../../src/unattended/headless.js";
import { asJson } from "../../src/unattended/report.js";

/** A job that has nothing to send: its targets are in these states already. */
const jobOf = (targets: readonly JobTarget[]): JobTool => ({
  ...deploymentStages,
  name: "some_job",
  title: "Some job",
  summary: "",
  params: struct({}),
  prepare: async () => ({
    question: safe`Deploy?`,
    warnings: [],
    targetPlans: targets.map((target) => ({ target })),
    about: { kind: "deployment", key: "k", certificate },
    earlier: new PreviousRuns({ jobs: [], requests: [], otherAccountJobs: 0, unreadable: [] }, "k", new Date()),
    continueOnFailure: true,
    watchMs: 0,
  }),
});

const certificate = { sha256: "a".repeat(64), names: ["example.com"], notAfter: "2027-01-01T00:00:00Z", source: {} };

const target = (index: number, state: JobTarget["state"]): JobTarget => ({
  id: `alibaba-cdn/d${index}.example.com`,
  name: `CDN domain d${index}.example.com`,
  service: "alibaba-cdn",
  domain: `d${index}.example.com`,
  state,
  says: "What is known of it in a few words more. ".repeat(12),
});

describe("a call from a shell", () => {
  let headless: Headless;
  beforeAll(async () => {
    const env = { HOME: mkdtempSync(join(tmpdir(), "cc-call-")) };
    headless = await openHeadless({
      account: chosenAccount(await commandAccounts(readConfiguration(["--sandbox"], {}), env), undefined),
      accounts: [],
      env,
      asks: "nobody",
      err: { write: () => true },
      stop: new AbortController().signal,
    });
  });
  afterAll(() => headless.close());

  it("has failed if one target has, however many targets come before it", async () => {
    const targets = Array.from({ length: 200 }, (_, index) => target(index, index === 199 ? "failed" : "unchanged"));
    const call = await callOnce(jobOf(targets), {}, headless);
    expect(call.outcome).toBe("failed");
    expect(asJson(call)).toMatchObject({ exit_code: 1, result: { targets: { length: 200 } } });
  });

  it.each([
    ["done", ["served", "unchanged"]],
    ["accepted", ["served", "accepted"]],
    ["failed", ["accepted", "incomplete chain"]],
    ["failed", ["served", "superseded"]],
    ["failed", ["sending", "served"]],
  ] as const)("is %s with targets that are %j", async (outcome, states) => {
    const call = await callOnce(jobOf(states.map((state, index) => target(index, state))), {}, headless);
    expect(call.outcome).toBe(outcome);
  });
});
