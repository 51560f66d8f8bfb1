import { expect, it } from "vitest";
import type { JobTarget } from "../../../src/jobs/job.js";
import { deploymentReport } from "../../../src/tools/deployment/report.js";

const now = new Date("2026-11-30T00:00:00Z");
const certificate = {
  sha256: "ab".repeat(32),
  names: ["www.example.com"],
  notAfter: "2027-01-01T00:00:00Z",
  source: {},
};

const nextOf = (target: Partial<JobTarget>) =>
  deploymentReport(
    {
      id: "1a2b3c4d",
      kind: "deployment",
      certificate,
      targets: [
        { id: "alibaba-cdn/www.example.com", service: "alibaba-cdn", name: "CDN domain", state: "served", ...target },
      ],
    },
    now,
  ).next;

it("tells of a certificate that is served and that visitors do not trust, and of the way back", () => {
  const served = {
    says: "www.example.com: served at 2 of 2 addresses; not trusted: its root.",
    untrusted: true as const,
  };
  expect(nextOf(served)).toMatch(/^Visitors are warned: what is served is not trusted .*roll_back puts back/);
  expect(nextOf({ ...served, state: "unchanged" })).not.toContain("roll_back");
});

it("says that nothing is left where it is trusted", () => {
  expect(nextOf({ says: "www.example.com: served at 2 of 2 addresses" })).toMatch(/^Nothing is left to do\./);
});

it("claims no end where something was left or not looked at", () => {
  const { left, next } = deploymentReport(
    {
      kind: "deployment",
      certificate,
      targets: [{ id: "a", service: "alibaba-cdn", name: "CDN domain", state: "served" }],
      left: ["Not looked for: load balancers."],
    },
    now,
  );
  expect(left).toEqual(["Not looked for: load balancers."]);
  expect(next).toMatch(/^These targets are done\. left says .* roll_back puts back/);
});
