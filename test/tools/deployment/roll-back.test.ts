import { afterEach, beforeEach, expect, it } from "vitest";
import type { JobTarget } from "../../../src/jobs/job.js";
import { isJob } from "../../../src/pipeline/tool.js";
import { rollBack } from "../../../src/tools/roll-back.js";
import { Station } from "../support.js";

let station: Station;
beforeEach(async () => {
  station = await Station.open();
});
afterEach(() => station.close());

/** The target with everything that a deployment may leave in it. */
const deployed: JobTarget = {
  id: "alibaba-cdn img.example.com",
  service: "alibaba-cdn",
  account: { credential: "AKID1", endpoint: "cdn.aliyuncs.com" },
  name: "img.example.com",
  domain: "img.example.com",
  state: "served",
  before: { none: true },
  sentAt: "2026-04-01T02:00:00.000Z",
  acceptedAt: "2026-04-01T02:00:01.000Z",
  order: 1,
  copy: "next",
  seen: ["img.example.com: served at 2 of 2 addresses"],
  says: "img.example.com: served at 2 of 2 addresses; not trusted: its root is unknown",
  untrusted: true,
  wave: 2,
  provenAt: "2026-04-01T02:10:00.000Z",
};

it("starts without anything that the deployment found out or sent", async () => {
  const certificate = {
    sha256: "a".repeat(64),
    names: ["*.example.com"],
    notAfter: "2026-12-31T00:00:00Z",
    source: {},
  };
  const { owner: _, ...job } = await station.journal.open({
    kind: "deployment",
    key: "key",
    certificate,
    targets: [deployed],
  });
  await station.journal.save({ ...job, endedAt: "2026-04-01T02:10:00.000Z" });
  if (!isJob(rollBack)) throw new Error("roll_back is a job");
  const { targetPlans } = await rollBack.prepare(rollBack.params.parse({}), station.context);
  const { id, service, account, name, domain } = deployed;
  // What it changed is what HTTPS is turned off for.
  expect(targetPlans.map(({ target }) => target)).toEqual([
    expect.objectContaining({ id, service, account, name: expect.stringContaining(name), domain, expected: "none" }),
  ]);
  const [target] = targetPlans.map((each) => each.target);
  for (const member of ["untrusted", "wave", "provenAt", "sentAt", "order", "copy", "seen"]) {
    expect(target).not.toHaveProperty(member);
  }
});
