import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { altersAccount } from "../../src/catalogue/operation.js";
import { plainDomain } from "../../src/sandbox/delivery.js";
import { type Assistant, approving } from "../support/assistant.js";
import { Company, type Files, referring, report } from "../support/company.js";
import { ofRows, rows, wide } from "../support/width.js";

/**
 * A domain as people write it, and as each cloud knows it. Alibaba Cloud's wildcard begins with its dot:
 * https://github.com/dromara/domain-admin/issues/186, https://github.com/acmesh-official/acme.sh/pull/1466,
 * https://github.com/allinssl/allinssl/issues/222, https://github.com/certimate-go/certimate/issues/80. Names in Chinese
 * against A-labels: https://github.com/netcccyun/dnsmgr/issues/146, https://github.com/certd/certd/issues/329.
 */

let company: Company;
let assistant: Assistant;
let wild: Files;
const asked: string[] = [];
/** How many requests came before the test. */
let before: number;

/** The tests of a block share a server: together they put no more questions than a minute allows. */
function together(...flags: readonly string[]): void {
  beforeAll(async () => {
    company = await Company.open({ speed: 100_000 });
    const person = approving(asked);
    assistant = await company.assistant(["--approve", "elicit", ...flags], { person });
  });
  afterAll(async () => {
    await assistant.close();
    await company.close();
  });
}

beforeEach(async () => {
  asked.length = 0;
  before = company.sandbox.requests.length;
  const names = ["*.cdn.example.com", "*.example.com", "xn--fiq228c.example.com", "xn--mnchen-3ya.example.com"];
  wild = await company.issue("wild", names);
});

const target = (service: string, domains: unknown) => ({
  service,
  domains,
  ...(service === "tencent-edgeone" && { zone_id: "zone-sandboxdemo" }),
  ...(service === "huawei-live" && { force_redirect: false }),
});
const deploy = async (...targets: object[]) =>
  report.parse(await assistant.result("deploy_certificate", { ...referring(wild), targets, wait_seconds: 0 }));

const upload = () => ({
  SSLProtocol: "on",
  CertType: "upload",
  CertName: `wild-${wild.sha256.slice(0, 8)}`,
  SSLPub: `file:${wild.chain}`,
  SSLPri: `file:${wild.key}`,
});

/** The domains of changes, as they came over the wire. */
const sent = () =>
  company.sandbox.requests
    .slice(before)
    .filter(altersAccount)
    .flatMap(({ params }) => {
      const { DomainName, Hosts, domain } = named.parse(params);
      return DomainName ?? Hosts ?? domain ?? [];
    });
const named = z.object({
  DomainName: z.string().optional(),
  Hosts: z.array(z.string()).optional(),
  domain: z.string().optional(),
});

describe("Alibaba Cloud's wildcard", () => {
  together();

  it.each(rows(["*.cdn.example.com", ".cdn.example.com", "*.CDN.example.com."], 1))(
    "%s is one, in a job",
    ofRows,
    async (domain) => {
      expect((await deploy(target("alibaba-cdn", [domain]))).targets).toMatchObject([
        { target: "CDN domain *.cdn.example.com", state: "accepted" },
      ]);
      expect(sent()).toEqual([".cdn.example.com"]);
      expect(asked[0]).toContain("DomainName: .cdn.example.com");
      expect(asked[0]).not.toContain(".,");
    },
  );

  it.each(["*.cdn.example.com", ".cdn.example.com"])("%s is one, in a call by itself", async (DomainName) => {
    await assistant.result("SetCdnDomainSSLCertificate", { DomainName, ...upload() });
    expect(sent()).toEqual([".cdn.example.com"]);
    // A job knows what that call did, by whatever spelling.
    const told = await deploy(target("alibaba-cdn", ["*.cdn.example.com"]));
    expect(told.targets).toMatchObject([{ target: "CDN domain *.cdn.example.com" }]);
    expect(JSON.stringify(told)).not.toContain("InvalidDomain.Offline");
  });

  it("is turned off under the same name", async () => {
    await assistant.result("SetCdnDomainSSLCertificate", { DomainName: "*.cdn.example.com", SSLProtocol: "off" });
    expect(sent()).toEqual([".cdn.example.com"]);
  });

  it("is EdgeOne's with a star", async () => {
    await assistant.call("ModifyHostsCertificate", {
      ZoneId: "zone-sandboxdemo",
      Hosts: [".example.com"],
      Mode: "disable",
    });
    expect(sent()).toEqual(["*.example.com"]);
  });
});

