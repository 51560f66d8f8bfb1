import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { alibabaCas, alibabaCdn, huaweiLive, huaweiScm, services, tencentSsl } from "../../src/catalogue/services.js";
import { ToolError } from "../../src/lib/tool-error.js";
import { parseSandboxCertificate } from "../../src/sandbox/certificate.js";
import { expiredCasId, seededCasIds } from "../../src/sandbox/seed/alibaba.js";
import { expiredScmId, seededScmId, servedScmId } from "../../src/sandbox/seed/huawei.js";
import { addCertificate } from "../../src/sandbox/tencent-ssl/lifecycle.js";
import { findCertificates } from "../../src/tools/find-certificates.js";
import { ofRows, rows } from "../support/width.js";
import { addressesServing, day, Station, type StationOptions, second } from "./support.js";

const row = z.object({
  certificate_id: z.string(),
  names: z.array(z.string()),
  status: z.string(),
  source: z.string().optional(),
  alias: z.string().optional(),
  not_before: z.string().optional(),
  not_after: z.string().optional(),
  days_left: z.number().optional(),
  service: z.string().optional(),
  region: z.string().optional(),
  ends_on: z.string().optional(),
  used_by: z.array(z.string()).optional(),
  bindings: z.string().optional(),
  bound_to: z.array(z.string()).optional(),
});
const found = z.object({
  incomplete: z.array(z.string()).optional(),
  counts: z.object({ stores: z.record(z.number()).optional() }).catchall(z.number()),
  matching: z.number(),
  certificates: z.array(row),
  domains: z.array(z.object({ domain: z.string(), covered_next_by: z.string().optional() })).optional(),
  next_cursor: z.string().optional(),
  served_on: z
    .array(
      z.object({
        domain: z.string(),
        served: z.array(
          z.object({
            addresses: z.array(z.string()),
            certificates: z.array(z.object({ sha256: z.string() })),
            problem: z.string().optional(),
          }),
        ),
        problem: z.string().optional(),
      }),
    )
    .optional(),
  not_found: z.string().optional(),
  not_visible: z.array(z.string()),
});

let station: Station;
const openStation = async (options?: StationOptions) => {
  station = await Station.open(options);
};
const closeStation = () => station.close();

/** Without the stores of the other clouds, which have tests of their own. */
const withoutStores = services.filter((service) => service !== alibabaCas && service !== huaweiScm);

const find = (args: Record<string, unknown> = {}) => station.run(findCertificates, args, found);
/** Main names, in the order of the reply. */
const namesOf = ({ certificates }: z.output<typeof found>) => certificates.map(({ names }) => names[0] ?? "none");

