import { describe, expect, it } from "vitest";
import {
  alibabaCdn,
  alibabaDcdn,
  alibabaVod,
  huaweiLive,
  type Service,
  services,
  tencentEdgeone,
  tencentSsl,
} from "../../../src/catalogue/services.js";
import type { JsonObject } from "../../../src/lib/json.js";
import { ToolError } from "../../../src/lib/tool-error.js";
import type { ToolContext } from "../../../src/pipeline/tool.js";
import { domainRow, selectDomains } from "../../../src/tools/inventory/domain-rows.js";
import { listDomains } from "../../../src/tools/inventory/domains.js";
import type { ListedDomain } from "../../../src/tools/inventory/listing.js";

/** Domains as the clouds list them, with the replies that the vendors' SDKs allow. */

const refused = (code: string) => {
  throw new ToolError({ kind: "cloud", happened: `refused with ${code}.`, changed: "no", next: "Stop.", code });
};

type Replies = Readonly<Record<string, (params: JsonObject) => JsonObject>>;

function listing(replies: Replies, set: readonly Service[], project: string | null = "p1") {
  const asked: string[] = [];
  const limits: (number | undefined)[] = [];
  const context: Partial<ToolContext> = {
    services: new Set(set),
    huaweiProjectId: project ?? undefined,
    signal: new AbortController().signal,
    pause: async () => {},
    read: async ({ name }, params, within) => {
      asked.push(name);
      limits.push(within);
      return replies[name]?.(params) ?? {};
    },
  };
  return { asked, limits, listed: listDomains(contextOf(context)) };
}

/** Only what the inventory uses; anything else throws. */
function contextOf(given: Partial<ToolContext>): ToolContext {
  return new Proxy(Object.assign(Object.create(null), given), {
    get: (target: Record<string | symbol, unknown>, name) => {
      if (!(name in target)) throw new Error(`the inventory uses ${String(name)}`);
      return target[name];
    },
  });
}

const brief = ({ domain, https, certificates }: ListedDomain) => [domain, https, certificates];

const vod = {
  DescribeVodUserDomains: () => ({ Domains: { PageData: [{ DomainName: "v.example.com", SslProtocol: "off" }] } }),
};

const noHttps = { DescribeCdnHttpsDomainList: () => refused("NoHttpsDomain") };

