import { afterEach, beforeEach, expect, it } from "vitest";
import { noHttps } from "../../../src/catalogue/serving.js";
import type { JobTarget } from "../../../src/jobs/job.js";
import { PreviousRuns } from "../../../src/jobs/previous-runs.js";
import { createDeploymentContext } from "../../../src/tools/deployment/context.js";
import { planTarget } from "../../../src/tools/deployment/target-plan.js";
import { addressesServing, Station } from "../support.js";

const [older, newer, wanted] = ["a".repeat(64), "b".repeat(64), "c".repeat(64)];
const domain = "img.example.com";
const facts = { sha256: wanted, names: [domain], notAfter: "2027-01-01T00:00:00Z", source: {} };

let station: Station;
beforeEach(async () => {
  station = await Station.open();
});
afterEach(() => station.close());

const jobTarget: JobTarget = {
  id: `alibaba-cdn/${domain}`,
  service: "alibaba-cdn",
  name: `CDN domain ${domain}`,
  domain,
  state: "pending",
};
const had = (sha256: string) => ({ sha256, sha1: sha256.slice(0, 40), names: [domain], notAfter: "2026-12-31" });

/** What the next run records as there before, after one that left the target so. */
async function recordedAfter(earlier: Partial<JobTarget>, ...served: string[]) {
  const target = { ...jobTarget, before: { served: [had(older)] }, ...earlier };
  const { owner: _, ...job } = await station.journal.open({
    kind: "deployment",
    key: "key",
    certificate: facts,
    endedAt: station.now().toISOString(),
    targets: [target],
  });
  await station.journal.save(job);
  station.pass(2 * 3_600_000);
  station.edge.serve(domain, () => addressesServing(domain, ...served));
  const runs = new PreviousRuns(await station.journal.read(), "key", station.now());
  const desired = { facts, algorithm: "ECDSA", incomplete: false, certificates: 1 };
  const planned = await planTarget(
    { jobTarget },
    desired,
    createDeploymentContext(undefined, runs, station.context, [jobTarget]),
  );
  return planned.target.before?.served?.map(({ sha256 }) => sha256) ?? (planned.target.before?.none ? [noHttps] : []);
}

const refused = { state: "failed", code: "InternalError" } as const;
const unanswered = { state: "sending", sentAt: "2026-04-01T03:00:00Z" } as const;

it("what somebody else put there after a run that was refused is what was there before the next", async () => {
  expect(await recordedAfter(refused, newer, newer)).toEqual([newer]);
});

it("what somebody else put there after a request without an answer is what was there before the next", async () => {
  expect(await recordedAfter(unanswered, newer, newer)).toEqual([newer]);
});

it("what a run brought to some addresses is not what was there before the next", async () => {
  expect(await recordedAfter(unanswered, older, wanted)).toEqual([older]);
});

it("what was there before a run that changed nothing is what was there before the next", async () => {
  expect(await recordedAfter(refused, older, older)).toEqual([older]);
});