describe("the inventory", () => {
  beforeAll(() => openStation({ services: withoutStores }));
  afterAll(closeStation);

  it("is sorted by end, with days left and words, those without an end last", async () => {
    const reply = await find();
    expect(namesOf(reply).slice(0, 3)).toEqual(["legacy.example.org", "example.com", "blog.example.com"]);
    expect(reply.certificates[0]).toMatchObject({ status: "expired", source: "tencent" });
    expect(reply.certificates[1]).toMatchObject({
      certificate_id: station.certificate("storefront"),
      names: ["example.com", "*.example.com"],
      status: "issued",
      source: "uploaded",
      alias: "storefront",
      not_after: "2026-04-21T03:00:00.000Z",
      days_left: 20,
    });
    const ends = reply.certificates.map(({ not_after }) => not_after ?? "9999");
    expect(ends).toEqual([...ends].sort());
    expect(reply.counts).toEqual({
      total: 11,
      expiring_within_30_days: 1,
      issued: 5,
      expired: 1,
      pending: 3,
      closed: 2,
      domains_listed: 7,
    });
  });

  it.each([
    [{ domain: "www.example.com" }, ["example.com", "example.com"]],
    [{ domain: "WWW.Example.COM." }, ["example.com", "example.com"]],
    [{ domain: "a.b.example.com" }, []],
    [{ domain: "example.net" }, []],
    [{ domain: "mail.example.net" }, ["mail.example.net"]],
    [{ domain: "*.example.net" }, ["mail.example.net"]],
    [{ domain: "*.example.org" }, ["legacy.example.org", "preview.example.org"]],
    [{ domain: "*.example.com" }, ["example.com", "blog.example.com", "example.com", "secure.example.com"]],
    [{ domain: "xample.com" }, []],
    [{ expires_within_days: 19 }, []],
    [{ expires_within_days: 20 }, ["example.com"]],
    [{ expires_within_days: 150 }, ["example.com", "blog.example.com", "mail.example.net"]],
    [{ status: "expired" }, ["legacy.example.org"]],
    [{ status: "Closed" }, ["none", "staging.example.invalid"]],
    [{ status: "pending" }, ["none", "preview.example.org", "secure.example.com"]],
    [{ status: "issued", source: "tencent" }, ["blog.example.com"]],
    [{ source: "uploaded", domain: "shop.example.com", expires_within_days: 30 }, ["example.com"]],
  ])("filtered by %j", async (args, expected) => {
    const reply = await find(args);
    const names = namesOf(reply);
    // Without an end there is no order to expect.
    const ordered = reply.certificates.every(({ not_after }) => not_after !== undefined);
    expect(ordered ? names : [...names].sort()).toEqual(ordered ? expected : [...expected].sort());
    expect(reply.matching).toBe(expected.length);
  });

  it("says how to go on", async () => {
    const first = await find({ limit: 4 });
    expect(first.matching).toBe(11);
    const second = await find({ limit: 4, cursor: first.next_cursor });
    const third = await find({ limit: 4, cursor: second.next_cursor });
    const ids = [first, second, third].flatMap(({ certificates }) =>
      certificates.map(({ certificate_id }) => certificate_id),
    );
    expect(new Set(ids).size).toBe(11);
    expect(third.next_cursor).toBeUndefined();
  });

  it("refuses what can be no domain, and sends nothing", async () => {
    station.operations();
    await expect(find({ domain: "no domain" })).rejects.toThrow("is no domain name");
    expect(station.operations()).toEqual([]);
  });
});