describe("Alibaba CDN", () => {
  const domains = (...rows: readonly JsonObject[]) => ({
    DescribeUserDomains: () => ({ TotalCount: rows.length, Domains: { PageData: rows } }),
  });

  it("joins the domains with those that have a certificate", async () => {
    const { listed } = listing(
      {
        ...domains(
          { DomainName: "a.example.com", SslProtocol: "on" },
          { DomainName: ".b.example.com", SslProtocol: "off" },
          { DomainName: "c.example.com", SslProtocol: "off" },
          { DomainName: "", SslProtocol: "on" },
        ),
        DescribeCdnHttpsDomainList: () => ({
          TotalCount: 2,
          CertInfos: {
            CertInfo: [
              { DomainName: "a.example.com", CertName: "one", CertExpireTime: "2026-05-01 10:00:00", CertStatus: "ok" },
              { DomainName: "c.example.com", CertExpireTime: "soon", CertStatus: "mismatch" },
            ],
          },
        }),
      },
      [alibabaCdn],
    );
    const { domains: found, unseen } = await listed;
    expect(unseen).toEqual(["Alibaba Cloud CDN: rows without a name were left out: 1."]);
    expect(found.map(brief)).toEqual([
      ["a.example.com", true, [{ name: "one", ends: "2026-05-01", state: undefined }]],
      ["*.b.example.com", false, []],
      ["c.example.com", false, [{ name: undefined, ends: undefined, state: "mismatch" }]],
    ]);
  });

  it("has each domain once, in DNS form, however the two lists spell it", async () => {
    const { listed } = listing(
      {
        ...domains(
          { DomainName: "WWW.Example.com", SslProtocol: "on" },
          { DomainName: "xn--fiqs8s.example.net", SslProtocol: "on" },
        ),
        DescribeCdnHttpsDomainList: () => ({
          TotalCount: 2,
          CertInfos: {
            CertInfo: [
              { DomainName: "www.example.com", CertName: "one" },
              { DomainName: "中国.example.net", CertName: "two" },
            ],
          },
        }),
      },
      [alibabaCdn],
    );
    expect((await listed).domains.map(({ domain, certificates: [own] }) => [domain, own?.name])).toEqual([
      ["www.example.com", "one"],
      ["xn--fiqs8s.example.net", "two"],
    ]);
  });

  it("has a domain that only the list of certificates shows, and says where the switch cannot be read", async () => {
    const { listed } = listing(
      {
        ...domains(
          { DomainName: "a.example.com", SslProtocol: "ON" },
          { DomainName: "b.example.com" },
          { DomainName: "c.example.com", SslProtocol: null },
        ),
        DescribeCdnHttpsDomainList: () => ({
          TotalCount: 2,
          CertInfos: {
            CertInfo: ["b.example.com", "d.example.com"].map((DomainName) => ({
              ...{ DomainName, CertExpireTime: "2026-05-01T10:00:00.000Z" },
            })),
          },
        }),
      },
      [alibabaCdn],
    );
    const { domains: found, unseen, doubts, partial } = await listed;
    const ends = "2026-05-01T10:00:00Z";
    expect(found.map(({ domain, https, certificates: [held] }) => [domain, https, held?.ends])).toEqual([
      ["a.example.com", true, undefined],
      ["b.example.com", true, ends],
      ["c.example.com", undefined, undefined],
      ["d.example.com", true, ends],
    ]);
    expect(doubts).toEqual([
      "Alibaba Cloud CDN: the list does not say whether HTTPS is on for b.example.com, c.example.com.",
    ]);
    expect({ unseen, partial }).toEqual({ unseen: [], partial: [] });
  });

  it("takes the code for no domain with HTTPS as an empty list", async () => {
    const { listed } = listing(
      {
        ...domains({ DomainName: "a.example.com", SslProtocol: "off" }),
        DescribeCdnHttpsDomainList: () => refused("NoHttpsDomain"),
      },
      [alibabaCdn],
    );
    expect((await listed).domains.map(brief)).toEqual([["a.example.com", false, []]]);
  });

  it("that may not be read is a sentence, and the others are listed", async () => {
    const { listed } = listing({ DescribeUserDomains: () => refused("Forbidden.RAM"), ...vod }, [
      alibabaCdn,
      alibabaVod,
    ]);
    const { domains: found, unseen, off } = await listed;
    expect(unseen).toEqual(["Alibaba Cloud CDN: the domains could not be listed. refused with Forbidden.RAM."]);
    expect(off).toEqual([]);
    expect(found.map(brief)).toEqual([["v.example.com", false, []]]);
  });

  it("or DCDN that was never switched on has no domains, and nothing is missing", async () => {
    const { listed } = listing(
      {
        DescribeUserDomains: () => refused("CdnServiceNotFound"),
        DescribeCdnHttpsDomainList: () => refused("CdnServiceNotFound"),
        DescribeDcdnUserDomains: () => refused("DcdnServiceNotFound"),
        DescribeDcdnHttpsDomainList: () => refused("DcdnServiceNotFound"),
        ...vod,
      },
      [alibabaCdn, alibabaDcdn, alibabaVod],
    );
    const { domains: found, unseen, off } = await listed;
    expect(unseen).toEqual([]);
    expect(off).toEqual([
      "Alibaba Cloud CDN: not switched on for this account, so it has no domains.",
      "Alibaba Cloud DCDN: not switched on for this account, so it has no domains.",
    ]);
    expect(found.map(brief)).toEqual([["v.example.com", false, []]]);
  });

  it("reads page after page, and no page after a short one or the total", async () => {
    const names = Array.from({ length: 1_000 }, (_, index) => `d${index}.example.com`);
    const { listed, asked } = listing(
      {
        ...noHttps,
        DescribeUserDomains: ({ PageNumber, PageSize }) => {
          const [page, size] = [Number(PageNumber), Number(PageSize)];
          const rows = names
            .slice((page - 1) * size, page * size)
            .map((DomainName) => ({ DomainName, SslProtocol: "off" }));
          return { TotalCount: names.length, Domains: { PageData: rows } };
        },
      },
      [alibabaCdn],
    );
    expect((await listed).domains).toHaveLength(1_000);
    expect(asked.filter((name) => name === "DescribeUserDomains")).toHaveLength(2);
  });

  it.each([20, 1])("is read to its end where the cloud gives %i rows at most, whatever is asked for", async (most) => {
    const names = Array.from({ length: 45 }, (_, index) => `d${index}.example.com`);
    const { listed, asked } = listing(
      {
        ...noHttps,
        DescribeUserDomains: ({ PageNumber, PageSize }) => {
          const [page, size] = [Number(PageNumber), Math.min(most, Number(PageSize))];
          const rows = names.slice((page - 1) * size, page * size);
          return {
            TotalCount: 45,
            PageSize: size,
            Domains: { PageData: rows.map((DomainName) => ({ DomainName, SslProtocol: "off" })) },
          };
        },
      },
      [alibabaCdn],
    );
    const { domains, unseen } = await listed;
    expect(domains.map(({ domain }) => domain)).toEqual(names);
    expect(unseen).toEqual([]);
    expect(asked.filter((name) => name === "DescribeUserDomains")).toHaveLength(Math.ceil(45 / most));
  });

  it("that counts more than it lists is said to be cut, after one look for more", async () => {
    const row = { DomainName: "a.example.com", SslProtocol: "off" };
    const { listed, asked } = listing(
      { ...noHttps, DescribeUserDomains: () => ({ TotalCount: 45, Domains: { PageData: [row] } }) },
      [alibabaCdn],
    );
    expect((await listed).unseen).toEqual(["Alibaba Cloud CDN: the cloud counts more than it listed."]);
    expect(asked.filter((name) => name === "DescribeUserDomains")).toHaveLength(2);
  });

  it("is not read without end where each page repeats the first", async () => {
    const rows = Array.from({ length: 500 }, (_, index) => ({
      DomainName: `d${index}.example.com`,
      SslProtocol: "off",
    }));
    const { listed, asked } = listing({ ...noHttps, DescribeUserDomains: () => ({ Domains: { PageData: rows } }) }, [
      alibabaCdn,
    ]);
    expect((await listed).domains).toHaveLength(500);
    expect(asked.length).toBeLessThan(5);
  });

  it("whose list has another form is unseen, not empty", async () => {
    const { listed } = listing({ DescribeUserDomains: () => ({ Domains: { PageData: "none" } }) }, [alibabaCdn]);
    expect((await listed).unseen.join()).toContain("undocumented form");
  });
});

