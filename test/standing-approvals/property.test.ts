import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { domainToASCII } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { targetServices } from "../../src/jobs/job.js";
import { brokenBounds } from "../../src/standing-approvals/check-bounds.js";
import type { CertificateFacts, DeploymentFacts, JudgedCall, TargetFacts } from "../../src/standing-approvals/facts.js";
import { digestOfTerms, type StandingTerms, termLines } from "../../src/standing-approvals/terms.js";
import { standingApprovalsIn } from "../support/standing-approvals.js";
import { runs } from "../support/width.js";
import { reads } from "./reader.js";

/**
 * Approvals and calls at random, judged by a reader who knows no more than the words that a person was shown
 * (reader.ts). STANDING_RUNS=20000 for all of it.
 */

const calls = Number(process.env.STANDING_RUNS ?? runs(1_000, 20_000));

const names = [
  "example.com",
  "www.example.com",
  "a.b.example.com",
  "shop.example.com",
  "example.org",
  "bücher.example",
  "xn--bcher-kva.example",
  "shop.bücher.example",
  "examp1e.com",
  "ехample.com",
  "EXAMPLE.com",
  "example.com.",
  "192.0.2.1",
  "",
];
const patterns = [
  "example.com",
  "*.example.com",
  "*.b.example.com",
  "example.org",
  "xn--bcher-kva.example",
  "*.xn--bcher-kva.example",
  "*.example",
];
const approved = ["example.com", "*.example.com", "xn--bcher-kva.example", "*.xn--bcher-kva.example"];
/** As certificates write them (RFC 5280, 7.2). */
const written = names.slice(0, 9).map((name) => domainToASCII(name));
const wildcards = ["*.example.com", "*.b.example.com", "*.com", "*.*.example.com"];
const services = targetServices;
const zones = ["zone-1", "zone-2", "zone-1 "];
const accounts = ["AKID1", "AKID2", "LTAI1"];
const endpoints: StandingTerms["endpoints"] = [
  { service: "alibaba-cdn", endpoint: "cdn.aliyuncs.com" },
  { service: "tencent-ssl", endpoint: "ssl.tencentcloudapi.com" },
  { service: "tencent-ssl", endpoint: "127.0.0.1:4000" },
  { service: "alibaba-cdn", endpoint: "127.0.0.1:8443/cdn" },
];
const directories = ["/etc/tls", "/etc/tls/live", "/srv"];
const paths = [
  "/etc/tls/a.crt",
  "/etc/tls/live/a.key",
  "/etc/tlsx/a.key",
  "/etc/tls/../shadow",
  "/srv/../etc/tls/a.key",
  "/srv/a.crt",
  "srv/a.crt",
  "/srv",
];
const issuers = ["Let's Encrypt", "TrustAsia Technologies, Inc.", "let's encrypt"];
const timeZones = ["UTC", "Asia/Shanghai", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago"];
const operations = [
  "ModifyHostsCertificate",
  "UploadCertificate",
  "SetCdnDomainSSLCertificate",
  "UpdateDomainHttpsCert",
  "UpdateCertificateInstance",
  "SetVodDomainSSLCertificate",
  "SetDcdnDomainSSLCertificate",
];
const others = [
  "DownloadCertificate",
  "DeleteCertificate",
  "CreateCertificate",
  "RevokeCertificate",
  "DeleteDomainHttpsCert",
  "ApplyCertificate",
  "modifyhostscertificate",
];

const origin = Date.parse("2026-11-28T00:00:00Z");
const hour = 3_600_000;
const day = 24 * hour;
const some = <Item>(items: readonly Item[], min = 1) =>
  fc.uniqueArray(fc.constantFrom(...items), { minLength: min, maxLength: 4 });
const endpointsCalled = some<JudgedCall["endpoints"][number]>(
  [
    ...endpoints,
    { service: "alibaba-cdn", endpoint: undefined },
    { service: "huawei-live", endpoint: "cdn.aliyuncs.com" },
  ],
  0,
);
/** Mostly the usual one, so that a call is not outside by ten bounds at once. */
const mostly = <Item>(usual: Item, other: fc.Arbitrary<Item>) =>
  fc.oneof({ weight: 40, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });
/** One has words of its own: "a day" where others are "5 days". */
const mostlyNotOne = (other: fc.Arbitrary<number>) =>
  fc.oneof({ weight: 9, arbitrary: other }, { weight: 1, arbitrary: fc.constant(1) });
const moment = fc.integer({ min: -48, max: 48 }).map((hours) => new Date(origin + hours * hour));
const dateOf = (offset: number) => new Date(origin + offset * day).toISOString().slice(0, 10);

const termsAtRandom: fc.Arbitrary<StandingTerms> = fc.record(
  {
    id: fc.constant("sa-0123abcd"),
    domains: mostly<string[]>(approved, some(patterns)),
    services: mostly<StandingTerms["services"]>([...services], some(services)),
    zones: some(zones),
    accounts: mostly<string[]>([...accounts], some(accounts)),
    endpoints: mostly<StandingTerms["endpoints"]>(endpoints.slice(0, 2), some(endpoints)),
    directories: mostly<string[]>(["/etc/tls"], some(directories)),
    from_store: fc.boolean(),
    issuers: mostly<string[]>(["Let's Encrypt"], some(issuers)),
    least_gain_days: mostlyNotOne(mostly(5, fc.integer({ min: 1, max: 60 }))),
    replace_within_days: mostlyNotOne(fc.integer({ min: 15, max: 40 })),
    uses_a_day: mostlyNotOne(fc.integer({ min: 2, max: 4 })),
    uses: mostlyNotOne(fc.integer({ min: 2, max: 6 })),
    first_day: fc.integer({ min: -3, max: 0 }).map(dateOf),
    last_day: fc.integer({ min: 0, max: 3 }).map(dateOf),
    time_zone: fc.constantFrom(...timeZones),
    grants: some(["key_to_other_cloud", "apply_free_certificate", "put_back"] as const, 0),
  },
  {
    requiredKeys: [
      "id",
      "domains",
      "services",
      "accounts",
      "endpoints",
      "from_store",
      "least_gain_days",
      "uses_a_day",
      "uses",
      "first_day",
      "last_day",
      "time_zone",
      "grants",
    ],
  },
);

const certificateOf = (days: fc.Arbitrary<number>): fc.Arbitrary<CertificateFacts> =>
  fc.record({
    sha256: fc.constant(undefined),
    names: mostly<string[]>(["www.example.com"], some([...written, ...wildcards], 0)),
    notAfter: days.map((left) => new Date(origin + left * day)),
    issuer: mostly<string | undefined>("Let's Encrypt", fc.constantFrom(...issuers, undefined)),
    strength: mostly(128, fc.constantFrom(0, 80, 112, 192)),
  });

const deployment: fc.Arbitrary<JudgedCall> = fc.record({
  facts: fc.record<DeploymentFacts>({
    kind: fc.constant("deployment" as const),
    certificate: certificateOf(mostly(90, fc.integer({ min: -5, max: 100 }))),
    distrust: mostly<string | undefined>(undefined, fc.constant("its chain is incomplete")),
    source: fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constant({ kind: "files" as const, paths: ["/etc/tls/a.crt", "/etc/tls/live/a.key"] }),
      },
      { weight: 2, arbitrary: fc.constant({ kind: "store" as const }) },
      { weight: 1, arbitrary: some(paths, 0).map((given) => ({ kind: "files" as const, paths: given })) },
      { weight: 1, arbitrary: fc.constant({ kind: "elsewhere" as const }) },
    ),
    targets: fc.array(
      fc.record({
        service: mostly<string>("alibaba-cdn", fc.constantFrom(...services, "Alibaba-CDN", "tencent-edgeone")),
        zone: fc.constantFrom(undefined, ...zones),
        domains: mostly<string[]>(["www.example.com"], some([...names, ...wildcards], 0)),
        replaced: fc.oneof(
          {
            weight: 12,
            arbitrary: fc.array(certificateOf(mostly(20, fc.integer({ min: -5, max: 100 }))), {
              minLength: 1,
              maxLength: 2,
            }),
          },
          { weight: 1, arbitrary: fc.constantFrom<readonly CertificateFacts[] | string>([], "no address answered") },
        ),
        besides: mostly<string[]>([], fc.constant(["its redirect to HTTPS changes, or is not known"])),
        rolledBack: mostly<TargetFacts["rolledBack"]>(undefined, fc.constant({ job: "1a2b3c4d", by: "5e6f7a8b" })),
      }),
      { minLength: 0, maxLength: 2 },
    ),
  }),
  operations: mostly<string[]>(["SetCdnDomainSSLCertificate"], some([...operations, ...others])),
  accounts: mostly<string[]>(["LTAI1"], some(["AKID1", "AKID9", "LTAI1", "akid1"], 0)),
  endpoints: mostly<JudgedCall["endpoints"]>(endpoints.slice(0, 1), endpointsCalled),
  losses: mostly<string[]>([], fc.constant(["this cannot be undone"])),
});

