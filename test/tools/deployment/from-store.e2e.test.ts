import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { expiredCasId, seededCasIds } from "../../../src/sandbox/seed/alibaba.js";
import { expiredScmId, seededScmId } from "../../../src/sandbox/seed/huawei.js";
import { type Assistant, approving } from "../../support/assistant.js";
import { Company } from "../../support/company.js";
import { wide } from "../../support/width.js";

/** Certificates that are in the store of the targets' own cloud are deployed by their ids, without their keys. */

let company: Company;
let assistant: Assistant;
const questions: string[] = [];
const replies: string[] = [];

beforeAll(async () => {
  company = await Company.open({ speed: 100_000 });
  const person = approving(questions);
  assistant = await company.assistant(["--approve", "elicit"], { person });
});
afterAll(async () => {
  await assistant.close();
  await company.close();
});

const report = z.object({
  certificate: z.object({
    certificate_id: z.string(),
    names: z.array(z.string()),
    not_after: z.string(),
    sha1: z.string(),
  }),
  targets: z.array(z.object({ target: z.string(), state: z.string() })),
});

async function deploy(args: Record<string, unknown>) {
  const [asked, sent] = [questions.length, company.sandbox.requests.length];
  const reply = await assistant.result("deploy_certificate", args);
  replies.push(JSON.stringify(reply));
  const requests = company.sandbox.requests.slice(sent);
  return { reply: report.parse(reply), question: questions.slice(asked).join("\n"), requests };
}

async function refusal(args: Record<string, unknown>) {
  const asked = questions.length;
  const said = await assistant.failure("deploy_certificate", args);
  expect(questions).toHaveLength(asked);
  expect(said).toContain("Nothing was changed.");
  return said;
}

const { cdn, vod, live } = {
  cdn: (name: string) => company.sandbox.account.cdn.get(name),
  vod: (name: string) => company.sandbox.account.vod.get(name),
  live: (name: string) => company.sandbox.account.live.get(name),
};
const inChina = seededCasIds["cn-hangzhou"];
const abroad = seededCasIds["ap-southeast-1"];

describe("what is the id of no certificate", () => {
  it.each([
    ["img-example-com-next", `Did you mean ${inChina}-cn-hangzhou (img.example.com)?`],
    [`cas-upload-${inChina}`, `Did you mean ${inChina}-cn-hangzhou (img.example.com)?`],
    ["ayqfdjn3", "Did you mean AyqfDJN3 (example.com)?"],
    ["0515146816788E906BBFFDE7016B8BA581207CC0", "It has the form of a fingerprint"],
  ])("is answered with the certificate that may be meant: %s", async (id, meant) => {
    const targets = [{ domains: ["www.example.com"] }];
    expect(await refusal({ certificate_id: id, targets })).toContain(`"${id}" is the id of no certificate. ${meant}`);
  });

  it("is answered so by find_certificates and for what is to be replaced, too", async () => {
    const found = await assistant.result("find_certificates", { certificate_id: "ayqfdjn3" });
    expect(found).toMatchObject({ not_found: expect.stringContaining("Did you mean AyqfDJN3 (example.com)?") });
    expect(await refusal({ certificate_id: "AyqfDJN3", replaces: "FPIHH9PM" })).toContain("Did you mean fpIhH9PM");
  });

  it("is answered with the argument for it, where it stands in that for PEM", async () => {
    const said = await refusal({ certificate: "AyqfDJN3", private_key: "file:a.key", covered: true });
    expect(said).toContain("If it is an id, pass it as certificate_id instead.");
  });
});

describe("what leads nowhere is answered with the argument that was meant", () => {
  it("a wildcard for all domains, and an empty list of targets", async () => {
    const all = await refusal({ certificate_id: "AyqfDJN3", targets: [{ domains: ["*.example.org"] }] });
    expect(all).toContain("give covered: true in place of targets");
    expect(await refusal({ certificate_id: "AyqfDJN3", targets: [] })).toContain("Give targets, covered or replaces");
    const both = await refusal({ certificate_id: "AyqfDJN3", targets: [], covered: true, replaces: "fpIhH9PM" });
    expect(both).toContain("one of the three");
  });

  it("a web address in place of a certificate or a key", async () => {
    const url = "https://example.com/x.crt";
    const certificate = await refusal({ certificate: url, private_key: "file:a.key", covered: true });
    expect(certificate).toMatch(/it is a web address, and nothing is fetched from there/);
    expect(certificate).not.toContain("file:https");
  });

  it("a URL in place of a domain that a certificate covers", async () => {
    const said = await assistant.failure("find_certificates", { domain: "https://www.example.com/path" });
    expect(said).toContain('send "www.example.com"');
  });

  it.each(["find-certificates", "Find_Certificates", "mcp__cloudcert__find_certificates"])(
    "a tool's name in another spelling: %s",
    async (name) => {
      await expect(assistant.call(name, {})).rejects.toThrow("did you mean find_certificates?");
    },
  );
});