describe("Alibaba DCDN", () => {
  it("is joined like CDN, with its own names", async () => {
    const { listed, asked } = listing(
      {
        DescribeDcdnUserDomains: () => ({
          TotalCount: 2,
          Domains: {
            PageData: [
              { DomainName: "a.example.com", SSLProtocol: "on" },
              { DomainName: ".b.example.com", SSLProtocol: "off" },
            ],
          },
        }),
        DescribeDcdnHttpsDomainList: () => ({
          TotalCount: 1,
          CertInfos: {
            CertInfo: [{ DomainName: "a.example.com", CertName: "one", CertExpireTime: "2026-05-01 10:00:00" }],
          },
        }),
      },
      [alibabaDcdn],
    );
    const { domains: found, unseen } = await listed;
    expect(unseen).toEqual([]);
    expect(found.map(({ service }) => service)).toEqual([alibabaDcdn, alibabaDcdn]);
    expect(found.map(brief)).toEqual([
      ["a.example.com", true, [{ name: "one", ends: "2026-05-01", state: undefined }]],
      ["*.b.example.com", false, []],
    ]);
    expect(asked.sort()).toEqual(["DescribeDcdnHttpsDomainList", "DescribeDcdnUserDomains"]);
  });

  it("without a domain with HTTPS is listed all the same", async () => {
    const { listed } = listing(
      {
        DescribeDcdnUserDomains: () => ({
          Domains: { PageData: [{ DomainName: "a.example.com", SSLProtocol: "off" }] },
        }),
        DescribeDcdnHttpsDomainList: () => refused("NoHttpsDomain"),
      },
      [alibabaDcdn],
    );
    expect((await listed).domains.map(brief)).toEqual([["a.example.com", false, []]]);
  });
});

