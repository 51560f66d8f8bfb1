import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { AuditRecorder } from "../../src/approval/audit-recorder.js";
import { approvalLifetime, maxPause, Timekeeper } from "../../src/approval/deadlines.js";
import { Execution } from "../../src/approval/execution.js";
import { createPermit, type Permit } from "../../src/approval/permit.js";
import { ShownState } from "../../src/approval/shown-state.js";
import { operations } from "../../src/catalogue/index.js";
import { struct } from "../../src/catalogue/params.js";
import { modifyCertificateAlias } from "../../src/catalogue/tencent-ssl/modify-certificate-alias.js";
import { signerChanged } from "../../src/cloud/not-sent-errors.js";
import type { Job, JobTarget } from "../../src/jobs/job.js";
import { JobFiles } from "../../src/jobs/job-files.js";
import { Journal } from "../../src/jobs/journal.js";
import { PreviousRuns } from "../../src/jobs/previous-runs.js";
import type { JsonObject } from "../../src/lib/json.js";
import { safe } from "../../src/lib/safe-text.js";
import {
  cancelledCall,
  LapsedApprovalError,
  ToolError,
  UnseenTargetError,
  unapproved,
} from "../../src/lib/tool-error.js";
import { runJob } from "../../src/pipeline/run-job.js";
import {
  type JobTool,
  jobsService,
  type PlannedTarget,
  type ToolContext,
  type Waves,
} from "../../src/pipeline/tool.js";
import { Directories } from "../../src/secrets/references/directories.js";
import { Vault } from "../../src/secrets/vault/vault.js";
import { noStandingApprovals } from "../support/standing-approvals.js";
import { StubEdge } from "../tools/support.js";

export const now = () => new Date("2026-04-01T10:00:00Z");
const { signal } = new AbortController();
export const certificate = { sha256: "a".repeat(64), names: ["example.com"], notAfter: "2027-01-01", source: {} };

/** A journal of a process that may be killed before and after each write. */
class MortalFiles extends JobFiles {
  readonly #pass: () => void;

  constructor(folder: string, pass: () => void) {
    super(folder);
    this.#pass = pass;
  }

  override async write(job: Job): Promise<void> {
    this.#pass();
    await super.write(job);
    this.#pass();
  }
}

/** The permit that a person's approval gives, from now on, and how far the wall clock is ahead. */
export function permitFromNow() {
  const clock = { ahead: 0, unrecorded: new Set<string>() };
  const time = new Timekeeper({ now: () => new Date(now().getTime() + clock.ahead), elapsed: () => 0 });
  const caller = { signal, sending: signal, progress: () => {} };
  const append = async ({ event }: { readonly event: string }) => {
    if (clock.unrecorded.delete(event)) throw new Error("the disk is full");
  };
  const nothing = { rows: [], facts: [] };
  const permit = createPermit({
    call: {
      operation: modifyCertificateAlias,
      params: {},
      account: "",
      signers: { tencent: "" },
      redactor: { redact: String },
      approval: undefined,
      caller,
    },
    pending: { deadline: time.deadline(approvalLifetime) },
    execution: new Execution("change"),
    planId: "plan",
    confirm: async () => {},
    shown: new ShownState(nothing, {
      read: async () => nothing,
      pause: async () => {},
      limit: () => new Promise(() => {}),
    }),
    justRead: time.deadline(0),
    pauseFromNow: (ms = maxPause) => time.deadline(ms),
    audit: new AuditRecorder({ audit: { append }, log: () => {} }),
    end: () => {},
  });
  return { permit, clock };
}