describe("what a certificate is bound to", () => {
  beforeEach(() => openStation({ services: withoutStores }));
  afterEach(closeStation);

  it("is told in lines, only for the rows that are shown", async () => {
    const reply = await find({ domain: "www.example.com", limit: 1, with_bindings: true });
    expect(reply.certificates[0]).toMatchObject({
      bindings: "2 clb, 1 cdn, 1 teo",
      bound_to: [
        "clb ap-singapore lb-5k2v8q1t/lbl-3f7w2n9a www.example.com",
        "clb ap-singapore lb-5k2v8q1t/lbl-3f7w2n9a shop.example.com",
        "clb ap-hongkong lb-9d3m7x0c/lbl-6r1y4j8e www.example.com",
        "cdn static.example.com",
        "teo zone-sandboxdemo www.example.com",
      ],
    });
    expect(station.paused).toBeGreaterThanOrEqual(15 * second);
    const tasks = station.sandbox.requests.filter(({ operation }) => /SyncTask$/.test(operation));
    expect(tasks.map(({ params }) => params)).toEqual([
      { CertificateIds: [station.certificate("storefront")], IsCache: 1 },
    ]);
    expect(station.said.join("\n")).toContain("0 of 1 looked up");
  });

  it("is cut where there is more than fits, and the rest is counted", async () => {
    const certificateId = station.certificate("mail");
    for (let n = 0; n < 150; n++) {
      const domain = { name: `d${n}.example.net`, status: "online", certificateId, changedAt: station.now() } as const;
      station.sandbox.account.ssl.cdnDomains.push(domain);
    }
    const [mail] = (await find({ domain: "mail.example.net", with_bindings: true })).certificates;
    expect(mail?.bindings).toBe("150 cdn");
    expect(mail?.bound_to).toHaveLength(101);
    expect(mail?.bound_to?.slice(-2)).toEqual(["cdn d99.example.net", "and 50 more"]);
  });

  it("is open for a CA certificate that serves nowhere", async () => {
    const reply = await find({ source: "uploaded", with_bindings: true });
    expect(reply.certificates.at(-1)).toMatchObject({
      alias: "sandbox root",
      bindings: "none reported; client verification may use it",
    });
  });

  it("is none for what was never issued, without asking", async () => {
    const reply = await find({ status: "pending", with_bindings: true });
    expect(reply.certificates.map(({ bindings }) => bindings)).toEqual(["none", "none", "none"]);
    expect(station.operations()).toEqual(["DescribeCertificates"]);
  });

  it("is said to be looked up still, and never to be none, when the time is over", async () => {
    station.sandbox.account.clock.since = () => 0;
    const reply = await find({ domain: "www.example.com", with_bindings: true });
    expect(reply.certificates.map(({ bindings }) => bindings)).toEqual([
      "still being looked up by the cloud",
      "still being looked up by the cloud",
    ]);
    expect(station.paused).toBe(40 * second);
    const unbound = await find({ domain: "www.example.com", unbound: true });
    expect(unbound.certificates).toEqual([]);
    expect(unbound.incomplete?.join()).toMatch(/For 2 it is unknown .*still being looked up/);
  });

  it("unbound shows what nothing uses; CA certificates and what was never issued are left out", async () => {
    const reply = await find({ unbound: true });
    expect(namesOf(reply)).toEqual(["legacy.example.org", "blog.example.com", "mail.example.net", "example.com"]);
    expect(reply.certificates.map(({ alias }) => alias)).not.toContain("storefront");
    expect(reply.certificates.every(({ bindings }) => bindings === "none")).toBe(true);
    expect(reply.incomplete).toEqual([expect.stringContaining("CA certificates are left out (1)")]);
  });

  it("unbound looks through 300 at most, a hundred a call, and says so", async () => {
    const { account } = station.sandbox;
    const material = account.ssl.certificates.get(station.certificate("mail"))?.material;
    if (material === undefined) throw new Error("an uploaded certificate has material");
    for (let n = 0; n < 310; n++) addCertificate(account, { status: 1, material, alias: `copy ${n}` });
    const reply = await find({ unbound: true, source: "uploaded", limit: 100 });
    expect(reply.incomplete?.join()).toContain("Only the first 300 of 313 were looked up");
    expect(reply).toMatchObject({ matching: 299, next_cursor: expect.any(String) });
    const sizes = station.sandbox.requests.flatMap(({ operation, params }) =>
      operation === "CreateCertificateBindResourceSyncTask"
        ? z.object({ CertificateIds: z.array(z.string()) }).parse(params).CertificateIds.length
        : [],
    );
    expect(sizes).toEqual([100, 100, 100]);
  });
});

describe("two stores with the same id", () => {
  beforeAll(() => openStation());
  afterAll(closeStation);

  it("are both shown, page by page", async () => {
    const { cas } = station.sandbox.account;
    const id = seededCasIds["cn-hangzhou"];
    const original = cas["cn-hangzhou"].byId(id);
    if (original === undefined) throw new Error("the sandbox has no such certificate");
    cas["ap-southeast-1"].insert({ ...original });
    const first = await find({ certificate_id: id, limit: 1 });
    const second = await find({ certificate_id: id, limit: 1, cursor: first.next_cursor });
    expect(first.matching).toBe(2);
    expect([...first.certificates, ...second.certificates].map(({ region }) => region).sort()).toEqual([
      "ap-southeast-1",
      "cn-hangzhou",
    ]);
  });
});