it("a VOD domain whose certificate may not be read is a sentence, and is listed with the others", async () => {
  const rows = ["a.example.com", "b.example.com"].map((DomainName) => ({ DomainName, SslProtocol: "on" }));
  const { listed } = listing(
    {
      DescribeVodUserDomains: () => ({ TotalCount: 2, Domains: { PageData: rows } }),
      DescribeVodDomainCertificateInfo: ({ DomainName }) =>
        DomainName === "a.example.com" ? refused("Forbidden.RAM") : { CertInfos: { CertInfo: [{ CertId: "7" }] } },
    },
    [alibabaVod],
  );
  const { domains: found, unseen } = await listed;
  expect(found.map(({ domain, certificates }) => [domain, certificates.length])).toEqual([
    ["a.example.com", 0],
    ["b.example.com", 1],
  ]);
  expect(unseen).toEqual([
    "Alibaba Cloud VOD: certificates that could not be read: 1. a.example.com: refused with Forbidden.RAM.",
  ]);
});

it("a domain that is not simply in service has the state that its list or its site shows", async () => {
  const row = (DomainName: string, DomainStatus: string | null) => ({ DomainName, DomainStatus, SslProtocol: "off" });
  const { listed } = listing(
    {
      DescribeUserDomains: () => ({
        TotalCount: 4,
        Domains: {
          PageData: [row("a.cn", "online"), row("b.cn", "offline"), row("c.cn", "configuring"), row("d.cn", null)],
        },
      }),
      ...noHttps,
      DescribeVodUserDomains: () => ({ TotalCount: 1, Domains: { PageData: [row("e.cn", "check_failed")] } }),
      DescribeZones: () => ({
        TotalCount: 5,
        Zones: [
          { ZoneId: "zone-1", Status: "active", Paused: false, ActiveStatus: "active", LockStatus: "enable" },
          { ZoneId: "zone-2", Status: "active", Paused: true, LockStatus: "disable" },
          { ZoneId: "zone-3", Status: "moved", Paused: true },
          { ZoneId: "zone-4", Status: "active", LockStatus: "disable" },
          { ZoneId: "zone-5", Status: "active", LockStatus: "plan_migrate" },
        ],
      }),
      DescribeAccelerationDomains: ({ ZoneId }) => ({
        TotalCount: 3,
        AccelerationDomains: [
          { DomainName: `f.${ZoneId}`, DomainStatus: "online" },
          { DomainName: `g.${ZoneId}`, DomainStatus: "process" },
          { DomainName: `h.${ZoneId}`, DomainStatus: "forbidden" },
        ],
      }),
      ShowDomain: () => ({ total: 1, domain_info: [{ domain: "i.cn", domain_type: "pull", status: "off" }] }),
      ShowCertificateInfo: () => ({ total: 0, certificates_info: [] }),
    },
    [alibabaCdn, alibabaVod, tencentEdgeone, huaweiLive],
  );
  const { domains: found } = await listed;
  const stated = found.flatMap(({ domain, state }) => (state ? [[domain, state.said, state.isPassing]] : []));
  expect(stated.sort()).toEqual([
    ["b.cn", "offline", false],
    ["c.cn", "configuring", true],
    ["e.cn", "check_failed", false],
    ["f.zone-2", "site paused", false],
    ["f.zone-3", "site moved", false],
    ["f.zone-4", "site locked", true],
    ["f.zone-5", "site locked while its plan is moved", true],
    ["g.zone-2", "site paused", false],
    ["g.zone-3", "site moved", false],
    ["g.zone-4", "site locked", true],
    ["g.zone-5", "site locked while its plan is moved", true],
    ["h.zone-1", "forbidden", false],
    ["h.zone-2", "forbidden", false],
    ["h.zone-3", "forbidden", false],
    ["h.zone-4", "forbidden", false],
    ["h.zone-5", "forbidden", false],
    ["i.cn", "off", false],
  ]);
  expect(found.map((each) => domainRow(each, [], new Date()).state).filter(Boolean)).toHaveLength(stated.length);
});

