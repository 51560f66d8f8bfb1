// @module-tag wide
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Host, Zone } from "../../../src/sandbox/zones.js";
import { type Assistant, approving, declining } from "../../support/assistant.js";
import { startAlteringProxy } from "../../support/cloud-proxy.js";
import { Company, type Files, referring, report, sha256Of, until } from "../../support/company.js";

/**
 * Targets named by domain alone, and every domain that a certificate covers, as people ask for them:
 * allinssl/allinssl#350, certd/certd#362, certimate-go/certimate#451 and #638. Its maintainers call the implicit form
 * ambiguous (certimate-go/certimate#866), so `covered` is asked for, and shows each domain.
 */

let company: Company;
let assistant: Assistant;
let next: Files;
const questions: string[] = [];

beforeAll(async () => {
  company = await Company.open();
  next = await company.issue("next");
  const person = approving(questions);
  assistant = await company.assistant(["--approve", "elicit"], { person });
});
afterAll(async () => {
  await assistant.close();
  await company.close();
});

async function deploy(args: Record<string, unknown>) {
  const before = questions.length;
  const reply = report.parse(
    await assistant.result("deploy_certificate", { ...referring(next), wait_seconds: 0, ...args }),
  );
  return { reply, question: questions.slice(before).join("\n") };
}

const refusal = (targets: readonly Record<string, unknown>[]) =>
  assistant.failure("deploy_certificate", { ...referring(next), targets });

const play = () => company.sandbox.account.live.get("play.example.com");