/** A job that renames certificates, on a cloud that refuses some and a journal of its own. */
export class Renaming {
  readonly folder = join(mkdtempSync(join(tmpdir(), "cc-run-job-")), "jobs");
  /** What happens once a request has arrived. */
  onSent: () => void = () => {};
  #written = 0;
  /** Time passes only for what is written. */
  readonly journal = new Journal(
    new MortalFiles(this.folder, () => this.#pass()),
    () => new Date(now().getTime() + this.#written++),
  );
  /** How many moments, before or after a write or a request, the process still lives. */
  lives = Number.POSITIVE_INFINITY;

  #pass(): void {
    if (this.lives <= 0) throw new Error("killed");
    this.lives -= 1;
  }
  /** What reached the cloud, and what the journal said about all targets then. */
  readonly sent: [alias: unknown, states: string][] = [];
  readonly refused = new Set<unknown>();
  /** Requests with these aliases get no answer. */
  readonly unanswered = new Set<unknown>();
  /** Before requests with these aliases the key is another one than the plan showed. */
  readonly rotated = new Set<unknown>();
  /** Whether the key is another one than the plan showed, at each look whether it is; false once none is left. */
  exchanged: boolean[] = [];
  /** What a look at the target finds after a request without an answer. */
  found: Partial<JobTarget> | undefined;
  /** Before requests with these aliases the call is cancelled. */
  readonly cancelled = new Set<unknown>();
  /** Before requests with these aliases something is found there that the plan did not show. */
  readonly changed = new Set<unknown>();
  /** Before requests with these aliases nothing can be seen there. */
  readonly unseen = new Set<unknown>();
  /** How many requests had been sent each time when the time until the next began anew. */
  readonly renewed: number[] = [];
  /** What happens before each target. */
  onProgress: () => void = () => {};
  /** The permit of the gate, in place of one that allows everything. */
  permit: Permit | undefined;
  /** What happens while a person is asked. */
  meanwhile: () => Promise<unknown> = async () => {};

  /** The job as an earlier run left it. */
  async left(...targets: readonly JobTarget[]): Promise<Job> {
    const { owner: _, ...job } = await this.journal.open({
      kind: "deployment",
      key: "key",
      certificate,
      plans: ["earlier"],
      endedAt: now().toISOString(),
      targets: [...targets],
    });
    return this.journal.save(job);
  }

  async run(targetPlans: readonly PlannedTarget[], continueOnFailure = false, waves?: Waves): Promise<JsonObject> {
    const earlier = new PreviousRuns(await this.journal.read(), "key", now());
    const about = { kind: "deployment", key: "key", certificate } as const;
    const tool: JobTool = {
      name: "some_job",
      title: "Some job",
      service: jobsService,
      summary: "",
      effect: "create",
      params: struct({}),
      result: z.object({}),
      prepare: async () => {
        const asked = { question: safe`Do it?`, warnings: [], about, earlier };
        return { ...asked, targetPlans, continueOnFailure, waves, watchMs: 0, verifyApplied: async () => this.found };
      },
      interpretReply: async ({ attempt, step }) =>
        attempt === 0 && step.pollUntilDone ? undefined : { requestId: `r${attempt}` },
      watch: async (job) => ({ job, watched: { why: "", canShowMore: false } }),
      report: ({ id, targets, stopped }) => ({ ...(id && { job: id }), states: statesIn(targets), stopped }),
    };
    const permit = {
      planId: "plan",
      recordJob: async () => {},
      signerFor: () => "",
      execute: <Answer>(send: () => Promise<Answer>) => send(),
      recordVerified: async () => {},
      requireCurrent: async ({ name }: { readonly name: string }) => {
        if ([...this.changed].some((alias) => name.startsWith(`Rename to ${alias},`)))
          throw new LapsedApprovalError(unapproved("It has changed since the plan was made.", "Call again.").details);
        if ([...this.unseen].some((alias) => name.startsWith(`Rename to ${alias},`)))
          throw new UnseenTargetError(unapproved("It could not be looked at.", "Call again.").details);
      },
      renew: () => void this.renewed.push(this.sent.length),
      end: () => {},
    };
    const caller = { signal, sending: signal, progress: () => {} };
    const call = { params: {}, account: "", redactor: { redact: String }, approval: undefined, caller };
    const deps = {
      gate: {
        approve: async () => {
          await this.meanwhile();
          return this.permit ?? permit;
        },
      },
      cloud: {
        exclusionOf: () => undefined,
        signersFor: () => ({}),
        signerChange: ({ name }: { readonly name: string }) => {
          const isOther = this.exchanged.shift() ?? false;
          return isOther ? signerChanged(name, "tencent") : undefined;
        },
        sendApproved: async (_operation: unknown, { Alias }: JsonObject) => {
          const [job] = await this.journal.list();
          this.#pass();
          if (this.rotated.has(Alias)) throw signerChanged("ModifyCertificateAlias", "tencent");
          if (this.cancelled.has(Alias)) throw cancelledCall("Cancelled.", { sent: false });
          this.sent.push([Alias, statesIn(job?.targets ?? [])]);
          this.#pass();
          this.onSent();
          if (this.refused.has(Alias)) throw refusal;
          if (this.unanswered.has(Alias)) throw silence;
          return { ok: true as const, requestId: "r", result: { CertificateId: "new12345" } };
        },
      },
      operations,
      now,
      read: async () => ({}),
      addSecrets: () => {},
      report: () => {},
      tlsCheck: { roots: [] },
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
      otherAccounts: [],
      huaweiProjectId: undefined,
      now,
      elapsed: () => 0,
      nonce: "0123abcd",
      tlsCheck: new StubEdge(),
      journal: this.journal,
      standingApprovals: noStandingApprovals(),
      decisionsOn: async () => [],
      signers: {},
      recordSightings: async () => {},
      signal,
      progress: () => this.onProgress(),
      recordStage: () => {},
      pause: async () => {},
      timeLeft: () => 0,
      approvalProgress: async () => undefined,
      approvalFor: () => undefined,
      examineSetup: async () => ({}),
    };
    return (await runJob(tool, call, deps, context)).report;
  }

  async newest(): Promise<Job | undefined> {
    return (await this.journal.list())[0];
  }
}

const refusal = new ToolError({ kind: "cloud", happened: "No.", changed: "no", sent: true, next: "Ask." });
const silence = new ToolError({ kind: "cloud", happened: "Silence.", changed: "unknown", sent: true, next: "Look." });
export const statesIn = (targets: readonly JobTarget[]) => targets.map(({ state }) => state).join();

export function renamed(alias: string, more: Partial<PlannedTarget> = {}, CertificateId = "abcd1234"): PlannedTarget {
  const step = {
    name: `Rename to ${alias}`,
    operation: modifyCertificateAlias,
    params: { CertificateId, Alias: alias },
  };
  return { target: { id: alias, service: "alibaba-cdn", name: alias, state: "pending" }, step, ...more };
}