it("a list of VOD that leaves a switch open is whole all the same", async () => {
  const { listed } = listing(
    {
      DescribeVodUserDomains: () => ({ TotalCount: 1, Domains: { PageData: [{ DomainName: "a.example.com" }] } }),
      DescribeVodDomainCertificateInfo: () => ({ CertInfos: { CertInfo: [] } }),
    },
    [alibabaVod],
  );
  expect(await listed).toMatchObject({
    unseen: [],
    doubts: ["Alibaba Cloud VOD: the list does not say whether HTTPS is on for a.example.com."],
    partial: [],
  });
});

it("a VOD domain has the certificate of its own row, not of the first one", async () => {
  const of = (DomainName: string) => ({ DomainName, CertId: `of ${DomainName}` });
  const pages = ["a.example.com", "b.example.com"].map((DomainName) => ({ DomainName, SslProtocol: "on" }));
  const { listed } = listing(
    {
      DescribeVodUserDomains: () => ({ TotalCount: 2, Domains: { PageData: pages } }),
      DescribeVodDomainCertificateInfo: ({ DomainName }) => ({
        CertInfos: {
          CertInfo: [of("a.example.com.cn"), ...(DomainName === "a.example.com" ? [of("A.example.com")] : [])],
        },
      }),
    },
    [alibabaVod],
  );
  const { domains: found, unseen } = await listed;
  expect(found.map(({ certificates }) => certificates.map(({ id }) => id))).toEqual([["of A.example.com"], []]);
  expect(unseen.join()).toContain("b.example.com: the reply is about another domain.");
});

