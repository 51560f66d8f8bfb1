import { describe, expect, it } from "vitest";
import { readCurrentState } from "../../src/approval/current-state/read-current-state.js";
import { plansOf } from "../../src/approval/describe-plan.js";
import { isJob, type ToolContext } from "../../src/pipeline/tool.js";
import { Redactor } from "../../src/secrets/redaction/redactor.js";
import { Directories } from "../../src/secrets/references/directories.js";
import { proposeStandingApproval } from "../../src/tools/propose-standing-approval.js";
import { patient } from "../approval/current-state/support.js";
import { noStandingApprovals } from "../support/standing-approvals.js";

const tool = proposeStandingApproval;
if (isJob(tool) || tool.effect === "read") throw new Error("it changes something");
const { params: schema, check } = tool;

const proposal = {
  domains: ["example.com"],
  services: ["tencent-ssl"],
  from_store: true,
  least_gain_days: 1,
  uses_a_day: 1,
  uses: 9,
  last_day: "2027-06-01",
};

/** What the tool uses of its context; anything else throws. */
function contextAt(moment: () => Date, planId?: string, standingApprovals = noStandingApprovals(moment)) {
  const given: Partial<ToolContext> = {
    now: moment,
    standingApprovals,
    directories: new Directories([]),
    signers: { tencent: "AKIDabcdefghijklmnop9xYz" },
    planId,
  };
  const context: ToolContext = new Proxy(Object.assign(Object.create(null), given), {
    get: (target: Record<string | symbol, unknown>, name) => {
      if (!(name in target)) throw new Error(`the tool uses ${String(name)}`);
      return target[name];
    },
  });
  return { context, standingApprovals };
}

const noon = () => new Date("2027-01-10T12:00:00Z");

async function checked(args: Record<string, unknown>, moment = noon) {
  const params = schema.parse({ ...proposal, ...args });
  const { params: exactly, changes } = (await check?.(params, contextAt(moment).context)) ?? {};
  return { params: { ...params, ...exactly }, changes: changes ?? [] };
}

/** What a person reads. */
const planOf = async (args: Record<string, unknown>) => {
  const { params, changes } = await checked(args);
  const operation = { ...tool, plannedChanges: () => changes };
  const call = { operation, params, account: "AKIDabcdefghijklmnop9xYz", redactor: new Redactor([]) };
  const snapshot = await readCurrentState(changes, async () => ({}), patient);
  return plansOf(call, snapshot, "0".repeat(64)).en;
};

describe("a proposal that does not name its first day", () => {
  it("gives the one that was shown, though it is approved a day later", async () => {
    let now = new Date(2027, 0, 10, 23, 59);
    const { params } = await checked({}, () => now);
    expect(params.first_day).toBe("2027-01-10");
    expect((await planOf({ first_day: params.first_day })).rows.map(({ then }) => then).join()).toContain(
      "2027-01-10 to",
    );
    now = new Date(2027, 0, 11, 0, 1);
    const { context, standingApprovals } = contextAt(() => now, "0a1b2c3d");
    await tool.run(params, context);
    expect((await standingApprovals.list()).map(({ terms }) => terms?.first_day)).toEqual(["2027-01-10"]);
  });
});

it("a proposal is for the access keys that its plan showed, whichever are set when it is approved", async () => {
  const { context, standingApprovals } = contextAt(noon, "0a1b2c3d");
  await tool.run((await checked({})).params, context);
  expect((await standingApprovals.list()).map(({ terms }) => terms?.accounts)).toEqual([["AKIDabcdefghijklmnop9xYz"]]);
});

it.each([
  [["alibaba-cdn", "tencent-edgeone"], "tencent-edgeone"],
  // Its uploads go there.
  [["tencent-edgeone"], "tencent-ssl"],
])("a proposal for %j is refused if nobody knows where the calls to %s go", async (services, unknown) => {
  const known = ["alibaba-cdn", "tencent-edgeone", "tencent-ssl"].filter((service) => service !== unknown);
  const endpoints = Object.fromEntries(known.map((service) => [service, `${service}.example.com`]));
  const { context } = contextAt(noon, undefined, noStandingApprovals(noon, endpoints));
  await expect(check?.(schema.parse({ ...proposal, services }), context)).rejects.toMatchObject({
    details: { kind: "configuration", happened: expect.stringContaining(`calls to ${unknown} go`), changed: "no" },
  });
});

describe("the plan of a proposal", () => {
  const long = `www.shop.${`${"x".repeat(60)}.`.repeat(3)}other-company.com`;
  const domains = [
    "shop.example.com",
    ...Array.from({ length: 60 }, (_, index) => `*.harmless-subdomain-${index}.example.com`),
    "*.co.uk",
    "login.other-company.com",
    long,
  ];

  it("has a row for each domain, none of them cut", async () => {
    const { rows, details } = await planOf({ domains });
    const bounds = rows.map(({ then }) => then);
    for (const [index, domain] of domains.entries()) {
      const row = bounds.find((bound) => bound.startsWith(`Domains at most (${index + 1} of 64): `));
      expect(row).toContain(`: ${domain}`);
    }
    expect(bounds.filter((bound) => bound.includes("…"))).toEqual([]);
    expect(details.find(([name]) => name === "domains.63")).toEqual(["domains.63", long]);
  });

  it("says where all that it lets through is sent, stores for certificates included", async () => {
    const bounds = (await planOf({ services: ["tencent-edgeone", "alibaba-cdn"] })).rows.map(({ then }) => then);
    expect(bounds.filter((bound) => bound.startsWith("Endpoints"))).toEqual([
      "Endpoints (1 of 3): tencent-ssl at ssl.tencentcloudapi.com",
      "Endpoints (2 of 3): tencent-edgeone at teo.tencentcloudapi.com",
      "Endpoints (3 of 3): alibaba-cdn at cdn.aliyuncs.com",
    ]);
    const one = (await planOf({ services: ["alibaba-cdn"] })).rows.map(({ then }) => then);
    expect(one).toContain("Endpoints: alibaba-cdn at cdn.aliyuncs.com");
  });

  it("has a row for each zone and issuer", async () => {
    const { rows } = await planOf({
      services: ["tencent-edgeone"],
      zones: ["zone-1", "zone-2"],
      issuers: ["A Company", "B"],
    });
    const bounds = rows.map(({ then }) => then);
    expect(bounds).toContain("Of EdgeOne only (2 of 2): zone-2");
    expect(bounds).toContain('Issued by (1 of 2): "A Company"');
  });

  it("is not offered if a bound would be shown in part", async () => {
    await expect(planOf({ issuers: ["\u200b".repeat(600)] })).rejects.toThrow(/could not be shown .* in full/);
  });

  it.each([
    [{ last_day: "2027-02-30" }, "2027-02-30 is not a valid date."],
    [{ last_day: "soon" }, "The terms are invalid"],
  ])("does not come from %j", async (args, problem) => {
    await expect(planOf(args)).rejects.toThrow(problem);
  });
});
