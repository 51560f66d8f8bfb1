import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Account } from "../../src/sandbox/account.js";
import { alibabaHandlers } from "../../src/sandbox/alibaba-domains.js";
import { alibabaReads } from "../../src/sandbox/alibaba-reads.js";
import { CertificateAuthority } from "../../src/sandbox/authority.js";
import { SandboxClock } from "../../src/sandbox/clock.js";
import { plainDomain } from "../../src/sandbox/delivery.js";
import { seedAlibaba, seededCasIds } from "../../src/sandbox/seed/alibaba.js";
import { issueDemoCertificate } from "../../src/sandbox/seed/demo-certificate.js";
import { SslState } from "../../src/sandbox/tencent-ssl/state.js";
import { caller, outcomeOf, withoutHuawei } from "./support.js";

const early = "2020-01-01T00:00:00Z";
const earlyDomain = "early.example.com";
const lists = ["DescribeUserDomains", "DescribeDcdnUserDomains", "DescribeVodUserDomains"] as const;

let account: Account;
let call: ReturnType<typeof caller>;
beforeAll(async () => {
  const clock = new SandboxClock(Date.now);
  const authority = await CertificateAuthority.create(clock.now());
  const alibaba = await seedAlibaba(authority, clock.now(), await issueDemoCertificate(authority, clock.now()));
  account = {
    clock,
    authority,
    ssl: new SslState(),
    zones: new Map(),
    ...alibaba,
    ...withoutHuawei(),
    notSwitchedOn: new Set(),
  };
  for (const domains of [account.cdn, account.dcdn, account.vod]) {
    domains.set(earlyDomain, plainDomain(earlyDomain, new Date(early)));
  }
  call = caller([...alibabaHandlers, ...alibabaReads], account);
});

async function found(list: string, params: Readonly<Record<string, string>>): Promise<string[]> {
  const reply = z
    .object({ TotalCount: z.number(), Domains: z.object({ PageData: z.array(z.object({ DomainName: z.string() })) }) })
    .parse(await call(list, params));
  expect(reply.TotalCount).toBe(reply.Domains.PageData.length);
  return reply.Domains.PageData.map(({ DomainName }) => DomainName);
}

describe.each(lists)("the domains that %s lists", (list) => {
  it("are those of a state and with a tag: the sandbox has only running ones without tags", async () => {
    expect(await found(list, { DomainStatus: "online" })).toContain(earlyDomain);
    expect(await found(list, { DomainStatus: "stopping" })).toEqual([]);
    expect(await found(list, { "Tag.1.Key": "team", "Tag.1.Value": "shop" })).toEqual([]);
  });

  it("are found in any letter case", async () => {
    expect(await found(list, { DomainName: "EARLY.", DomainSearchType: "fuzzy_match" })).toEqual([earlyDomain]);
    expect(await found(list, { DomainName: "Early.Example.com", DomainSearchType: "full_match" })).toEqual([
      earlyDomain,
    ]);
    const wrong = { DomainName: "early", DomainSearchType: "guess" };
    expect(await outcomeOf(call(list, wrong))).toBe("InvalidParameter");
  });
});

describe.each(["DescribeUserDomains", "DescribeDcdnUserDomains"] as const)("the domains that %s lists", (list) => {
  it("are those that changed in a time", async () => {
    const changed = { ChangeStartTime: "2019-12-31T00:00:00Z", ChangeEndTime: "2020-01-02T00:00:00Z" };
    expect(await found(list, changed)).toEqual([earlyDomain]);
    expect(await found(list, { ChangeStartTime: "2020-01-02T00:00:00Z" })).not.toContain(earlyDomain);
    expect(await outcomeOf(call(list, { ChangeStartTime: "yesterday" }))).toBe("InvalidParameter");
  });

  it("are those of a region and a resource group", async () => {
    expect(await found(list, { Coverage: "global" })).toContain(earlyDomain);
    expect(await found(list, { Coverage: "domestic" })).toEqual([]);
    expect(await found(list, { ResourceGroupId: "rg-elsewhere" })).toEqual([]);
  });
});

describe("the domains that only DescribeUserDomains lists so", () => {
  it("are those of a kind, and with an origin", async () => {
    expect(await found("DescribeUserDomains", { CdnType: "video,web" })).toContain(earlyDomain);
    expect(await found("DescribeUserDomains", { CdnType: "download" })).toEqual([]);
    expect(await found("DescribeUserDomains", { Source: "elsewhere.example.com" })).toEqual([]);
  });
});

it("tells how a certificate came to a domain", async () => {
  const about = { DomainName: "img.example.com" };
  const typeNow = async () =>
    z
      .object({ CertInfos: z.object({ CertInfo: z.array(z.object({ CertType: z.string() })) }) })
      .parse(await call("DescribeDomainCertificateInfo", about)).CertInfos.CertInfo[0]?.CertType;
  expect(await typeNow()).toBe("upload");
  const stored = { ...about, SSLProtocol: "on", CertType: "cas", CertId: seededCasIds["cn-hangzhou"] };
  await call("SetCdnDomainSSLCertificate", stored);
  expect(await typeNow()).toBe("cas");
});