/** Inside in all but one thing, which is right at a bound or a bit beside it. */
const nearlyInside: fc.Arbitrary<JudgedCall> = fc
  .record({
    about: fc.constantFrom("names", "gain", "end", "operation", "domain"),
    beside: fc.constantFrom(-1, 0, 1),
    domain: fc.constantFrom(...names, ...wildcards),
    end: moment,
    operation: fc.constantFrom(...operations, ...others),
  })
  .map(({ about, beside, end, operation, domain }) => {
    const ends = about === "end" ? end.getTime() : origin + 90 * day;
    const gain = about === "gain" ? 5 * day + beside : 80 * day;
    const names = about === "names" && beside === 0 ? [] : ["www.example.com"];
    const certificate = { names, issuer: "Let's Encrypt", strength: 128 };
    return {
      ...inside,
      operations: [about === "operation" ? operation : "SetCdnDomainSSLCertificate"],
      facts: {
        kind: "deployment",
        certificate: { ...certificate, notAfter: new Date(ends) },
        distrust: undefined,
        source: { kind: "files", paths: ["/etc/tls/a.crt", "/etc/tls/live/a.key"] },
        targets: [
          {
            service: "alibaba-cdn",
            domains: [about === "domain" ? domain : "www.example.com"],
            replaced: [{ ...certificate, notAfter: new Date(ends - gain) }],
            besides: [],
          },
        ],
      },
    };
  });

