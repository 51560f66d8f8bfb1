import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import {
  alibabaCas,
  alibabaCdn,
  alibabaVod,
  huaweiLive,
  tencentEdgeone,
  tencentSsl,
} from "../../src/catalogue/services.js";
import {
  lifetimeRules,
  renewalDue,
  renewalsPerYear,
  ruleAt,
  validationsPerYear,
} from "../../src/certificates/lifetimes.js";
import { isJob } from "../../src/pipeline/tool.js";
import { coverageOf } from "../../src/standing-approvals/coverage.js";
import type { StandingApproval } from "../../src/standing-approvals/store.js";
import { standingTerms } from "../../src/standing-approvals/terms.js";
import type { ListedCertificate } from "../../src/tools/inventory/certificates.js";
import type { DomainCertificate, ListedDomain } from "../../src/tools/inventory/listing.js";
import { renewalRow, renewalsOf, yearUnderEachRule } from "../../src/tools/inventory/renewals.js";
import { planRenewals } from "../../src/tools/plan-renewals.js";
import { Station } from "./support.js";

const on = (
  domain: string,
  held: DomainCertificate,
  service = alibabaCdn as ListedDomain["service"],
): ListedDomain => ({
  domain,
  service,
  https: true,
  certificates: [held],
});
const nobody = () => ({ ids: [], broken: [] });
const span = (starts: string, days: number) => ({
  starts,
  ends: new Date(Date.parse(starts) + days * 24 * 3600_000).toISOString(),
});

describe("when a certificate is due", () => {
  it.each([
    [200, 133.333],
    [100, 66.667],
    [47, 31.333],
    [6, 3],
  ])("of %d days after two thirds of them, or half of a few days", (days, after) => {
    const start = "2026-04-01T00:00:00Z";
    expect((renewalDue(span(start, days)) - Date.parse(start)) / (24 * 3600_000)).toBeCloseTo(after, 2);
    expect(renewalsPerYear(days)).toBeCloseTo(365 / after, 2);
  });

  it("the proof of a domain is used again as long as the rule lets it", () => {
    const [today, hundred, fortySeven] = lifetimeRules;
    if (!today || !hundred || !fortySeven) throw new Error("a rule is missing");
    expect(validationsPerYear(200, today)).toBeCloseTo(renewalsPerYear(200) / 2);
    expect(validationsPerYear(100, hundred)).toBeCloseTo(renewalsPerYear(100) / 2);
    expect(validationsPerYear(47, fortySeven)).toBeCloseTo(renewalsPerYear(47));
    // What lives six days is renewed four times in the ten days for which a proof may be used again.
    expect(validationsPerYear(6, fortySeven)).toBeCloseTo(renewalsPerYear(6) / 4);
  });

  it.each([
    ["2025-01-01", 200],
    ["2027-03-14T23:59:59Z", 200],
    ["2027-03-15T00:00:00Z", 100],
    ["2029-03-14T23:59:59Z", 100],
    ["2029-03-15T00:00:00Z", 47],
    ["2040-01-01", 47],
  ])("the longest lifetime on %s is %d days", (day, days) => {
    expect(ruleAt(Date.parse(day))?.days).toBe(days);
  });
});

