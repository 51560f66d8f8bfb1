import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { operations } from "../../src/catalogue/index.js";
import { struct } from "../../src/catalogue/params.js";
import { modifyCertificateAlias } from "../../src/catalogue/tencent-ssl/modify-certificate-alias.js";
import type { Job, JobTarget } from "../../src/jobs/job.js";
import { JobFiles } from "../../src/jobs/job-files.js";
import { Journal } from "../../src/jobs/journal.js";
import { previousRuns } from "../../src/jobs/previous-runs.js";
import { safe } from "../../src/lib/escape-text.js";
import { ToolError } from "../../src/lib/tool-error.js";
import { runJob } from "../../src/pipeline/run-job.js";
import {
  type JobTool,
  type JsonObject,
  jobs,
  type PlannedTarget,
  type Supply,
  type ToolContext,
} from "../../src/pipeline/tool.js";
import { Directories } from "../../src/secrets/references/directories.js";
import { Vault } from "../../src/secrets/vault/vault.js";
import { noStandingApprovals } from "../support/standing-approvals.js";
import { StubEdge } from "../tools/support.js";

const now = () => new Date("2026-04-01T10:00:00Z");
const { signal } = new AbortController();

/** A job that renames certificates, on a cloud that refuses some and a journal of its own. */
class Renaming {
  readonly journal = new Journal(new JobFiles(mkdtempSync(join(tmpdir(), "cc-run-job-"))), now);
  /** What reached the cloud, and what the journal said about all targets then. */
  readonly sent: [alias: unknown, states: string][] = [];
  readonly refused = new Set<unknown>();

  async run(targetPlans: readonly PlannedTarget[], continueOnFailure = false): Promise<JsonObject> {
    const certificate = { sha256: "a".repeat(64), names: ["example.com"], notAfter: "2027-01-01", source: {} };
    const earlier = previousRuns(await this.journal.read(), "key", now());
    const about = { kind: "deployment", key: "key", certificate } as const;
    const tool: JobTool = {
      name: "some_job",
      title: "Some job",
      service: jobs,
      summary: "",
      effect: "create",
      params: struct({}),
      result: z.object({}),
      prepare: async () => {
        return { question: safe`Do it?`, warnings: [], targetPlans, about, earlier, continueOnFailure, watchMs: 0 };
      },
      answered: async ({ turn, step }) => (turn === 0 && step.pollUntilDone ? undefined : { requestId: `r${turn}` }),
      watch: async (job) => ({ job, watched: { why: "", canShowMore: false } }),
      report: ({ id, targets }) => ({ ...(id && { job: id }), states: statesIn(targets) }),
    };
    const approvedCall = {
      planId: "plan",
      carriedOutAs: async () => {},
      carryOut: <Answer>(send: () => Promise<Answer>) => send(),
      end: () => {},
    };
    const caller = { signal, sending: signal, progress: () => {} };
    const call = { params: {}, account: "", redactor: { redact: String }, approval: undefined, caller };
    const deps = {
      gate: { approve: async () => approvedCall },
      cloud: {
        exclusionOf: () => undefined,
        accountOf: () => "",
        send: async (_operation: unknown, { Alias }: JsonObject) => {
          const [job] = await this.journal.list();
          this.sent.push([Alias, statesIn(job?.targets ?? [])]);
          if (this.refused.has(Alias)) throw refusal;
          return { ok: true as const, requestId: "r", result: { CertificateId: "new12345" } };
        },
      },
      operations,
      now,
      read: async () => ({}),
      addSecrets: () => {},
      report: () => {},
      storeReplySecrets: (_operation: unknown, result: JsonObject) => ({ result, notes: [] }),
    };
    const context: ToolContext = {
      vault: new Vault(),
      directories: new Directories([]),
      read: deps.read,
      readSince: async () => ({ reply: {}, readAt: 0 }),
      exclusionOf: () => undefined,
      resolve: async () => "",
      redacted: String,
      sources: new Map(),
      services: new Set(),
      huaweiProjectId: undefined,
      now,
      nonce: "0123abcd",
      tlsCheck: new StubEdge(),
      journal: this.journal,
      standingApprovals: noStandingApprovals(),
      accountOf: () => "",
      sawServed: async () => {},
      signal,
      progress: () => {},
      onItsWay: () => {},
      pause: async () => {},
      timeLeft: () => 0,
      approval: async () => undefined,
      examineSetup: async () => ({}),
    };
    return runJob(tool, call, deps, context);
  }