describe("targets are found by their domains", () => {
  it("on whichever service each is, with the zone of the host", async () => {
    const { reply, question } = await deploy({
      targets: [{ domains: ["www.example.com", "img.example.com", "app.example.com", "vod.example.com"] }],
    });
    expect(reply.targets.map(({ target }) => target)).toEqual([
      "EdgeOne host www.example.com (zone-sandboxdemo)",
      "CDN domain img.example.com",
      "DCDN domain app.example.com",
      "VOD domain vod.example.com",
    ]);
    expect(question).toContain("on 4 targets, in waves of 1, 3?");
    expect(company.done()).toContain("ModifyHostsCertificate www.example.com");
  });

  it.each(["WWW.Example.com", "例.example.com"])("as the cloud spells them: %s", async (spelt) => {
    const { endpoints, account } = company.sandbox;
    const name = spelt.startsWith("W") ? "www.example.com" : "xn--fsq.example.com";
    const hosts = account.zones.get("zone-sandboxdemo")?.hosts;
    const own = hosts?.get("www.example.com");
    if (hosts === undefined || own === undefined) throw new Error("the sandbox has no such host");
    hosts.set(name, { ...own, name });
    const proxies = await Promise.all(
      [endpoints["tencent-ssl"], endpoints["tencent-edgeone"]].map((cloud = "") =>
        startAlteringProxy(cloud, (_, text) => text.replaceAll(`"${name}"`, `"${spelt}"`)),
      ),
    );
    const flags = ["tencent-ssl", "tencent-edgeone"].map((id, index) => `--endpoint=${id}=${proxies[index]?.url}`);
    const asked: string[] = [];
    const person = declining(asked);
    const other = await company.assistant(["--approve", "elicit", ...flags], { person });
    try {
      const another = await company.issue("spelt");
      await other.failure("deploy_certificate", { ...referring(another), targets: [{ domains: [spelt] }] });
    } finally {
      await Promise.all([other.close(), ...proxies.map((each) => each.close())]);
      if (name !== "www.example.com") hosts.delete(name);
    }
    expect(asked.join("\n")).toMatch(/server certificate: certificate \w+/);
    expect(asked.join("\n")).not.toContain("not among the hosts");
  });

  it("in the zone that lists the host, if only the service is given", async () => {
    const { reply } = await deploy({ targets: [{ service: "tencent-edgeone", domains: ["shop.example.com"] }] });
    expect(reply.targets.map(({ target }) => target)).toEqual(["EdgeOne host shop.example.com (zone-sandboxdemo)"]);
  });

  it.each([true, false])("and a redirect that is %s on Huawei Live stays so", async (redirect) => {
    const domain = play();
    if (domain === undefined) throw new Error("there is no play.example.com");
    Object.assign(domain, { forceRedirect: redirect });
    next = await company.issue(`redirect-${redirect}`);
    const { question } = await deploy({ targets: [{ domains: ["play.example.com"] }] });
    expect(question).toContain("Live domain play.example.com, HTTPS: ");
    expect(question).not.toContain("Live domain play.example.com, redirect:");
    expect(play()?.forceRedirect).toBe(redirect);
  });

  it("a Live domain without a certificate has no redirect to keep", async () => {
    await deploy({ targets: [{ domains: ["live.example.com"] }] });
    expect(company.sandbox.account.live.get("live.example.com")).toMatchObject({ https: true, forceRedirect: false });
  });

  it("what could not be listed is said before what was not found, because it may have it", async () => {
    const blind = await company.assistant(["--approve", "elicit", "--deny", "DescribeUserDomains"], {});
    try {
      const targets = [{ domains: ["img.example.com"] }];
      expect(await blind.failure("deploy_certificate", { ...referring(next), targets })).toMatch(
        /^Not everything could be listed\. Alibaba Cloud CDN: the domains could not be listed\..* No service that is set up here lists the domain img\.example\.com\..*Next: Call again later/s,
      );
    } finally {
      await blind.close();
    }
  });

  it("one that no cloud lists is refused, and nobody is asked", async () => {
    const before = questions.length;
    expect(await refusal([{ domains: ["nowhere.example.com"] }])).toContain(
      "No service that is set up here lists the domain nowhere.example.com.",
    );
    expect(questions).toHaveLength(before);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      "a domain of a product without a list",
      { domains: ["static.example.com"] },
      /lists the domain static\.example\.com\..* with_bindings\).* \{service: tencent-ssl, old_certificate_id, resource_types: \[cdn\]\}/s,
    ],
    [
      "the same with its service",
      { service: "tencent-ssl", domains: ["static.example.com"] },
      /needs old_certificate_id instead of domains.* find_certificates \(domain, with_bindings\)/s,
    ],
    [
      "the same with its certificate, too",
      { service: "tencent-ssl", domains: ["static.example.com"], old_certificate_id: "abcd1234" },
      /takes no domains.* leave domains out; resource_types/s,
    ],
    [
      "a domain of another cloud than Huawei",
      { service: "huawei-live", domains: ["img.example.com"] },
      /is no domain of Huawei Cloud Live in this project\. It is listed at: Alibaba Cloud CDN\..* Leave service out/s,
    ],
    [
      "a domain of no cloud at Huawei",
      { service: "huawei-live", domains: ["nowhere.example.com"] },
      /The project has no such domain in this region/,
    ],
    ["a service alone", { service: "tencent-edgeone" }, /A target of tencent-edgeone needs domains\..* as replaces/s],
    [
      "a zone alone",
      { service: "tencent-edgeone", zone_id: "zone-sandboxdemo" },
      /A target of tencent-edgeone needs domains\..* as replaces/s,
    ],
    [
      "an old certificate on domains",
      { service: "alibaba-cdn", domains: ["img.example.com"], old_certificate_id: "abcd1234" },
      /takes no old_certificate_id: its domains get the certificate whatever they have\..* as replaces/s,
    ],
    [
      "a domain that the certificate does not cover",
      { domains: ["*.cdn.example.com"] },
      /does not cover \*\.cdn\.example\.com;.* find_certificates \(domain\)/s,
    ],
  ])("%s is refused with the way there", async (_, target, why) => {
    const before = questions.length;
    const said = await refusal([target]);
    expect(said).toMatch(why);
    expect(said).toContain("Nothing was changed.");
    expect(questions).toHaveLength(before);
  });

  it("one in two zones is a question for the person, with both", async () => {
    const { zones } = company.sandbox.account;
    const first = zones.get("zone-sandboxdemo");
    const host = first?.hosts.get("www.example.com");
    if (host === undefined) throw new Error("there is no www.example.com");
    const copy: Host = { ...host };
    const second: Zone = { id: "zone-second", name: "example.com", hosts: new Map([[copy.name, copy]]) };
    zones.set(second.id, second);
    const said = await refusal([{ domains: ["www.example.com"] }]);
    zones.delete(second.id);
    expect(said).toContain("www.example.com is a domain in several places");
    expect(said).toContain("site zone-sandboxdemo");
    expect(said).toContain("site zone-second");
    expect(said).toContain("Nothing was changed.");
  });
});

