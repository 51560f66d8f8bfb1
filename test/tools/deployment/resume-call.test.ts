import { describe, expect, it } from "vitest";
import type { Job, JobTarget } from "../../../src/jobs/job.js";
import { deployParams } from "../../../src/tools/deployment/arguments.js";
import { withService } from "../../../src/tools/deployment/find-targets.js";
import { resumeCall } from "../../../src/tools/deployment/resume-call.js";
import { jobKey, targetsOf } from "../../../src/tools/deployment/targets.js";

const context = { huaweiProjectId: "project-1" };
const files = { certificate: "file:/c/new.crt", privateKey: "file:/c/new.key" };
const given = [
  { service: "tencent-ssl", old_certificate_id: "old1", resource_types: ["clb"], regions: ["ap-singapore"] },
  { service: "tencent-edgeone", zone_id: "zone-1", domains: ["a.example.com", "b.example.com"] },
  { service: "alibaba-cdn", domains: ["c.example.com"] },
  { service: "alibaba-vod", domains: ["c.example.com"] },
  { service: "huawei-live", domains: ["d.example.com"], force_redirect: false },
] as const;
const parsed = (args: unknown) => (deployParams.parse(args).targets ?? []).map(withService);
const targets = targetsOf(parsed({ targets: given }), context).map(({ jobTarget }) => jobTarget);

function jobWith(certificate: Partial<Job["certificate"]>, changes: Partial<Job> = {}): Job {
  return {
    id: "0123abcd",
    kind: "deployment",
    startedAt: "2026-04-01T03:00:00Z",
    changedAt: "2026-04-01T03:00:00Z",
    key: "key",
    certificate: {
      sha256: "a".repeat(64),
      names: ["*.example.com"],
      notAfter: "2026-12-31",
      source: {},
      ...certificate,
    },
    targets,
    ...changes,
  };
}
const argumentsOf = (job: Job) => resumeCall(job)?.arguments;

describe("the call that takes a job up", () => {
  it("names the same targets, so that it is known as the same job", () => {
    const { targets: _, ...rest } = deployParams.parse(argumentsOf(jobWith({ source: files })));
    const named = parsed(argumentsOf(jobWith({ source: files })));
    expect(rest).toEqual({ certificate: files.certificate, private_key: files.privateKey });
    expect(named).toHaveLength(given.length);
    const again = targetsOf(named, { huaweiProjectId: undefined }).map(({ jobTarget }) => jobTarget);
    expect(again).toEqual(targets);
    expect(jobKey("deployment", { sha256: "a" }, again)).toBe(jobKey("deployment", { sha256: "a" }, targets));
  });

  it("sends to all at once only if the call of the job chose that, not where no target had a wave", () => {
    const waves = (job: Job) => argumentsOf(job)?.waves;
    expect(waves(jobWith({ source: files }))).toBeUndefined();
    expect(waves(jobWith({ source: files }, { withoutWaves: true }))).toBe(false);
    const few = jobWith({ source: files }, { withoutWaves: true, targets: targets.slice(0, 2) });
    expect(waves(few)).toBeUndefined();
  });

  it("has the certificate as it can still be had", () => {
    const vault = { certificate: "vault:ab#fullchain", privateKey: "vault:ab#key" };
    expect(argumentsOf(jobWith({ source: vault, certificateId: "new1" }))).toMatchObject({ certificate_id: "new1" });
    expect(argumentsOf(jobWith({ certificateId: "new1" }))).toMatchObject({ certificate_id: "new1" });
    const lost = resumeCall(jobWith({ source: { privateKey: files.privateKey } }));
    expect(Object.keys(lost?.arguments ?? {})).toEqual(["targets"]);
    expect(lost?.add).toContain("private_key");
  });

  it("is another rollback of the same deployment for a rollback", () => {
    const job = jobWith({}, { kind: "rollback", of: "deadbeef" });
    expect(resumeCall(job)).toEqual({ tool: "roll_back", arguments: { job: "deadbeef" } });
  });

  it.each([
    ["served", false],
    ["unchanged", false],
    ["accepted", false],
    ["failed", true],
    ["sending", true],
    ["not attempted", true],
  ] as const)("a target that is %s leaves something to send: %s", (state, left) => {
    const one = targets.map((target): JobTarget => ({ ...target, state }));
    expect(resumeCall(jobWith({ source: files }, { targets: one })) !== undefined).toBe(left);
  });
});