describe("the renewals of an inventory", () => {
  const ninety = { id: "c-1", name: "one", ...span("2026-04-01T00:00:00Z", 90) };

  it("are one for each certificate, with all domains of one cloud that have it", () => {
    const [a, b, c] = [
      on("a.example.com", ninety),
      on("b.example.com", ninety),
      on("c.example.com", ninety, huaweiLive),
    ];
    const renewals = renewalsOf([a, b, c], [], nobody);
    expect(renewals.map(({ domains }) => domains)).toEqual([[a, b], [c]]);
    expect(
      renewalsOf(
        [
          { ...a, https: false },
          { ...b, certificates: [] },
        ],
        [],
        nobody,
      ),
    ).toEqual([]);
  });

  it("take start and end from the store that holds the certificate, where the domain's list has none", () => {
    const held: ListedCertificate = {
      ...{ service: tencentSsl, id: "t-1", domains: ["a.example.com"], status: "issued", group: "issued" },
      ...{ source: undefined, alias: undefined, isCa: false, key: undefined, renewable: false, daysLeft: 1 },
      ...span("2026-04-01T00:00:00Z", 60),
    };
    const [renewal] = renewalsOf([on("a.example.com", { id: "t-1" }, tencentEdgeone)], [held], nobody);
    expect(renewal).toMatchObject({ lifetime: 60, due: Date.parse("2026-05-11T00:00:00Z") });
    // Another cloud's certificate of the same id is another one.
    expect(renewalsOf([on("a.example.com", { id: "t-1" })], [held], nobody)).toEqual([]);
  });

  it("are one where one list shows the id and another the name of the same stored certificate", () => {
    const { starts, ends } = span("2026-04-01T00:00:00Z", 60);
    const held: ListedCertificate = {
      ...{ service: alibabaCas, region: "cn-hangzhou", id: "47608157", domains: [], status: "issued", group: "issued" },
      ...{ source: undefined, alias: "img-example-com", isCa: false, key: undefined, renewable: false, daysLeft: 1 },
      ...{ starts, ends },
    };
    const named = on("img.example.com", { name: "img-example-com", ends });
    const numbered = on("vod.example.com", { id: "47608157", ends }, alibabaVod);
    const renewals = renewalsOf([named, numbered], [held], nobody);
    expect(renewals.map(({ domains }) => domains)).toEqual([[named, numbered]]);
    expect(renewalRow(renewals[0] ?? expect.fail(), new Date(starts))).toMatchObject({
      certificate_id: "47608157-cn-hangzhou",
    });
  });

  it("ask nobody where every domain is covered, and a person where one is not", () => {
    const [a, b] = [on("a.example.com", ninety), on("b.example.com", ninety)];
    const all = renewalsOf([a, b], [], () => ({ ids: ["sa-1"], broken: [] }));
    const one = renewalsOf([a, b], [], nobody);
    const now = new Date("2026-04-01T00:00:00Z");
    expect(all.map((each) => renewalRow(each, now).standing_approvals)).toEqual(["sa-1"]);
    expect(one.map((each) => renewalRow(each, now).standing_approvals)).toEqual(["none: a person is asked"]);
    expect(yearUnderEachRule(all).map((each) => each.questions_a_year)).toEqual([0, 0, 0, 0]);
    // 90 days of its own: renewed every 60 days, until the 47-day rule. Six days: every three.
    expect(yearUnderEachRule(one)).toEqual([
      { from: "2026-03-15", longest_days: 200, renewals_a_year: 6, proofs_a_year: 2, questions_a_year: 6 },
      { from: "2027-03-15", longest_days: 100, renewals_a_year: 6, proofs_a_year: 3, questions_a_year: 6 },
      { from: "2029-03-15", longest_days: 47, renewals_a_year: 12, proofs_a_year: 12, questions_a_year: 12 },
      { short_lived: true, longest_days: 6, renewals_a_year: 122, proofs_a_year: 122, questions_a_year: 122 },
    ]);
  });

  it("tell what is overdue, what was assumed, and how long the next one may live", () => {
    const dayOnly = renewalsOf([on("a.example.com", { name: "x", ends: "2027-04-20" })], [], nobody);
    expect(dayOnly.map((each) => renewalRow(each, new Date("2027-03-30T00:00:00Z")))).toEqual([
      {
        domains: ["a.example.com"],
        services: ["alibaba-cdn"],
        name: "x",
        ends_on: "2027-04-20",
        lifetime_assumed: 90,
        renew_by: "2027-03-21T00:00:00.000Z",
        overdue: true,
        longest_then: 100,
        standing_approvals: "none: a person is asked",
      },
    ]);
  });
});