describe("a place that the caller names", () => {
  it.each([
    [
      { domains: ["www.example.com"], zone_id: "zone-nope" },
      "This account has no site zone-nope of Tencent Cloud EdgeOne; it has: zone-sandboxdemo.",
    ],
    [
      { service: "tencent-edgeone", domains: ["www.example.com"], zone_id: "zone-nope" },
      "It is listed at: Tencent Cloud EdgeOne, site zone-sandboxdemo.",
    ],
    [
      { service: "alibaba-cdn", domains: ["www.example.com"] },
      "Alibaba Cloud CDN does not list the domain www.example.com.",
    ],
  ])("is refused, and nobody is asked, if it does not list the domain: %j", async (target, why) => {
    const before = questions.length;
    const said = await refusal([target]);
    expect(said).toContain(why);
    expect(said).toContain("Nothing was changed.");
    expect(questions).toHaveLength(before);
  });

  it("is taken, of two zones with the host", async () => {
    const { zones } = company.sandbox.account;
    const host = zones.get("zone-sandboxdemo")?.hosts.get("www.example.com");
    if (host === undefined) throw new Error("there is no www.example.com");
    const copy: Host = { ...host };
    zones.set("zone-second", { id: "zone-second", name: "example.com", hosts: new Map([[copy.name, copy]]) });
    next = await company.issue("zone");
    const { reply } = await deploy({ targets: [{ domains: ["www.example.com"], zone_id: "zone-second" }] });
    zones.delete("zone-second");
    expect(reply.targets.map(({ target }) => target)).toEqual(["EdgeOne host www.example.com (zone-second)"]);
  });
});

describe("covered", () => {
  it("takes every domain with HTTPS that the certificate covers, in one plan, and says what it leaves", async () => {
    next = await company.issue("covered");
    const { reply, question } = await deploy({ targets: undefined, covered: true });
    expect(reply.targets.map(({ target }) => target).sort()).toEqual([
      "CDN domain img.example.com",
      "DCDN domain app.example.com",
      "EdgeOne host shop.example.com (zone-sandboxdemo)",
      "EdgeOne host www.example.com (zone-sandboxdemo)",
      "Live domain live.example.com",
      "Live domain play.example.com",
      "VOD domain vod.example.com",
    ]);
    expect(question).toContain("Covered, but without HTTPS now, and left as they are: assets.example.com.");
    expect(question).toContain("Not looked for: load balancers, CDN and other resources at Tencent Cloud");
    expect(question).not.toContain("Not set up here");
    const scope = [
      "Covered, but without HTTPS now, and left as they are: assets.example.com.",
      expect.stringContaining("Not looked for: load balancers, CDN and other resources at Tencent Cloud"),
    ];
    expect(reply.left).toEqual(expect.arrayContaining(scope));
    expect(reply.next).toMatch(
      /find_certificates \(with_bindings, certificate_id \w{8}.*\) shows what else uses .*; to change it, pass that id as replaces\.$/,
    );
    // A wildcard of a deeper level is not covered.
    expect(question).not.toContain("cdn.example.com,");
  });

  it("says what it leaves where everything is unchanged and nobody sees a plan, too", async () => {
    const { reply, question } = await deploy({ targets: undefined, covered: true, wait_seconds: 60 });
    const again = await deploy({ targets: undefined, covered: true });
    expect([question, again.question]).toEqual(["", ""]);
    expect(again.reply.left).toEqual(reply.left);
    expect(again.reply.left?.join("\n")).toContain("assets.example.com");
    for (const { next: said } of [reply, again.reply]) expect(said).not.toContain("Nothing is left");
  });

  it.each([
    [{ covered: true, targets: [{ domains: ["www.example.com"] }] }, "targets, covered or replaces"],
    [{}, "targets, covered or replaces"],
  ])("%j is refused", async (args, why) => {
    expect(await assistant.failure("deploy_certificate", { ...referring(next), ...args })).toContain(why);
  });
});