const application: fc.Arbitrary<JudgedCall> = fc.record({
  facts: fc.record({
    kind: fc.constant("application" as const),
    domains: mostly<string[]>(["www.example.com"], some([...names, ...wildcards], 0)),
    besides: mostly<string[]>([], fc.constant(["it gives OldCertificateId"])),
  }),
  operations: mostly<string[]>(["ApplyCertificate"], some([...operations, ...others])),
  accounts: mostly<string[]>(["AKID1"], some(accounts, 0)),
  endpoints: mostly<JudgedCall["endpoints"]>(endpoints.slice(1, 2), endpointsCalled),
  losses: mostly<string[]>([], fc.constant(["this cannot be undone"])),
});

const putBack: fc.Arbitrary<JudgedCall> = fc.record({
  facts: fc.record({
    kind: fc.constant("put back" as const),
    plans: fc.constantFrom(["plan-0"], ["plan-1"], ["plan-0", "plan-9"], ["plan-0", "plan-1"], []),
    proofFailed: mostly(true, fc.constant(false)),
    domains: mostly<string[]>(["www.example.com"], some([...names, ...wildcards], 0)),
  }),
  operations: mostly<string[]>(
    ["SetCdnDomainSSLCertificate"],
    some([...operations, ...others, "UpdateCertificateRecordRollback"]),
  ),
  accounts: mostly<string[]>(["LTAI1"], some(accounts, 0)),
  endpoints: mostly<JudgedCall["endpoints"]>(endpoints.slice(0, 1), endpointsCalled),
  losses: mostly<string[]>([], fc.constant(["this cannot be undone"])),
});

const uses = fc
  .array(moment, { maxLength: 3 })
  .map((moments) =>
    moments.sort((a, b) => a.getTime() - b.getTime()).map((at, index) => ({ planId: `plan-${index}`, at })),
  );

describe("what a standing approval lets through", () => {
  it(`is what its words say, and nothing else (${calls} calls)`, () => {
    let allowed = 0;
    fc.assert(
      fc.property(
        termsAtRandom,
        fc.oneof(
          { weight: 8, arbitrary: deployment },
          { weight: 3, arbitrary: nearlyInside },
          { weight: 1, arbitrary: application },
          { weight: 1, arbitrary: putBack },
        ),
        moment,
        uses,
        (terms, call, now, used) => {
          const words = termLines(terms).map(([name, says]) => `${name}: ${says}`);
          const verdict = reads(words, call, now, used);
          const outside = brokenBounds(terms, call, now, used).map(String);
          if (verdict) allowed += 1;
          expect({ inside: outside.length === 0, outside }).toMatchObject({ inside: verdict });
        },
      ),
      { numRuns: calls, endOnFailure: true },
    );
    // Else the runs show only what is refused.
    expect(allowed).toBeGreaterThan(calls / 50);
  });

  it("is not shared by two processes that race for the last use, in all or of the day", async () => {
    const counts = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 5 }));
    await fc.assert(
      fc.asyncProperty(counts, fc.constantFrom("uses", "uses_a_day"), async ([most, processes], bound) => {
        const directory = mkdtempSync(join(tmpdir(), "cc-standing-race-"));
        const stores = Array.from({ length: processes }, () => storeIn(directory));
        await stores[0]?.give({ ...raced, uses: 9, uses_a_day: 9, [bound]: most }, "plan-given");
        const ends = await Promise.allSettled(
          stores.map((store, index) => store.use(raced.id, `plan-${index}`, inside)),
        );
        expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(Math.min(most, processes));
        const [left] = (await stores[0]?.list()) ?? [];
        expect(left?.uses).toHaveLength(Math.min(most, processes));
      }),
      { numRuns: runs(10, 100) },
    );
  });

  it("is nothing once any byte of its file is another", async () => {
    const directory = mkdtempSync(join(tmpdir(), "cc-standing-edit-"));
    const store = storeIn(directory);
    await store.give(raced, "plan-given");
    const path = join(directory, "standing", `${raced.id}.json`);
    const bytes = readFileSync(path);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const edited = Buffer.from(bytes);
        edited[at] = (bytes[at] ?? 0) ^ change;
        writeFileSync(path, edited);
        const [found] = await store.list();
        // White space between the members means nothing.
        const same = JSON.stringify(found?.terms) === JSON.stringify(raced) && found?.state === "valid";
        const isSpace = [bytes[at], edited[at]].every((byte) => byte !== undefined && [9, 10, 13, 32].includes(byte));
        expect(same).toBe(isSpace);
        writeFileSync(path, bytes);
      }),
      { numRuns: runs(75, 2_000) },
    );
  });
});

