import { X509Certificate } from "node:crypto";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { type Assistant, declining } from "../../support/assistant.js";
import { Company } from "../../support/company.js";
import { wide } from "../../support/width.js";

/**
 * What `replaces` and find_certificates take an id or a name for. The lists of CDN and DCDN show the name of a
 * certificate, those of VOD and Live an id (docs/cloud-behaviour.md 5.5, 6.3).
 */

let company: Company;
const questions: string[] = [];
const open: Assistant[] = [];

beforeEach(async () => {
  questions.length = 0;
  company = await Company.open();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((assistant) => assistant.close()));
  await company.close();
});

/** The person declines, so that the account stays as it is. */
async function assistant(flags: readonly string[] = [], env: Record<string, string> = {}): Promise<Assistant> {
  const person = declining(questions);
  const started = await company.assistant(["--approve", "elicit", ...flags], { person, env });
  open.push(started);
  return started;
}

const replacing = async (replaces: string, flags: readonly string[] = []) => {
  const said = await (await assistant(flags)).failure("deploy_certificate", {
    certificate_id: company.certificate("storefront, next"),
    replaces,
  });
  return { said, question: questions.join("\n") };
};

function images() {
  const found = company.sandbox.account.cas["cn-hangzhou"].certificates.find(({ name }) => name === "img-example-com");
  if (found === undefined) throw new Error("the sandbox stores no img-example-com");
  return found;
}

const holders = ["CDN domain img.example.com", "DCDN domain app.example.com", "VOD domain vod.example.com"];

it.each([
  ["the id in its store", () => String(images().id)],
  ["the id with the store", () => `${images().id}-cn-hangzhou`],
  ["the name", () => "img-example-com"],
])("%s means the certificate on every domain that has it", wide, async (_, called) => {
  const { question } = await replacing(called());
  for (const holder of holders) expect(question).toContain(holder);
});

it("domains that serve it under another id are found by the SHA-1 that Huawei Cloud's store shows", wide, async () => {
  const { question } = await replacing("scs1500000000000");
  for (const holder of ["Live domain play.example.com", ...holders]) expect(question).toContain(holder);
});

it("the remark of a certificate at Tencent Cloud means it with all its holders", wide, async () => {
  const { question } = await replacing("storefront");
  expect(question).toContain("EdgeOne host www.example.com (zone-sandboxdemo)");
  expect(question).toContain("Load balancer lb-5k2v8q1t");
  expect(question).toContain("CDN domain static.example.com");
});

it.each([
  ["its name at Alibaba Cloud", () => "img-example-com"],
  ["its id at Huawei Cloud", () => "scs1500000000000"],
])("what uses a copy at Tencent Cloud SSL is found by %s, too", async (_, called) => {
  const { question } = await replacing(called());
  expect(question).toContain("on 6 targets");
  expect(question).toContain(`Certificate ${company.certificate("storefront")} (example.com), bound resources: 2 CLB`);
  expect(question).toContain("Load balancer lb-5k2v8q1t");
  expect(question).toContain("CDN domain static.example.com");
  for (const holder of ["Live domain play.example.com", "EdgeOne host www.example.com", ...holders])
    expect(question).toContain(holder);
});

it("a certificate of the same names that ends on another day is none of its copies", wide, async () => {
  const later = company.certificate("storefront, next");
  const files = await company.issue("newest");
  const said = await (await assistant()).failure("deploy_certificate", {
    certificate: `file:${files.chain}`,
    private_key: `file:${files.key}`,
    replaces: "img-example-com",
  });
  expect(said).toContain("did not approve");
  expect(questions.join()).not.toContain(`Resources that use certificate ${later}`);
  expect(company.sandbox.requests.filter(({ params }) => JSON.stringify(params).includes(later))).toEqual([]);
});

it("a certificate of the same names and end with another key is none of its copies", wide, async () => {
  const { authority, ssl } = company.sandbox.account;
  const old = ssl.certificates.get(company.certificate("storefront"));
  if (old?.material === undefined) throw new Error("storefront is not issued");
  const { subjectAltName = "", validFrom, validTo } = new X509Certificate(old.material.certificatePem);
  const twin = await authority.issue({
    names: subjectAltName.split(", ").map((each) => each.replace("DNS:", "")),
    key: "EC-P256",
    notBefore: new Date(validFrom),
    notAfter: new Date(validTo),
  });
  ssl.certificates.set("twin0001", { ...old, id: "twin0001", alias: "twin", material: { ...old.material, ...twin } });
  const { question } = await replacing("img-example-com");
  expect(question).toContain("on 6 targets");
  const looked = company.sandbox.requests.filter(({ params }) => JSON.stringify(params).includes("twin0001"));
  expect(new Set(looked.map(({ operation }) => operation))).toEqual(new Set(["DescribeCertificateDetail"]));
});

