import { describe, expect, it } from "vitest";
import type { JudgedCall } from "../../src/standing-approvals/facts.js";
import type { StandingTerms } from "../../src/standing-approvals/terms.js";
import { noStandingApprovals } from "../support/standing-approvals.js";

const now = () => new Date("2026-11-28T00:00:00Z");

const terms: StandingTerms = {
  id: "sa-0123abcd",
  domains: ["www.example.com"],
  services: ["alibaba-cdn"],
  accounts: ["LTAI1"],
  endpoints: [{ service: "alibaba-cdn", endpoint: "cdn.aliyuncs.com" }],
  from_store: true,
  least_gain_days: 1,
  uses_a_day: 1,
  uses: 10,
  first_day: "2026-11-27",
  last_day: "2026-11-29",
  time_zone: "UTC",
  grants: ["put_back"],
};

const deployment: JudgedCall = {
  facts: {
    kind: "deployment",
    certificate: { names: ["www.example.com"], notAfter: new Date("2027-02-28"), issuer: "CA", strength: 128 },
    distrust: undefined,
    source: { kind: "store" },
    targets: [
      {
        service: "alibaba-cdn",
        domains: ["www.example.com"],
        replaced: [{ names: ["www.example.com"], notAfter: new Date("2026-12-01"), issuer: "CA", strength: 128 }],
        besides: [],
      },
    ],
  },
  operations: ["SetCdnDomainSSLCertificate"],
  accounts: ["LTAI1"],
  endpoints: [{ service: "alibaba-cdn", endpoint: "cdn.aliyuncs.com" }],
  losses: [],
};

const goingBack: JudgedCall = {
  ...deployment,
  facts: { kind: "put back", plans: ["plan-deployed"], proofFailed: true, domains: ["www.example.com"] },
};

describe("putting back under a standing approval", () => {
  it.each([
    ["of the day", { uses_a_day: 1, uses: 10 }],
    ["in all", { uses_a_day: 1, uses: 1 }],
  ])("is possible after the last use %s, which the deployment took", async (_which, limits) => {
    const standing = noStandingApprovals(now);
    await standing.give({ ...terms, ...limits }, "plan-given");
    await standing.use(terms.id, "plan-deployed", deployment);
    expect(await standing.judge(goingBack)).toMatchObject({ coveredBy: { id: terms.id } });
    await standing.use(terms.id, "plan-back", goingBack);
    await standing.confirm(terms.id);
    await expect(standing.use(terms.id, "plan-more", deployment)).rejects.toThrow(/uses/);
  });

  it("leaves the uses that the deployments have", async () => {
    const standing = noStandingApprovals(now);
    await standing.give({ ...terms, uses_a_day: 2, uses: 2 }, "plan-given");
    expect((await standing.use(terms.id, "plan-deployed", deployment)).usesLeft).toBe(1);
    expect((await standing.use(terms.id, "plan-back", goingBack)).usesLeft).toBe(1);
    expect((await standing.use(terms.id, "plan-more", deployment)).usesLeft).toBe(0);
    const [approval] = await standing.list();
    expect(approval?.uses.map(({ planId }) => planId)).toEqual(["plan-deployed", "plan-more"]);
  });
});