  async newest(): Promise<Job | undefined> {
    return (await this.journal.list())[0];
  }
}

const refusal = new ToolError({ kind: "cloud", happened: "No.", changed: "no", sent: true, next: "Ask." });
const statesIn = (targets: readonly JobTarget[]) => targets.map(({ state }) => state).join();

function renamed(alias: string, more: Partial<PlannedTarget> = {}, CertificateId = "abcd1234"): PlannedTarget {
  const step = {
    name: `Rename to ${alias}`,
    operation: modifyCertificateAlias,
    params: { CertificateId, Alias: alias },
  };
  return { target: { id: alias, service: "alibaba-cdn", name: alias, state: "pending" }, step, ...more };
}

describe("a job", () => {
  it("is in the journal before each step is sent, and after its reply", async () => {
    const job = new Renaming();
    expect(await job.run([renamed("one"), renamed("two")])).toMatchObject({ states: "accepted,accepted" });
    expect(job.sent).toEqual([
      ["one", "sending,pending"],
      ["two", "accepted,sending"],
    ]);
    expect(await job.newest()).toMatchObject({ endedAt: now().toISOString(), targets: [{ requestId: "r0" }, {}] });
    expect((await job.newest())?.owner).toBeUndefined();
  });

  it.each([
    [false, "failed,not attempted"],
    [true, "failed,accepted"],
  ])("that goes on after a failure: %s", async (goesOn, states) => {
    const job = new Renaming();
    job.refused.add("one");
    expect(await job.run([renamed("one"), renamed("two")], goesOn)).toMatchObject({ states });
  });

  it("of which nothing is to be sent leaves no trace", async () => {
    const job = new Renaming();
    const [target] = [renamed("one").target];
    expect(await job.run([{ target: { ...target, state: "unchanged" } }])).toEqual({ states: "unchanged" });
    expect(await job.newest()).toBeUndefined();
  });

  it("sends a step again that is not done yet", async () => {
    const job = new Renaming();
    const { target, step } = renamed("one");
    await job.run([{ target, ...(step && { step: { ...step, pollUntilDone: true } }) }]);
    expect(job.sent).toHaveLength(2);
    expect(await job.newest()).toMatchObject({ targets: [{ requestId: "r1" }] });
  });
});

describe("what other steps need", () => {
  const supplyOf = (first: boolean): Supply => ({
    step: { name: "Supply", operation: modifyCertificateAlias, params: { CertificateId: "wxyz9876", Alias: "supply" } },
    first,
    read: async ({ CertificateId }) => ({
      placeholders: new Map([["NEW", String(CertificateId)]]),
      certificateId: String(CertificateId),
    }),
  });
  const both = (supply: Supply) => [renamed("one", { supply }, "abcd1234"), renamed("two", { supply }, "abcd1234")];

  it("is asked for once, with the first target that needs it; its id is in the journal", async () => {
    const job = new Renaming();
    await job.run(both(supplyOf(false)));
    expect(job.sent.map(([alias]) => alias)).toEqual(["supply", "one", "two"]);
    expect(job.sent[0]).toEqual(["supply", "pending,pending"]);
    expect(await job.newest()).toMatchObject({ certificate: { certificateId: "new12345" } });
  });

  it("and fails is a failure of each of them, asked for once", async () => {
    const job = new Renaming();
    job.refused.add("supply");
    expect(await job.run(both(supplyOf(false)), true)).toMatchObject({ states: "failed,failed" });
    expect(job.sent).toHaveLength(1);
  });

  it("and comes first ends the job where it fails: no target is touched, no job is made", async () => {
    const job = new Renaming();
    job.refused.add("supply");
    await expect(job.run(both(supplyOf(true)))).rejects.toThrow("No.");
    expect([job.sent.length, await job.newest()]).toEqual([1, undefined]);
  });
});