describe("EdgeOne", () => {
  const host = (DomainName: string, Certificate: unknown) => ({ DomainName, Certificate });

  it("shows HTTPS as off only where the list says so", async () => {
    const held = { CertId: "abcd1234" };
    const rows = [{}, null, { List: null }, { Mode: null, List: [] }, { List: [held] }, { Mode: "", List: null }];
    const { listed } = listing(
      {
        DescribeZones: () => ({ TotalCount: 1, Zones: [{ ZoneId: "zone-1" }] }),
        DescribeAccelerationDomains: () => ({
          TotalCount: rows.length + 2,
          AccelerationDomains: [
            { DomainName: "absent.example.com" },
            host("off.example.com", { Mode: "disable", List: null }),
            ...rows.map((row, index) => host(`${index}.example.com`, row)),
          ],
        }),
      },
      [tencentEdgeone],
    );
    const { domains: found, unseen, doubts = [], partial } = await listed;
    expect(found.map(({ https }) => https)).toEqual([
      ...[undefined, false, undefined, undefined, undefined, undefined, true, undefined],
    ]);
    expect(found.map((each) => domainRow(each, [], new Date()))).toMatchObject(
      ["not said", "off", "not said", "not said", "not said", "not said", "on", "not said"].map((https) => ({ https })),
    );
    expect(doubts.join()).toContain("absent.example.com, 0.example.com, 1.example.com");
    // Every host was listed, so one that is not there does not exist.
    expect({ unseen, partial }).toEqual({ unseen: [], partial: [] });
  });

  it("lists the domains of every site with their certificates", async () => {
    const { listed } = listing(
      {
        DescribeZones: () => ({ TotalCount: 2, Zones: [{ ZoneId: "zone-1" }, { ZoneId: "zone-2" }] }),
        DescribeAccelerationDomains: ({ ZoneId }) => ({
          TotalCount: 2,
          AccelerationDomains:
            ZoneId === "zone-1"
              ? [
                  host("a.example.com", {
                    Mode: "sslcert",
                    List: [
                      { CertId: "abcd1234", ExpireTime: "2026-05-01T10:00:00+08:00", Status: "deployed" },
                      { CertId: "teo-1", Status: "issued" },
                      { CertId: "efgh5678", Status: "Deployed" },
                      { CertId: "ijkl9012", Status: "new_state" },
                    ],
                  }),
                ]
              : [host("b.example.org", { Mode: "disable", List: null }), host("c.example.org", null)],
        }),
      },
      [tencentEdgeone],
    );
    const { domains: found, doubts } = await listed;
    expect(doubts).toContain(
      "Tencent Cloud EdgeOne, site zone-2: the list does not say whether HTTPS is on for c.example.org.",
    );
    expect(found.map(brief)).toEqual([
      [
        "a.example.com",
        true,
        [
          { id: "abcd1234", name: undefined, ends: "2026-05-01T02:00:00Z", state: undefined },
          { id: "teo-1", name: undefined, ends: undefined, state: "issued, but not bound to the host" },
          { id: "efgh5678", name: undefined, ends: undefined, state: undefined },
          { id: "ijkl9012", name: undefined, ends: undefined, state: "new_state" },
        ],
      ],
      ["b.example.org", false, []],
      ["c.example.org", undefined, []],
    ]);
    expect(found[1]?.within).toEqual({ zone_id: "zone-2" });
  });

  it("finds the certificates that it has for other ends", async () => {
    const { listed } = listing(
      {
        DescribeZones: () => ({ TotalCount: 1, Zones: [{ ZoneId: "zone-1" }] }),
        DescribeAccelerationDomains: () => ({
          TotalCount: 1,
          AccelerationDomains: [
            host("a.example.com", {
              Mode: "sslcert",
              List: [{ CertId: "abcd1234" }],
              ClientCertInfo: { Switch: "on", CertInfos: [{ CertId: "client00" }] },
              UpstreamCertInfo: {
                UpstreamMutualTLS: { Switch: "on", CertInfos: [{ CertId: "shown000" }] },
                UpstreamCertificateVerify: { VerificationMode: "custom_ca", CustomCACerts: [{ CertId: "origin00" }] },
              },
            }),
          ],
        }),
      },
      [tencentEdgeone],
    );
    const { domains: found } = await listed;
    expect(found.map(({ otherIds }) => otherIds)).toEqual([["client00", "shown000", "origin00"]]);
  });

  it("names its domains in DNS form, as the journal does", async () => {
    const { listed } = listing(
      {
        DescribeZones: () => ({ TotalCount: 1, Zones: [{ ZoneId: "zone-1" }] }),
        DescribeAccelerationDomains: () => ({
          TotalCount: 2,
          AccelerationDomains: [host("例.example.com", null), host("*.Example.org", null)],
        }),
      },
      [tencentEdgeone],
    );
    expect((await listed).domains.map(({ domain }) => domain)).toEqual(["xn--fsq.example.com", "*.example.org"]);
  });

  it("a site that may not be read is a sentence, and the other is listed", async () => {
    const { listed } = listing(
      {
        DescribeZones: () => ({ Zones: [{ ZoneId: "zone-1" }, { ZoneId: "zone-2" }] }),
        DescribeAccelerationDomains: ({ ZoneId }) =>
          ZoneId === "zone-1"
            ? refused("UnauthorizedOperation.CamUnauthorized")
            : { TotalCount: 3, AccelerationDomains: [host("b.example.org", null)] },
      },
      [tencentEdgeone],
    );
    const { domains: found, unseen, doubts, partial } = await listed;
    expect(unseen).toEqual([
      "Tencent Cloud EdgeOne, site zone-1: the domains could not be listed. refused with UnauthorizedOperation.CamUnauthorized.",
      "Tencent Cloud EdgeOne, site zone-2: the cloud counts more than it listed.",
    ]);
    expect(doubts).toEqual([
      "Tencent Cloud EdgeOne, site zone-2: the list does not say whether HTTPS is on for b.example.org.",
    ]);
    expect(partial).toEqual([tencentEdgeone]);
    expect(found.map(({ domain }) => domain)).toEqual(["b.example.org"]);
  });
});