describe("the stores of Alibaba Cloud and Huawei Cloud", () => {
  beforeAll(() => openStation());
  afterAll(closeStation);

  /** Service, region, id and whether a domain has it, in the order of the reply. */
  const elsewhere = ({ certificates }: z.output<typeof found>) =>
    certificates.flatMap(({ service, region, certificate_id, used_by }) =>
      service === undefined ? [] : [[service, region, certificate_id, used_by]],
    );
  const users = ["app.example.com (alibaba-dcdn)", "img.example.com (alibaba-cdn)", "vod.example.com (alibaba-vod)"];
  const served = () => station.sandbox.account.cdn.get("img.example.com")?.certificate?.id;

  it("are in the same list, each with its store, its end and the domains that have it", async () => {
    const reply = await find();
    expect(elsewhere(reply)).toEqual([
      ["alibaba-cas", "cn-hangzhou", `${expiredCasId}-cn-hangzhou`, []],
      ["huawei-scm", undefined, expiredScmId, []],
      ["alibaba-cas", "cn-hangzhou", `${served()}-cn-hangzhou`, users],
      ["huawei-scm", undefined, servedScmId, ["play.example.com (huawei-live)"]],
      ["alibaba-cas", "ap-southeast-1", `${seededCasIds["ap-southeast-1"]}-ap-southeast-1`, []],
      ["alibaba-cas", "cn-hangzhou", `${seededCasIds["cn-hangzhou"]}-cn-hangzhou`, []],
      ["huawei-scm", undefined, seededScmId, []],
    ]);
    expect(reply.certificates.find(({ certificate_id }) => certificate_id === seededScmId)).toEqual({
      certificate_id: seededScmId,
      service: "huawei-scm",
      names: ["play.example.com"],
      status: "issued",
      source: "uploaded",
      alias: "play-example-com",
      ends_on: "2026-09-28",
      days_left: 179,
      used_by: [],
    });
    expect(reply.incomplete).toBeUndefined();
    expect(reply.counts).toMatchObject({
      total: 18,
      stores: { tencent_ssl: 11, alibaba_cas_cn_hangzhou: 3, alibaba_cas_ap_southeast_1: 1, huawei_scm: 3 },
      issued: 10,
      expired: 3,
      expiring_within_30_days: 3,
    });
  });

  it.each([
    [{ status: "expired" }, ["alibaba-cas", "huawei-scm"]],
    [{ expires_within_days: 30 }, ["alibaba-cas", "huawei-scm"]],
    [{ domain: "a.cdn.example.com" }, ["alibaba-cas"]],
    [{ source: "tencent" }, []],
    [{ certificate_id: seededCasIds["cn-hangzhou"] }, ["alibaba-cas"]],
  ])("are filtered like the others: %j", async (filter, services) => {
    expect(elsewhere(await find(filter)).map(([service]) => service)).toEqual(services);
  });

  it("are no successor outside their own cloud, and none of what a domain has", async () => {
    const { domains } = await station.run(
      findCertificates,
      {},
      z.object({ domains: z.array(z.object({ domain: z.string(), covered_next_by: z.string().optional() })) }),
    );
    const nextOf = (name: string) => domains.find(({ domain }) => domain === name)?.covered_next_by;
    const tencent = new Set(station.sandbox.account.ssl.certificates.keys());
    expect(tencent.has(nextOf("www.example.com") ?? "")).toBe(true);
    // The longest of both stores of its cloud and of Tencent Cloud SSL.
    expect(nextOf("vod.example.com")).toBeDefined();
    expect(nextOf("vod.example.com")).not.toBe(served());
  });

  it("are never called unbound, because other products may use them", async () => {
    const reply = await find({ unbound: true });
    expect(elsewhere(reply)).toEqual([]);
    expect(reply.incomplete?.join("\n")).toMatch(/7 in the stores of Alibaba Cloud and Huawei Cloud are left out/);
  });

  it("hand over no key", async () => {
    for (const filter of [{}, { with_bindings: true }]) {
      expect(JSON.stringify(await find(filter))).not.toContain("PRIVATE KEY");
    }
  });
});