describe("an id of Alibaba Cloud's store", () => {
  it("is found in its store, named in the plan with names and end, and set by id on CDN and VOD", async () => {
    const { reply, question, requests } = await deploy({
      certificate_id: inChina,
      targets: [{ domains: ["img.example.com", "vod.example.com"] }],
    });
    expect(reply.certificate).toMatchObject({
      certificate_id: `${inChina}-cn-hangzhou`,
      names: ["img.example.com", "vod.example.com"],
    });
    expect(reply.targets).toEqual([
      { target: "CDN domain img.example.com", state: "served" },
      { target: "VOD domain vod.example.com", state: "served" },
    ]);
    expect(question).toContain(`certificate ${inChina}-cn-hangzhou, img.example.com`);
    expect(question).toContain(`expires ${reply.certificate.not_after.slice(0, 10)}`);
    // The store shows no more than a SHA-1.
    expect(question).toContain(`SHA-1 ${reply.certificate.sha1.slice(0, 16)}…`);
    expect(question).not.toContain(`SHA-256 ${reply.certificate.sha1.slice(0, 16)}`);
    expect(question).toContain("whether an intermediate is missing shows only at the edge");
    expect(question).not.toContain("were not checked");
    const sets = requests.filter(({ operation }) => operation.startsWith("Set"));
    expect(sets.map(({ params }) => params)).toEqual(
      ["img.example.com", "vod.example.com"].map((DomainName) => ({
        DomainName,
        SSLProtocol: "on",
        CertType: "cas",
        CertId: inChina,
        CertRegion: "cn-hangzhou",
      })),
    );
    expect([cdn("img.example.com")?.certificate?.id, vod("vod.example.com")?.certificate?.id]).toEqual([
      inChina,
      inChina,
    ]);
    expect(requests.some(({ operation }) => operation === "DownloadCertificate")).toBe(false);
  });

  it("again: there is nothing left to do, and nobody is asked", async () => {
    const { reply, question } = await deploy({
      certificate_id: `${inChina}-cn-hangzhou`,
      targets: [{ domains: ["img.example.com", "vod.example.com"] }],
    });
    expect(reply.targets.map(({ state }) => state)).toEqual(["unchanged", "unchanged"]);
    expect(question).toBe("");
  });

  it("in the other store goes to every domain of its cloud that it covers, and to no other cloud", wide, async () => {
    const { reply, question, requests } = await deploy({ certificate_id: abroad, covered: true });
    expect(reply.targets.map(({ target }) => target).sort()).toEqual([
      "CDN domain img.example.com",
      "DCDN domain app.example.com",
      "VOD domain vod.example.com",
    ]);
    expect(question).toMatch(
      /in another cloud than the certificate's store, and left as they are: .*www\.example\.com/,
    );
    expect(question).toContain("Covered, but without HTTPS now, and left as they are:");
    const [set] = requests.filter(({ operation }) => operation === "SetCdnDomainSSLCertificate");
    expect(set?.params).toMatchObject({ CertId: abroad, CertRegion: "ap-southeast-1" });
  });

  it("cannot go to another cloud, and the error says what can", async () => {
    const said = await refusal({
      certificate_id: abroad,
      targets: [{ domains: ["www.example.com", "img.example.com", "play.example.com"] }],
    });
    expect(said).toContain("its key does not leave it");
    expect(said).toContain("EdgeOne host www.example.com");
    expect(said).toContain("Live domain play.example.com");
    expect(said).not.toContain("CDN domain");
    expect(said).toContain("give certificate with private_key as references");
  });

  it.each([
    [expiredCasId, ["img.example.com"], /it expired on \d{4}-\d\d-\d\d/],
    [inChina, ["assets.example.com"], /does not cover assets\.example\.com/],
    ["4711", ["img.example.com"], /shows no certificate 4711 in cn-hangzhou or ap-southeast-1/],
    [`${inChina}-ap-southeast-1`, ["img.example.com"], /shows no certificate \d+ in ap-southeast-1\./],
  ])("%s for %j is refused before anybody is asked", async (id, domains, why) => {
    expect(await refusal({ certificate_id: id, targets: [{ service: "alibaba-cdn", domains }] })).toMatch(why);
  });
});

describe("an id of Huawei Cloud's store", () => {
  const targets = [{ domains: ["play.example.com"] }];

  it("is set by id on a Live domain, whose redirect stays, and seen served", wide, async () => {
    const { reply, question, requests } = await deploy({ certificate_id: seededScmId, targets });
    expect(reply.certificate).toMatchObject({ certificate_id: seededScmId, names: ["play.example.com"] });
    expect(reply.targets).toEqual([{ target: "Live domain play.example.com", state: "served" }]);
    expect(question).toContain(`certificate ${seededScmId}, play.example.com`);
    const [set] = requests.filter(({ operation }) => operation === "UpdateDomainHttpsCert");
    expect(set?.params).toMatchObject({
      force_redirect: false,
      tls_certificate: { source: "scm", cert_id: seededScmId },
    });
    expect(live("play.example.com")).toMatchObject({ certificate: { id: seededScmId } });
  });

  it.each([
    [expiredScmId, targets, /its status at Huawei Cloud Certificate Manager is EXPIRED/],
    ["scs9999999999999", targets, /SCM\.0020/],
    [seededScmId, [{ domains: ["img.example.com"] }], /CDN domain img\.example\.com cannot get it from there/],
  ])("%s on %j is refused before anybody is asked", async (id, wanted, why) => {
    expect(await refusal({ certificate_id: id, targets: wanted })).toMatch(why);
  });
});

it("no key came into this process or the conversation: CertFilter goes with every look", () => {
  const looks = company.sandbox.requests.filter(({ operation }) => operation === "GetUserCertificateDetail");
  expect(looks.length).toBeGreaterThan(4);
  for (const { params } of looks) expect(params).toMatchObject({ CertFilter: "true" });
  expect([...replies, ...questions].join("\n")).not.toContain("PRIVATE KEY");
});
