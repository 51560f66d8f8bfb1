import { beforeEach, describe, expect, it } from "vitest";
import type { Account } from "../../src/sandbox/account.js";
import { alibabaHandlers } from "../../src/sandbox/alibaba-domains.js";
import { alibabaReads } from "../../src/sandbox/alibaba-reads.js";
import { CertificateAuthority } from "../../src/sandbox/authority.js";
import { SandboxClock } from "../../src/sandbox/clock.js";
import { plainDomain } from "../../src/sandbox/delivery.js";
import { seedAlibaba, seededCasIds } from "../../src/sandbox/seed/alibaba.js";
import { issueDemoCertificate } from "../../src/sandbox/seed/demo-certificate.js";
import { SslState } from "../../src/sandbox/tencent-ssl/state.js";
import { caller, inDays, outcomeOf, withoutHuawei } from "./support.js";

type Params = Readonly<Record<string, string>>;

let account: Account;
let call: ReturnType<typeof caller>;

beforeEach(async () => {
  const clock = new SandboxClock(Date.now);
  const authority = await CertificateAuthority.create(clock.now());
  const alibaba = await seedAlibaba(authority, clock.now(), await issueDemoCertificate(authority, clock.now()));
  const ssl = new SslState();
  account = { clock, authority, ssl, zones: new Map(), ...alibaba, ...withoutHuawei(), notSwitchedOn: new Set() };
  call = caller([...alibabaHandlers, ...alibabaReads], account);
});

const set = (params: Params) => outcomeOf(call("SetDcdnDomainSSLCertificate", params));
const app = "app.example.com";
const domain = () => account.dcdn.get(app);

async function upload(names: readonly string[] = [app]) {
  const order = { names, notBefore: inDays(-1), notAfter: inDays(90), key: "EC-P256" } as const;
  const { certificatePem, privateKeyPem } = await account.authority.issue(order);
  return { DomainName: app, SSLProtocol: "on", SSLPub: certificatePem, SSLPri: privateKeyPem };
}

describe("SetDcdnDomainSSLCertificate", () => {
  it("serves an upload, a stored certificate or nothing", async () => {
    const given = await upload();
    expect(await set({ ...given, CertName: "spring" })).toBe("done");
    expect(domain()).toMatchObject({ https: true, certificate: { name: "spring", certificatePem: given.SSLPub } });
    account.dcdn.set("img.example.com", plainDomain("img.example.com", new Date(0)));
    const stored = { DomainName: "img.example.com", CertType: "cas", CertId: seededCasIds["cn-hangzhou"] };
    expect(await set({ ...stored, SSLProtocol: "on" })).toBe("done");
    expect(account.dcdn.get("img.example.com")?.certificate?.id).toBe(stored.CertId);
    expect(await set({ DomainName: app, SSLProtocol: "off" })).toBe("done");
    expect(domain()).toMatchObject({ https: false, certificate: undefined });
  });

  it("refuses what its twin in CDN refuses, and takes any Env as a normal rollout", async () => {
    const given = await upload();
    expect(await set({ ...given, DomainName: "img.example.com" })).toBe("InvalidDomain.Offline");
    expect(await set({ ...given, SSLPri: "" })).toBe("SSLPri.MissingParameter");
    expect(await set({ ...given, SSLPri: (await upload()).SSLPri })).toBe("Certificate.MissMatch");
    expect(await set(await upload(["other.example.com"]))).toBe("SetDomainCertificate.ParameterError");
    expect(await set({ ...given, Env: "test" })).toBe("done");
    expect(domain()?.env).toBe("production");
    expect(await set(given)).toBe("CertificateContent.Duplicated");
  });

  it("changes no domain of CDN with the same name", async () => {
    account.cdn.set(app, plainDomain(app, new Date(0)));
    expect(await set(await upload())).toBe("done");
    expect(account.cdn.get(app)?.https).toBe(false);
  });
});

describe("the reads of DCDN", () => {
  it("page, and hide the other kinds of domains", async () => {
    for (let index = 0; index < 4; index += 1) {
      account.dcdn.set(`d${index}.example.com`, plainDomain(`d${index}.example.com`, new Date(0)));
    }
    const list = (params: Params) => call("DescribeDcdnUserDomains", params);
    const named = (...names: readonly string[]) => names.map((DomainName) => ({ DomainName }));
    expect(await list({ PageNumber: "2", PageSize: "2" })).toMatchObject({
      TotalCount: 5,
      Domains: { PageData: named("d1.example.com", "d2.example.com") },
    });
    expect(await list({ PageNumber: "3", PageSize: "2" })).toMatchObject({
      Domains: { PageData: named("d3.example.com") },
    });
    expect(await list({ WebSiteType: "computing_routine" })).toMatchObject({ TotalCount: 0 });
    expect(await outcomeOf(list({ PageSize: "501" }))).toBe("InvalidParameter");
    expect(await list({ DomainName: "d1", DomainSearchType: "pre_match" })).toMatchObject({ TotalCount: 1 });
    expect(await call("DescribeDcdnHttpsDomainList", { PageSize: "500" })).toMatchObject({
      TotalCount: 1,
      CertInfos: { CertInfo: named(app) },
    });
  });

  it("have a code for no domain with HTTPS, an unknown domain and a product that is not switched on", async () => {
    await set({ DomainName: app, SSLProtocol: "off" });
    expect(await outcomeOf(call("DescribeDcdnHttpsDomainList", {}))).toBe("NoHttpsDomain");
    const info = (params: Params) => outcomeOf(call("DescribeDcdnDomainCertificateInfo", params));
    expect(await info({ DomainName: "img.example.com" })).toBe("InvalidDomain.NotFound");
    expect(await info({})).toBe("MissingDomainName");
    expect(await info({ DomainName: app })).toBe("done");
    account.notSwitchedOn.add("alibaba-dcdn").add("alibaba-cdn");
    expect(await info({ DomainName: app })).toBe("DcdnServiceNotFound");
    expect(await set({ DomainName: app, SSLProtocol: "off" })).toBe("DcdnServiceNotFound");
    expect(await outcomeOf(call("DescribeDcdnUserDomains", {}))).toBe("DcdnServiceNotFound");
    expect(await outcomeOf(call("DescribeUserDomains", {}))).toBe("CdnServiceNotFound");
    expect(await outcomeOf(call("DescribeVodUserDomains", {}))).toBe("done");
  });
});