describe("400 more domains", () => {
  beforeAll(() => openStation({ domains: 400, services: withoutStores }));
  afterAll(closeStation);

  it("take a call for each page, site and VOD domain, and no other", async () => {
    station.operations();
    const reply = await find({ limit: 100 });
    expect(reply.counts.domains_listed).toBe(407);
    const calls = station.operations();
    const count = (name: string) => calls.filter((call) => call === name).length;
    expect({
      DescribeZones: count("DescribeZones"),
      DescribeAccelerationDomains: count("DescribeAccelerationDomains"),
      DescribeUserDomains: count("DescribeUserDomains"),
      DescribeCdnHttpsDomainList: count("DescribeCdnHttpsDomainList"),
      DescribeDcdnUserDomains: count("DescribeDcdnUserDomains"),
      DescribeDcdnHttpsDomainList: count("DescribeDcdnHttpsDomainList"),
      DescribeVodUserDomains: count("DescribeVodUserDomains"),
      DescribeVodDomainCertificateInfo: count("DescribeVodDomainCertificateInfo"),
      ShowDomain: count("ShowDomain"),
      ShowCertificateInfo: count("ShowCertificateInfo"),
      DescribeCertificates: count("DescribeCertificates"),
    }).toEqual({
      DescribeZones: 1,
      DescribeAccelerationDomains: 2,
      DescribeUserDomains: 1,
      DescribeCdnHttpsDomainList: 1,
      DescribeDcdnUserDomains: 1,
      DescribeDcdnHttpsDomainList: 1,
      DescribeVodUserDomains: 2,
      DescribeVodDomainCertificateInfo: 81,
      ShowDomain: 1,
      ShowCertificateInfo: 1,
      DescribeCertificates: 1,
    });
    expect(calls).toHaveLength(93);
  });

  it.each(rows<{ with_edges?: boolean }>([{ with_edges: true }, {}], 1))(
    "are shown page by page under 20,000 tokens, each once: %j",
    ofRows,
    async (more) => {
      const shown: string[] = [];
      let cursor: string | undefined;
      do {
        const page: z.output<typeof found> = await find({ limit: 100, cursor, ...more });
        expect(countTokens(JSON.stringify(page))).toBeLessThan(20_000);
        shown.push(...(page.domains ?? []).map(({ domain }) => domain));
        cursor = page.next_cursor;
      } while (cursor !== undefined);
      expect(new Set(shown).size).toBe(407);
      expect(shown).toHaveLength(407);
    },
  );

  it.each([{ status: "issued" }, { source: "uploaded" }])(
    "are neither shown nor counted where stored certificates alone are asked for: %j",
    async (filter) => {
      const reply = await find(filter);
      expect(reply.domains).toBeUndefined();
      expect(reply.counts.domains_listed).toBeUndefined();
    },
  );
});

describe("what takes over from the certificate of a domain", () => {
  beforeAll(() => openStation());
  afterAll(closeStation);

  it("is none that is not valid at its end, which its row says, nor one for longer than browsers accept, at no call more", async () => {
    const { account, requests } = station.sandbox;
    const stored = async (from: number, to: number) => {
      const [notBefore, notAfter] = [from, to].map((days) => new Date(station.now().getTime() + days * day));
      if (notBefore === undefined || notAfter === undefined) throw new Error("unreachable");
      const names = ["example.com", "*.example.com"];
      const pair = await account.authority.issue({ names, key: "EC-P256", notBefore, notAfter });
      const parsed = parseSandboxCertificate(pair.certificatePem);
      if (parsed === undefined) throw new Error("the certificate does not parse");
      return addCertificate(account, { status: 1, material: { ...pair, parsed }, alias: `from ${from}` }).id;
    };
    const nextOf = ({ domains = [] }: z.output<typeof found>) =>
      domains.find(({ domain }) => domain === "www.example.com")?.covered_next_by;
    const before = await find({ fresh: true });
    expect(nextOf(before)).toBe(station.certificate("storefront, next"));
    const calls = requests.length;
    const [future, endless] = [await stored(100, 190), await stored(-1, 5_000)];
    station.pass(second);
    const reply = await find({ fresh: true });
    expect(requests.length - calls).toBe(calls);
    expect(nextOf(reply)).toBe(station.certificate("storefront, next"));
    const startOf = (id: string) => reply.certificates.find((each) => each.certificate_id === id)?.not_before;
    expect(startOf(future)).toBe(new Date(station.now().getTime() - second + 100 * day).toISOString());
    expect(startOf(endless)).toBeUndefined();
  });
});