describe("Huawei Live", () => {
  it("lists streaming domains with every certificate, and no ingest domain", async () => {
    const { listed } = listing(
      {
        ShowDomain: () => ({
          domain_info: [
            { domain: "play.example.com", domain_type: "pull" },
            { domain: "push.example.com", domain_type: "push" },
            { domain: "plain.example.com", domain_type: "pull" },
          ],
        }),
        ShowCertificateInfo: () => ({
          total: 2,
          certificates_info: [
            { play_domain: "play.example.com", cert_id: "scs1", expire_time: "2026-05-01T10:00:00Z" },
            { play_domain: "play.example.com", cert_name: "sm", expire_time: "2026-06-01T10:00:00Z", cert_type: 1 },
          ],
        }),
      },
      [huaweiLive],
    );
    expect((await listed).domains.map(({ domain, certificates }) => [domain, certificates.length])).toEqual([
      ["play.example.com", 2],
      ["plain.example.com", 0],
    ]);
  });

  it("has the certificates of a domain whose two lists spell it differently", async () => {
    const { listed } = listing(
      {
        ShowDomain: () => ({ domain_info: [{ domain: "Play.Example.com", domain_type: "pull" }] }),
        ShowCertificateInfo: () => ({
          total: 1,
          certificates_info: [
            { play_domain: "play.example.com", cert_id: "scs1", expire_time: "2026-05-01T10:00:00Z" },
          ],
        }),
      },
      [huaweiLive],
    );
    expect((await listed).domains).toMatchObject([{ domain: "play.example.com", certificates: [{ id: "scs1" }] }]);
  });

  it("without a project is a sentence, and nothing is sent", async () => {
    const { listed, asked } = listing({}, [huaweiLive], null);
    expect((await listed).unseen).toEqual([
      "Huawei Cloud Live: no project is configured (HUAWEICLOUD_SDK_PROJECT_ID).",
    ]);
    expect(asked).toEqual([]);
  });
});

describe("rows", () => {
  const now = new Date("2026-04-01T00:00:00Z");
  const listed = (domain: string, ends?: string, id?: string): ListedDomain => ({
    domain,
    service: alibabaCdn,
    https: ends !== undefined,
    certificates: ends === undefined ? [] : [{ ends, ...(id && { id }) }],
  });
  const all = [
    listed("b.example.com", "2026-06-01T00:00:00Z", "id-b"),
    listed("a.example.com", "2026-04-11"),
    listed("*.example.net"),
  ];

  it.each([
    [{}, ["a.example.com", "b.example.com", "*.example.net"]],
    [{ expires_within_days: 10 }, ["a.example.com"]],
    [{ expires_within_days: 9 }, []],
    [{ domain: "*.example.com" }, ["a.example.com", "b.example.com"]],
    [{ domain: "www.example.net" }, ["*.example.net"]],
    [{ certificate_id: "id-b" }, ["b.example.com"]],
  ])("filtered by %j", (filter, names) =>
    expect(selectDomains(all, filter, now).map(({ domain }) => domain)).toEqual(names),
  );

  it("name the stored certificate that covers the domain longer", () => {
    const stored = (id: string, domains: string[], ends: string, group: "issued" | "closed" = "issued") => ({
      ...{ id, domains, ends, group, status: "", source: undefined, alias: undefined, isCa: false, key: undefined },
      ...{ renewable: false, daysLeft: 1, service: tencentSsl },
    });
    const certificates = [
      stored("short", ["a.example.com"], "2026-04-05T00:00:00Z"),
      stored("long", ["*.example.com"], "2026-09-01T00:00:00Z"),
      stored("longest", ["*.example.com"], "2026-12-01T00:00:00Z", "closed"),
    ];
    const nextOf = (domain: ListedDomain | undefined) => domain && domainRow(domain, certificates, now).covered_next_by;
    expect(nextOf(all[1])).toBe("long");
    expect(nextOf(all[2])).toBeUndefined();
  });
});

it("waits for no read so long that a client would give up on the answers of the others", async () => {
  const rows = { Zones: [{ ZoneId: "zone-1" }], Domains: { PageData: [{ DomainName: "a.b.c", SslProtocol: "on" }] } };
  const names = ["DescribeZones", "DescribeUserDomains", "DescribeVodUserDomains"];
  const { listed, limits } = listing(Object.fromEntries(names.map((name) => [name, () => rows])), services);
  await listed;
  expect(limits.length).toBeGreaterThanOrEqual(8);
  for (const limit of limits) expect(limit).toBeLessThanOrEqual(20_000);
});

it("asks only services that are set up", async () => {
  const { listed, asked } = listing({}, []);
  expect(await listed).toEqual({ domains: [], unseen: [], doubts: [], off: [], partial: [] });
  expect(asked).toEqual([]);
  expect(services.length).toBeGreaterThan(4);
});
