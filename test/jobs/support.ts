import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Job, JobTarget } from "../../src/jobs/job.js";

export const day = 24 * 60 * 60_000;
export const start = Date.parse("2026-04-01T10:00:00Z");
export const at = (days: number) => new Date(start + days * day).toISOString();
export const account = { credential: "AKID1", endpoint: "cdn.aliyuncs.com" };

/** A fingerprint that is easy to read: that of certificate number 7. */
export const leaf = (number: number) => String(number).padStart(64, "0");
export const replaced = (number: number, until: string) => ({
  served: [{ sha256: leaf(number), sha1: String(number).padStart(40, "0"), names: ["a.example.com"], notAfter: until }],
});

interface Given extends Partial<Omit<Job, "targets" | "certificate">> {
  readonly number: number;
  /** Days after the start, for the job and all its targets. */
  readonly day: number;
  readonly certificate: number;
  readonly until: string;
  readonly targets: readonly (Partial<JobTarget> & Pick<JobTarget, "id">)[];
}

export function jobOn({ number, day: days, certificate, until, targets, ...more }: Given): Job {
  return {
    id: number.toString(16).padStart(8, "0"),
    kind: "deployment",
    key: number.toString(16).padStart(8, "0").padEnd(64, "e"),
    startedAt: at(days),
    changedAt: at(days),
    endedAt: at(days),
    certificate: { sha256: leaf(certificate), names: ["a.example.com"], notAfter: until, source: {} },
    targets: targets.map((target) => ({
      service: "alibaba-cdn",
      account,
      name: target.id,
      domain: target.id,
      state: "served",
      sentAt: at(days),
      ...((target.state ?? "served") === "served" && { acceptedAt: at(days) }),
      ...target,
    })),
    ...more,
  };
}

/** A journal's folder with these files. */
export function folderWith(jobs: readonly Job[]): string {
  const folder = join(mkdtempSync(join(tmpdir(), "cc-archive-")), "jobs");
  mkdirSync(folder);
  for (const job of jobs) writeFileSync(join(folder, `${job.id}.json`), JSON.stringify(job));
  return folder;
}

/** One domain whose certificate was renewed every four days: all but the newest jobs are of no more use. */
export function renewals(count: number, domain = "a.example.com"): Job[] {
  return Array.from({ length: count }, (_, number) =>
    jobOn({
      number,
      day: 4 * number,
      certificate: number + 1,
      until: at(4 * number + 6),
      targets: [{ id: domain, before: replaced(number, at(4 * number + 2)) }],
    }),
  );
}