describe("what a certificate is used by, without a look-up", () => {
  beforeAll(() => openStation());
  afterAll(closeStation);
  const used = (reply: z.output<typeof found>, id: string) =>
    reply.certificates.find(({ certificate_id: each }) => each === id)?.used_by;

  it("names the hosts of EdgeOne that the same reply lists with it, and says nothing where there are none", async () => {
    const reply = await find();
    expect(used(reply, station.certificate("storefront"))).toEqual(["www.example.com (tencent-edgeone)"]);
    expect(reply.certificates.some(({ certificate_id: id }) => id === station.certificate("mail"))).toBe(true);
    expect(used(reply, station.certificate("mail"))).toBeUndefined();
  });

  it("makes an expired certificate one that expires soon, and only then", async () => {
    const ids = async () =>
      (await find({ expires_within_days: 30, fresh: true })).certificates.map((each) => each.certificate_id);
    const { account } = station.sandbox;
    const pair = await account.authority.issue({
      names: ["shop.example.com"],
      key: "EC-P256",
      notBefore: new Date(station.now().getTime() - 90 * day),
      notAfter: new Date(station.now().getTime() - day),
    });
    const parsed = parseSandboxCertificate(pair.certificatePem);
    if (parsed === undefined) throw new Error("the certificate does not parse");
    const { id } = addCertificate(account, { status: 1, material: { ...pair, parsed }, alias: "forgotten" });
    expect(await ids()).not.toContain(id);
    const host = account.zones.get("zone-sandboxdemo")?.hosts.get("shop.example.com");
    Object.assign(host ?? {}, { mode: "sslcert", certificateIds: [id] });
    station.pass(second);
    expect(await ids()).toContain(id);
    Object.assign(host ?? {}, { mode: "disable", certificateIds: [] });
    station.pass(second);
  });

  it("shows the domains without HTTPS alone", async () => {
    const reply = await find({ https_off: true, fresh: true });
    expect(reply.certificates).toEqual([]);
    expect(reply.domains?.map(({ domain }) => domain).sort()).toEqual(["*.cdn.example.com", "shop.example.com"]);
  });

  it("tells an id that nothing has from one that a filter leaves out", async () => {
    expect((await find({ certificate_id: "wrong123" })).not_found).toMatch(
      /^No stored certificate has the id or name "wrong123"/,
    );
    const left = await find({ certificate_id: station.certificate("mail"), expires_within_days: 0 });
    expect([left.matching, left.not_found]).toEqual([0, undefined]);
  });
});