it("a name of two certificates is a question with both, and nobody is asked for approval", wide, async () => {
  const play = company.sandbox.account.live.get("play.example.com");
  if (play?.certificate === undefined) throw new Error("play.example.com has no certificate");
  const other = await company.sandbox.account.authority.issue({
    names: ["play.example.com"],
    key: "EC-P256",
    notBefore: new Date(Date.now() - 24 * 3600_000),
    notAfter: new Date(Date.now() + 300 * 24 * 3600_000),
  });
  Object.assign(play, {
    certificate: {
      certificatePem: other.certificatePem,
      privateKeyPem: other.privateKeyPem,
      id: "scs1700000000000",
      name: "img-example-com",
    },
  });
  const { said } = await replacing("img-example-com");
  expect(said).toContain("img-example-com means several certificates: ");
  expect(said).toContain(`Alibaba Cloud Certificate Management ${images().id}-cn-hangzhou, expires `);
  expect(said).toContain("Huawei Cloud Live scs1700000000000, on play.example.com, expires ");
  expect(said).toContain("Nothing was changed.");
  expect(questions).toEqual([]);
});

const withFiles = async (call: Record<string, unknown>) => {
  const { chain, key } = await company.issue("two", ["www.example.com", "shop.example.com"]);
  const said = await (await assistant()).failure("deploy_certificate", {
    certificate: `file:${chain}`,
    private_key: `file:${key}`,
    ...call,
  });
  return { said, question: questions.join("\n") };
};

it("of what a one-click update would change, only products whose domains the new certificate covers are replaced", async () => {
  const old = company.certificate("storefront");
  const { question } = await withFiles({ replaces: old });
  expect(question).toContain("EdgeOne host www.example.com (zone-sandboxdemo)");
  expect(question).toContain("Load balancer lb-5k2v8q1t");
  expect(question).not.toContain("CDN domain static.example.com");
  expect(question).toContain(
    `Every CDN resource that uses ${old} is left as it is: the new certificate does not cover static.example.com`,
  );
});

it("says how to change the products that are left, where there is nothing else to change", async () => {
  const old = company.certificate("storefront");
  const { chain, key } = await company.issue("none", ["nothing.example.org"]);
  const said = await (await assistant()).failure("deploy_certificate", {
    certificate: `file:${chain}`,
    private_key: `file:${key}`,
    replaces: old,
    targets: [{ service: "tencent-ssl" }],
  });
  expect(said).toMatch(new RegExp(`has ${old} now\\. Every \\S.* resource that uses ${old} is left as it is`));
  expect(said.split("Not seen:")[1] ?? "").not.toContain("is left as it is");
  expect(said).toContain("give a target of tencent-ssl with old_certificate_id and resource_types");
});

it("a one-click update that is named asks first about the domains that lose their certificate", async () => {
  const old = company.certificate("storefront");
  const { question } = await withFiles({ targets: [{ service: "tencent-ssl", old_certificate_id: old }] });
  const [head = ""] = question.split("\n\n");
  expect(head).toContain("Warning: ");
  expect(head).toContain("The certificate does not cover static.example.com (CDN), where it will be served");
});

it("the new certificate replaces not itself", wide, async () => {
  const { said } = await replacing("storefront, next");
  expect(said).toContain("are the same");
  expect(questions).toEqual([]);
});

it("without EdgeOne's own lists, its hosts are found as Tencent Cloud SSL binds them", wide, async () => {
  const { question } = await replacing(company.certificate("storefront"), ["--services", "tencent-ssl"]);
  expect(question).toMatch(/Certificate \w+ \(example\.com\), bound resources: .*1 EdgeOne → .*EdgeOne.*served with/);
  expect(question).toContain("Not set up here, so not looked at: Tencent Cloud EdgeOne, Alibaba Cloud CDN, ");
});

it("a domain that no list shows is told with the services that were not looked at", wide, async () => {
  const server = await assistant(["--services", "tencent-ssl,tencent-edgeone"]);
  const said = await server.failure("turn_off_https", { domains: ["img.example.com"] });
  expect(said).toContain("Not set up here, so not looked at: Alibaba Cloud CDN, Alibaba Cloud DCDN");
});

it("find_certificates shows the same domains for it", wide, async () => {
  const server = await assistant();
  const found = z.object({
    certificates: z.array(z.object({ certificate_id: z.string() })),
    domains: z.array(z.object({ domain: z.string() })),
  });
  for (const called of [String(images().id), `${images().id}-cn-hangzhou`]) {
    const { certificates, domains } = found.parse(await server.result("find_certificates", { certificate_id: called }));
    expect(certificates.map(({ certificate_id: id }) => id)).toEqual([`${images().id}-cn-hangzhou`]);
    expect(domains.map(({ domain }) => domain).sort()).toEqual([
      "app.example.com",
      "img.example.com",
      "vod.example.com",
    ]);
  }
});