describe("what is judged is what is sent", () => {
  // What the domains serve has no part in it.
  together("--edge-domains", "nothing.invalid");

  it.each(
    rows(
      [
        ["img.example.com.", "img.example.com"],
        ["IMG.Example.COM", "img.example.com"],
        [" img.example.com\n", "img.example.com"],
        ["\ufeffimg.example.com", "img.example.com"],
        ["中文.example.com", "xn--fiq228c.example.com"],
        ["XN--FIQ228C.example.com", "xn--fiq228c.example.com"],
        ["MÜNCHEN.example.com", "xn--mnchen-3ya.example.com"],
        ["mu\u0308nchen.example.com", "xn--mnchen-3ya.example.com"],
      ],
      2,
    ),
  )("%j is %s, to every cloud", ofRows, async (spelling, name) => {
    const { cdn, vod, live, zones } = company.sandbox.account;
    for (const domains of [cdn, vod, live]) domains.set(name, plainDomain(name, new Date(0)));
    const settings = { mode: "disable" as const, certificateIds: [], clientCaIds: [], changedAt: new Date(0) };
    zones.get("zone-sandboxdemo")?.hosts.set(name, { name, ...settings });
    const services = ["alibaba-cdn", "alibaba-vod", "huawei-live", "tencent-edgeone"];
    const told = await deploy(...services.map((service) => target(service, [spelling])));
    expect(told.summary).toMatch(/^([1-4] (accepted|served)(, )?){1,2}$/);
    expect(new Set(sent())).toEqual(new Set([name]));
    for (const tool of ["SetCdnDomainSSLCertificate", "SetVodDomainSSLCertificate"]) {
      await assistant.result(tool, { DomainName: spelling, SSLProtocol: "off" });
    }
    expect(new Set(sent())).toEqual(new Set([name]));
  });
});

describe("one domain in several spellings", () => {
  together();

  it("is one name to a job, its repetition, wait_for and roll_back", wide, async () => {
    const told = await deploy(target("alibaba-cdn", ["img.example.com"]));
    await deploy(target("alibaba-cdn", ["IMG.EXAMPLE.COM."]));
    expect(asked).toHaveLength(1);
    const seen = await assistant.result("wait_for", { what: "deployment", id: told.job, timeout_seconds: 20 });
    expect(seen).toMatchObject({ state: "done", says: expect.stringContaining("1 served") });
    const back = report.parse(await assistant.result("roll_back", { job: told.job, wait_seconds: 20 }));
    expect(back.targets).toMatchObject([{ target: "CDN domain img.example.com", state: "put back" }]);
    expect(new Set(sent())).toEqual(new Set(["img.example.com"]));
  });

  it("is one target of a call", wide, async () => {
    const told = await deploy(
      target("alibaba-cdn", ["img.example.com", "IMG.example.com."]),
      target("tencent-edgeone", ["shop.example.com.", "SHOP.example.com"]),
    );
    expect(told.targets).toHaveLength(2);
    await assistant.result("ModifyHostsCertificate", {
      ZoneId: "zone-sandboxdemo",
      Hosts: ["www.example.com", "WWW.example.com."],
      Mode: "disable",
    });
    expect(sent().sort()).toEqual(["img.example.com", "shop.example.com", "www.example.com"]);
  });
});

describe("what is no domain is refused, with what to send instead", () => {
  together();

  it.each(
    rows(
      [
        ["https://img.example.com/", 'send "img.example.com"'],
        ["https://user@IMG.example.com:8443/a?b#c", 'send "img.example.com"'],
        ["img.example.com:443", 'send "img.example.com"'],
        ["img.example.com/path", 'send "img.example.com"'],
        ["img.example.com,vod.example.com", 'send each by itself: "img.example.com", "vod.example.com"'],
        ["img.example.com vod.example.com", 'send each by itself: "img.example.com", "vod.example.com"'],
        ["img.example.com、vod.example.com", 'send each by itself: "img.example.com", "vod.example.com"'],
        ["中文。example。com", 'send "xn--fiq228c.example.com"'],
        ["img.exam\u200bple.com", 'send "img.example.com"'],
        ["img", "give one such as www.example.com"],
        ["192.0.2.1", "give one such as www.example.com"],
      ],
      4,
    ),
  )("%j", ofRows, async (text, instead) => {
    for (const said of [
      await assistant.failure("deploy_certificate", {
        ...referring(wild),
        targets: [target("alibaba-cdn", [text])],
      }),
      await assistant.failure("SetCdnDomainSSLCertificate", { DomainName: text, SSLProtocol: "off" }),
    ]) {
      expect(said).toContain("is no domain name");
      expect(said).toContain(instead);
    }
    expect(sent()).toEqual([]);
  });
});