describe("what is in use", () => {
  beforeEach(() => openStation());
  afterEach(closeStation);
  const usersOf = (reply: z.output<typeof found>, id: string) =>
    reply.certificates.find((each) => each.certificate_id === id)?.used_by;
  const storefrontHosts = ["www.example.com (tencent-edgeone)"];
  const otherProducts =
    "2 expired in Alibaba Cloud Certificate Management, Huawei Cloud Certificate Manager are left out: no listed domain has them, but other products there may. status expired lists them.";
  const playDomains = ["play.example.com (huawei-live)"];

  /** Its end passes, while load balancers and CDN still have it, and no host. */
  function storefrontExpires(): string {
    const id = station.certificate("storefront");
    const host = station.sandbox.account.zones.get("zone-sandboxdemo")?.hosts.get("www.example.com");
    Object.assign(host ?? {}, { certificateIds: [station.certificate("mail")] });
    station.pass(25 * day);
    return id;
  }

  it("is looked up for what has expired, of those that expire by then: only what nothing uses is left out", async () => {
    const id = storefrontExpires();
    const reply = await find({ expires_within_days: 30, with_bindings: true });
    const expired = reply.certificates.filter(({ status, service }) => status === "expired" && service === undefined);
    expect(expired).toMatchObject([{ certificate_id: id, days_left: -5, bindings: "2 clb, 1 cdn" }]);
    expect(reply.incomplete).toEqual([otherProducts]);
    expect(station.operations().filter((name) => /SyncTask$/.test(name))).toHaveLength(1);
  });

  it("is looked up once for what has expired, however many pages follow", async () => {
    const id = storefrontExpires();
    const lookedUp = () =>
      station.sandbox.requests.flatMap(({ operation, params }) =>
        operation === "CreateCertificateBindResourceSyncTask"
          ? z.object({ CertificateIds: z.array(z.string()) }).parse(params).CertificateIds
          : [],
      );
    const args = { expires_within_days: 365, with_bindings: true, limit: 1 };
    const shown: string[] = [];
    let [page, pages] = [await find(args), 1];
    for (; page.next_cursor !== undefined; pages++) {
      shown.push(...page.certificates.map((each) => each.certificate_id));
      page = await find({ ...args, cursor: page.next_cursor });
    }
    shown.push(...page.certificates.map((each) => each.certificate_id));
    expect(pages).toBeGreaterThan(3);
    expect(shown.filter((each) => each === id)).toHaveLength(1);
    expect(new Set(shown).size).toBe(shown.length);
    const expired = [...station.sandbox.account.ssl.certificates.values()].find(
      ({ material }) => material?.parsed.names.includes("legacy.example.org") ?? false,
    )?.id;
    expect(lookedUp().filter((each) => each === expired)).toHaveLength(1);
    expect(page.incomplete?.join()).toContain("matching is at most so many: it counts 2 expired before this page");
  });

  it("is unknown where nobody looked: those that have expired are counted as left out", async () => {
    storefrontExpires();
    const reply = await find({ expires_within_days: 30 });
    expect(reply.certificates.filter(({ service }) => service === undefined)).toEqual([]);
    expect(reply.incomplete).toEqual([
      "2 expired in Tencent Cloud SSL are left out: what uses them was not looked up. with_bindings does at Tencent Cloud SSL; status expired lists them.",
      otherProducts,
    ]);
  });

  it("is shown while the cloud is still looking", async () => {
    const id = storefrontExpires();
    station.sandbox.account.clock.since = () => 0;
    const reply = await find({ expires_within_days: 30, with_bindings: true });
    expect(reply.certificates).toContainEqual(
      expect.objectContaining({ certificate_id: id, bindings: "still being looked up by the cloud" }),
    );
  });

  it("is unknown in another cloud whose products were not all looked at", async () => {
    await closeStation();
    await openStation({ services: [alibabaCas, alibabaCdn] });
    const reply = await find({ expires_within_days: 0 });
    expect(reply.certificates).toEqual([]);
    expect(reply.incomplete).toEqual([
      "1 expired in Alibaba Cloud Certificate Management is left out: what uses it was not looked up. status expired lists it.",
    ]);
  });

  it("is found for the store of one service, too, of what has expired", async () => {
    station.pass(25 * day);
    const live = await find({ service: "huawei-scm", expires_within_days: 30 });
    expect(usersOf(live, servedScmId)).toEqual(playDomains);
    const cas = await find({ service: "alibaba-cas", expires_within_days: 30 });
    expect(cas.certificates.map(({ used_by: domains }) => domains?.length)).toEqual([3]);
  });

  it("is open for what has expired without a listed domain, wherever other products may have it", async () => {
    const args = { expires_within_days: 30, service: "alibaba-cas" };
    expect((await find(args)).incomplete).toEqual([
      "1 expired in Alibaba Cloud Certificate Management is left out: no listed domain has it, but other products there may. status expired lists it.",
    ]);
    for (const more of [{ status: "issued" }, { certificate_id: seededCasIds["cn-hangzhou"] }, { unbound: true }])
      expect((await find({ ...args, ...more })).incomplete?.join() ?? "").not.toContain("expired in");
    expect((await find({ expires_within_days: 30, certificate_id: expiredScmId })).incomplete?.join()).toContain(
      "1 expired in Huawei Cloud Certificate Manager",
    );
  });

  it.each([
    [{ service: "tencent-ssl" }, storefrontHosts, undefined],
    [{ service: "huawei-scm" }, undefined, playDomains],
    [{ status: "issued" }, storefrontHosts, playDomains],
    [{ source: "uploaded" }, storefrontHosts, playDomains],
    [{ same_key: true }, storefrontHosts, undefined],
  ])("is found whatever filter leaves out the domains: %j", async (filter, storefront, live) => {
    const copied = station.sandbox.account.ssl.certificates.get(station.certificate("storefront"))?.material;
    if (copied === undefined) throw new Error("an uploaded certificate has material");
    addCertificate(station.sandbox.account, { status: 1, material: copied, alias: "copy" });
    const reply = await find(filter);
    expect(reply.domains).toBeUndefined();
    expect(usersOf(reply, station.certificate("storefront"))).toEqual(storefront);
    expect(usersOf(reply, servedScmId)).toEqual(live);
  });

  it("of one store takes no call to another cloud", async () => {
    await find({ service: "huawei-scm" });
    expect(station.operations().sort()).toEqual(["ListCertificates", "ShowCertificateInfo", "ShowDomain"]);
  });

  it("is not said to have been looked for where it was not", async () => {
    const reply = await find({ unbound: true });
    expect(reply.not_visible.join()).not.toMatch(/used_by|was not looked up/);
  });
});