it("one without endpoints is void and says so", async () => {
  const directory = mkdtempSync(join(tmpdir(), "cc-standing-bare-"));
  const store = storeIn(directory);
  await store.give(raced, "plan-given");
  const path = join(directory, "standing", `${raced.id}.json`);
  const { terms, ...rest } = z
    .object({ terms: z.object({}).passthrough() })
    .passthrough()
    .parse(JSON.parse(readFileSync(path, "utf8")));
  const { endpoints: _, ...others } = terms;
  writeFileSync(path, JSON.stringify({ ...rest, terms: others }));
  expect((await store.list()).map(({ id, state, why }) => `${id} ${state}: ${why}`)).toEqual([
    "sa-0123abcd void: its file cannot be read, or is of another version of this program",
  ]);
});

describe("whoever can read the key of the MAC", () => {
  it("cannot widen it, and cannot make one: the log does not say that a person approved that", async () => {
    const directory = mkdtempSync(join(tmpdir(), "cc-standing-forged-"));
    const store = storeIn(directory);
    await store.give(raced, "plan-given");
    const folder = join(directory, "standing");
    const key = readFileSync(join(folder, "mac.key"));
    const held = z.object({ anchor: z.object({ seq: z.number(), hash: z.string() }) });
    const { anchor } = held.parse(JSON.parse(readFileSync(join(folder, `${raced.id}.json`), "utf8")));
    for (const id of [raced.id, "sa-ffffffff"]) {
      const terms = { ...raced, id, domains: ["www.example.com", "*.example.org"] };
      const text = JSON.stringify([digestOfTerms(terms), anchor.seq, anchor.hash]);
      const mac = createHmac("sha256", key).update(text).digest("hex");
      writeFileSync(join(folder, `${id}.json`), JSON.stringify({ terms, anchor, mac }));
    }
    expect((await store.list()).map(({ id, state, why }) => [id, state, String(why)])).toEqual([
      ["sa-0123abcd", "void", "it does not say what a person approved"],
      ["sa-ffffffff", "void", "the audit log does not say that a person approved it"],
    ]);
    expect(await store.judge(inside)).toEqual({ notCoveredBy: [] });
  });
});

const raced: StandingTerms = {
  id: "sa-0123abcd",
  domains: ["www.example.com"],
  services: ["alibaba-cdn"],
  accounts: ["LTAI1"],
  endpoints: [{ service: "alibaba-cdn", endpoint: "cdn.aliyuncs.com" }],
  from_store: true,
  least_gain_days: 1,
  uses_a_day: 1,
  uses: 1,
  first_day: dateOf(-1),
  last_day: dateOf(1),
  time_zone: "UTC",
  grants: [],
};

const inside: JudgedCall = {
  facts: {
    kind: "deployment",
    certificate: { names: ["www.example.com"], notAfter: new Date(origin + 90 * day), issuer: "CA", strength: 128 },
    distrust: undefined,
    source: { kind: "store" },
    targets: [
      {
        service: "alibaba-cdn",
        domains: ["www.example.com"],
        replaced: [{ names: ["www.example.com"], notAfter: new Date(origin + day), issuer: "CA", strength: 128 }],
        besides: [],
      },
    ],
  },
  operations: ["SetCdnDomainSSLCertificate"],
  accounts: ["LTAI1"],
  endpoints: [{ service: "alibaba-cdn", endpoint: "cdn.aliyuncs.com" }],
  losses: [],
};

const storeIn = (directory: string) => standingApprovalsIn(directory, () => new Date(origin));