describe("replaces", () => {
  it("takes what has the old certificate in any cloud, under whatever id, and leaves what the new one does not cover", async () => {
    const old = company.certificate("storefront");
    const served = company.sandbox.account.ssl.certificates.get(old)?.material;
    const { cdn, zones } = company.sandbox.account;
    const hosts = [...(zones.get("zone-sandboxdemo")?.hosts.values() ?? [])];
    for (const host of hosts) Object.assign(host, { certificateIds: [old] });
    const assets = cdn.get("assets.example.com");
    if (assets === undefined || served?.privateKeyPem === undefined) throw new Error("the sandbox has no such domain");
    const { certificatePem, privateKeyPem } = served;
    Object.assign(assets, { https: true, certificate: { id: "77", name: "copy", certificatePem, privateKeyPem } });
    next = await company.issue("replacement", ["www.example.com", "assets.example.com", "static.example.com"]);
    await until(async () =>
      (await company.served("assets.example.com")).every((sha) => sha === sha256Of(certificatePem)),
    );
    const { reply, question } = await deploy({ targets: undefined, replaces: old });
    expect(reply.targets.map(({ target }) => target).sort()).toEqual([
      "CDN domain assets.example.com",
      "EdgeOne host www.example.com (zone-sandboxdemo)",
      `Resources that use certificate ${old}`,
    ]);
    expect(question).toMatch(/but the new one does not cover them: .*shop\.example\.com/);
  });

  it("that nothing has is refused, and nobody is asked", async () => {
    const asked = questions.length;
    const said = await assistant.failure("deploy_certificate", { ...referring(next), replaces: "nothing has this" });
    expect(said).toContain(
      'No stored certificate has the id or name "nothing has this", and no domain is listed with it.',
    );
    expect(said).toContain("from find_certificates");
    expect(said).toContain("Nothing was changed.");
    expect(questions).toHaveLength(asked);
  });

  it("by the name of a copy finds the domain that has it, and the others that serve the same", async () => {
    const img = company.sandbox.account.cdn.get("img.example.com");
    next = await company.issue("by-name");
    const { reply } = await deploy({ targets: undefined, replaces: img?.certificate?.name ?? "" });
    expect(reply.targets.map(({ target }) => target)).toEqual([
      "CDN domain img.example.com",
      "DCDN domain app.example.com",
      "VOD domain vod.example.com",
      "Live domain play.example.com",
      "Live domain live.example.com",
    ]);
  });

  it("with targets of a service alone takes what has it there, and names the others", async () => {
    const img = company.sandbox.account.cdn.get("img.example.com");
    next = await company.issue("in-one-service");
    const { reply, question } = await deploy({
      targets: [{ service: "alibaba-vod" }],
      replaces: img?.certificate?.name ?? "",
    });
    expect(reply.targets.map(({ target }) => target)).toEqual(["VOD domain vod.example.com"]);
    expect(question).toContain("in services that were not named, and are left as they are: img.example.com");
    expect(
      await assistant.failure("deploy_certificate", {
        ...referring(next),
        replaces: "x",
        targets: [{ service: "alibaba-vod", domains: ["vod.example.com"] }],
      }),
    ).toMatch(/one of the three\..* targets may have a service alone/s);
  });
});