describe("what it cannot see", () => {
  afterEach(closeStation);

  it("is said by the services that are set up", async () => {
    await openStation();
    expect((await find()).not_visible.join("\n")).toMatch(
      /other products of Alibaba Cloud.*\n.*no revoked certificates.*\n.*only domains of the kind dynamic.*\n.*only the configured project/,
    );
    await closeStation();
    await openStation({ services: [tencentSsl] });
    expect((await find()).not_visible).toEqual([
      "Not set up here, so not looked at: Tencent Cloud EdgeOne, Alibaba Cloud CDN, Alibaba Cloud DCDN, Alibaba Cloud VOD, Alibaba Cloud Certificate Management, Huawei Cloud Live, Huawei Cloud Certificate Manager.",
      "What uses the certificates of Tencent Cloud SSL was not looked up: with_bindings does.",
    ]);
    expect((await find({ with_bindings: true })).not_visible.join()).not.toContain("was not looked up");
  });

  it("does not keep the edge from being looked at", async () => {
    await openStation({ services: [alibabaCdn, huaweiLive] });
    station.edge.serve("img.example.com", () =>
      addressesServing("img.example.com", "a".repeat(64), "b".repeat(64), "a".repeat(64)),
    );
    station.edge.serve("play.example.com", () =>
      addressesServing("play.example.com", "a".repeat(64), { problem: "connection refused" }),
    );
    const reply = await find({ served_on: ["img.example.com", "play.example.com", "gone.example.com"] });
    expect(reply.certificates).toEqual([]);
    expect(reply.not_visible[0]).toContain("Not set up here, so not looked at: Tencent Cloud SSL,");
    expect(reply.served_on).toMatchObject([
      {
        served: [
          { addresses: ["192.0.2.1", "192.0.2.3"], certificates: [{ sha256: "a".repeat(64) }] },
          { addresses: ["192.0.2.2"], certificates: [{ sha256: "b".repeat(64) }] },
        ],
      },
      {
        served: [
          { addresses: ["192.0.2.1"], certificates: [{ sha256: "a".repeat(64) }] },
          { addresses: ["192.0.2.2"], problem: "connection refused" },
        ],
      },
      { domain: "gone.example.com", problem: "the name does not resolve" },
    ]);
    expect(station.sandbox.requests.some(({ service }) => service.startsWith("tencent"))).toBe(false);
  });

  it("says why what an edge serves is not trusted", async () => {
    await openStation();
    const { addresses, ...about } = addressesServing("www.example.com", "a".repeat(64));
    const distrusted = addresses.map(({ certificates, ...at }) => ({
      ...at,
      certificates: certificates.map((each) => ({ ...each, trusted: false, distrust: "unknown issuer" })),
    }));
    station.edge.serve("www.example.com", () => ({ ...about, addresses: distrusted }));
    const args = { domain: "www.example.com", with_edges: true };
    const { domains } = await station.run(findCertificates, args, z.object({ domains: z.array(z.unknown()) }));
    expect(domains).toMatchObject([{ edge: { trusted: false, distrust: "unknown issuer" } }]);
  });

  it("without credentials: a failure that says what to set, unless there is an edge to look at", async () => {
    await openStation({ services, bare: true });
    await expect(find()).rejects.toThrow("no credentials for Tencent Cloud SSL");
    const reply = await find({ served_on: ["gone.example.com"] });
    expect(reply.served_on).toHaveLength(1);
    expect(reply.incomplete?.[0]).toContain("no credentials for Tencent Cloud SSL");
  });

  it("passes on why the operator's settings forbid a look", async () => {
    await openStation();
    station.edge.serve("forbidden.example.com", () => {
      throw new ToolError({
        kind: "refused",
        happened: "The operator does not allow it.",
        changed: "no",
        next: "Stop.",
      });
    });
    const reply = await find({ served_on: ["forbidden.example.com"] });
    expect(reply.served_on).toEqual([
      { domain: "forbidden.example.com", problem: "The operator does not allow it.", served: [] },
    ]);
  });
});