describe("a standing approval", () => {
  const terms = standingTerms.parse({
    ...{ id: "sa-0a1b2c3d", domains: ["www.example.com"], services: ["tencent-edgeone"], zones: ["zone-1"] },
    ...{ accounts: ["AKID"], endpoints: [{ service: "tencent-edgeone", endpoint: "teo.tencentcloudapi.com" }] },
    ...{ from_store: true, least_gain_days: 30, uses_a_day: 1, uses: 6, grants: [] },
    ...{ first_day: "2026-04-01", last_day: "2026-12-31", time_zone: "UTC" },
  });
  const www = {
    ...{ domain: "www.example.com", service: "tencent-edgeone", zone: "zone-1" },
    endpoint: "teo.tencentcloudapi.com",
  };
  const app = { ...www, domain: "app.example.com" };
  const judged = (
    domains: readonly (typeof www)[],
    names: readonly string[] | undefined,
    { at = "2026-05-01", state = "valid" }: { at?: string; state?: StandingApproval["state"] } = {},
  ) => coverageOf([{ id: terms.id, terms, state, uses: [] }])({ domains, names }, new Date(at));

  it("covers a certificate whose names are all among its domains, or are not known", () => {
    for (const names of [["www.example.com"], undefined]) {
      expect(judged([www], names)).toEqual({ ids: ["sa-0a1b2c3d"], broken: [] });
    }
  });

  it.each([
    [[www], ["example.com", "*.example.com"], {}, "the certificate has other names, too: example.com, *.example.com"],
    [[www, app], undefined, {}, "it does not name app.example.com"],
    [[{ ...www, service: "alibaba-cdn" }], undefined, {}, "it is not for alibaba-cdn"],
    [[{ ...www, zone: "zone-2" }], undefined, {}, "it is not for zone-2"],
    [[{ ...www, endpoint: "127.0.0.1:80" }], undefined, {}, "it is not for tencent-edgeone at 127.0.0.1:80"],
    [[www], undefined, { at: "2027-05-01" }, "on that day it is over"],
    [[www], undefined, { at: "2026-03-01" }, "on that day it is not valid yet"],
    [[www], undefined, { state: "spent" as const }, "it is spent"],
  ])("that names a domain of %j with %j says which bound is broken: %j", (domains, names, more, why) => {
    expect(judged(domains, names, more)).toEqual({ ids: [], broken: [`sa-0a1b2c3d: ${why}`] });
  });

  it("that names none of the domains, or was revoked, is not mentioned", () => {
    expect(judged([app], undefined)).toEqual({ ids: [], broken: [] });
    expect(judged([www], undefined, { state: "revoked" })).toEqual({ ids: [], broken: [] });
  });
});

describe("plan_renewals", () => {
  let station: Station;
  afterEach(() => station.close());
  const told = z.object({
    as_of: z.string(),
    time_zone: z.literal("UTC"),
    in_use: z.number(),
    matching: z.number(),
    rules: z.array(z.object({ longest_days: z.number(), renewals_a_year: z.number() }).passthrough()).length(4),
    renewals: z.array(z.object({ domains: z.array(z.string()), renew_by: z.string() }).passthrough()),
    next_cursor: z.string().optional(),
  });
  const plan = (args: Record<string, unknown>) => station.run(planRenewals, args, told);

  it("says why a standing approval that names the domain does not cover its renewal", async () => {
    station = await Station.open();
    const { context } = station;
    await context.standingApprovals.give(
      standingTerms.parse({
        ...{ id: "sa-0a1b2c3d", domains: ["www.example.com"], services: ["tencent-edgeone"] },
        ...{ accounts: ["AKID"], endpoints: [{ service: "tencent-edgeone", endpoint: "teo.tencentcloudapi.com" }] },
        ...{ from_store: true, least_gain_days: 30, uses_a_day: 1, uses: 6, grants: [] },
        ...{ first_day: "2026-01-01", last_day: "2027-01-01", time_zone: "UTC" },
      }),
      "0a1b2c3d",
    );
    if (isJob(planRenewals)) throw new Error("it is no job");
    const params = planRenewals.params.parse({ domain: "www.example.com", within_days: 400 });
    const { renewals } = told.parse(await planRenewals.run(params, context));
    expect(renewals[0]?.standing_approvals).toBe(
      "none: a person is asked (sa-0a1b2c3d: the certificate has other names, too: example.com, *.example.com)",
    );
  });

  it("pages through what is due within the horizon, earliest first, each once", async () => {
    station = await Station.open();
    const whole = await plan({ within_days: 400, limit: 100 });
    expect(whole.matching).toBe(whole.in_use);
    expect(whole.renewals).toHaveLength(whole.matching);
    expect(whole.renewals.length).toBeGreaterThan(2);
    const times = whole.renewals.map(({ renew_by }) => renew_by);
    expect(times).toEqual([...times].sort());
    const paged = [];
    let cursor: string | undefined;
    do {
      const page = await plan({ within_days: 400, limit: 2, ...(cursor && { cursor }) });
      paged.push(...page.renewals);
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(paged).toEqual(whole.renewals);
    const none = await plan({ within_days: 400, domain: "nowhere.invalid" });
    expect([none.in_use, none.rules.map((rule) => rule.renewals_a_year)]).toEqual([0, [0, 0, 0, 0]]);
  });
});
