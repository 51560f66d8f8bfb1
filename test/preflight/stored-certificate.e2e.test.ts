import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { certificateStatus } from "../../src/catalogue/tencent-ssl/statuses.js";
import { addUploaded, readUploadedPair } from "../../src/sandbox/tencent-ssl/uploads.js";
import { type Assistant, approvesByToken } from "../support/assistant.js";
import { Company } from "../support/company.js";
import { ofRows, rows, wide } from "../support/width.js";
import { Authority, type Party } from "./authority.js";

/**
 * A certificate that is named by its id is judged as one that is at hand: its chain, its dates and its names are in the
 * plan, and what would be refused for certain is not asked.
 *
 * Seen at certd/certd issue 746 and dromara/domain-admin issue 131 (leaf alone), diafygi/acme-tiny issue 77 (the
 * intermediate "can fail at the first time"), certbot/certbot issues 8917 and 9860 (an intermediate that has expired),
 * matteocorti/check_ssl_cert issue 326 (the order), Upinel/localhost.direct issue 10 (the intermediate of another
 * generation), allinssl/allinssl issue 442 (EdgeOne by id).
 */

const now = new Date(Math.ceil(Date.now() / 1000) * 1000);
const authority = new Authority(now);
const inDays = (days: number) => authority.inDays(days);
const ca = (name: string, by?: Party, more: object = {}) =>
  authority.issue({ name, ca: true, to: inDays(900), ...(by && { by }), ...more });

let company: Company;
let assistant: Assistant;
const ids = new Map<string, string>();
const id = (name: string) => ids.get(name) ?? "";

beforeAll(async () => {
  company = await Company.open();
  const root = await ca("Root");
  const oldRoot = await ca("Old Root");
  const upper = await ca("Upper", root);
  const issuing = await ca("Issuing", upper);
  const sameName = await ca("Issuing", upper);
  const crossedExpired = await ca("Root", oldRoot, { keys: root, from: inDays(-90), to: inDays(-1) });
  const names = ["shop.example.com", "www.example.com", "img.example.com", "play.example.com"];
  const leaf = (more: object = {}) => authority.issue({ name: names[0] ?? "", names, by: issuing, ...more });
  const shop = await leaf();
  const stored: Record<string, readonly [Party, ...Party[]]> = {
    good: [shop, issuing, upper],
    "leaf alone": [shop],
    "another generation's intermediate": [shop, sameName, upper],
    "reversed chain": [shop, upper, issuing],
    "expired cross-signed root": [shop, issuing, upper, crossedExpired],
    "next month": [await leaf({ from: inDays(30), to: inDays(120) }), issuing, upper],
    tomorrow: [await leaf({ to: inDays(1.5) }), issuing, upper],
    yesterday: [await leaf({ from: inDays(-90), to: inDays(-1) }), issuing, upper],
    "another name": [await leaf({ names: ["other.example.com"] }), issuing, upper],
  };
  for (const [name, [first, ...above]] of Object.entries(stored)) {
    const CertificatePublicKey = [first, ...above].map(({ pem }) => pem).join("");
    const material = readUploadedPair({ CertificatePublicKey, CertificatePrivateKey: first.key });
    if (name === "leaf alone") {
      writeFileSync(join(company.home, "alone.crt"), CertificatePublicKey);
      writeFileSync(join(company.home, "alone.key"), first.key, { mode: 0o600 });
    }
    ids.set(name, addUploaded(company.sandbox.account, { material, alias: name }).id);
  }
  const trusted = join(company.home, "authority.pem");
  writeFileSync(trusted, root.pem);
  assistant = await company.assistant(approvesByToken, { env: { NODE_EXTRA_CA_CERTS: trusted } });
});
afterAll(async () => {
  await assistant.close();
  await company.close();
});

const asked = z.object({ approval: z.object({ plan: z.object({ warnings: z.array(z.string()) }) }) });

/** The warnings of the plan that a person is asked about. */
async function warningsOf(name: string, args: Record<string, unknown>, by = assistant): Promise<readonly string[]> {
  const { structuredContent } = await by.call(name, args);
  return asked.parse(structuredContent).approval.plan.warnings;
}

const host = { ZoneId: "zone-sandboxdemo", Hosts: ["shop.example.com"], Mode: "sslcert" };
const edgeone = [{ service: "tencent-edgeone", zone_id: "zone-sandboxdemo", domains: ["shop.example.com"] }];
const onHost = (name: string) => ({ ...host, ServerCertInfo: [{ CertId: id(name) }] });
const onResources = (name: string) => ({
  OldCertificateId: company.certificate("storefront"),
  CertificateId: id(name),
  ResourceTypes: ["cdn"],
});

const doubtful: readonly [string, RegExp][] = [
  ["leaf alone", /The intermediate certificate is missing/],
  ["next month", /The certificate is not valid before/],
  ["tomorrow", /The certificate expires on .* in less than/],
  ["another generation's intermediate", /was not signed by its key/],
  ["reversed chain", /out of order/],
  ["expired cross-signed root", /Certificate 4 of the chain expired on/],
];

describe.each(doubtful)("%s", (name, says) => {
  it("is told by ModifyHostsCertificate", async () => {
    const warnings = await warningsOf("ModifyHostsCertificate", onHost(name));
    expect(warnings.join("\n")).toMatch(says);
    expect(warnings.join("\n")).toContain(id(name));
  });
  it("is told by UpdateCertificateInstance", wide, async () => {
    expect((await warningsOf("UpdateCertificateInstance", onResources(name))).join("\n")).toMatch(says);
  });
  it("is told by deploy_certificate", async () => {
    const args = { certificate_id: id(name), targets: edgeone };
    expect((await warningsOf("deploy_certificate", args)).join("\n")).toMatch(says);
  });
});

describe("a certificate whose text is sent", () => {
  const pair = { SSLProtocol: "on", CertType: "upload", CertName: "shop" };
  it.each<[string, Record<string, unknown>]>(
    rows(
      [
        [
          "SetCdnDomainSSLCertificate",
          { ...pair, DomainName: "img.example.com", SSLPub: "file:alone.crt", SSLPri: "file:alone.key" },
        ],
        [
          "UpdateDomainHttpsCert",
          {
            project_id: "p",
            domain: "play.example.com",
            tls_certificate: { source: "user", certificate: "file:alone.crt", certificate_key: "file:alone.key" },
          },
        ],
        ["UploadCertificate", { CertificatePublicKey: "file:alone.crt", CertificatePrivateKey: "file:alone.key" }],
        [
          "deploy_certificate",
          {
            certificate: "file:alone.crt",
            private_key: "file:alone.key",
            targets: [...edgeone, { service: "alibaba-cdn", domains: ["img.example.com"] }],
          },
        ],
      ],
      1,
    ),
  )("is judged by %s", ofRows, async (tool, args) => {
    expect((await warningsOf(tool, args)).join("\n")).toMatch(/The intermediate certificate is missing/);
  });

  it("is judged by deploy_certificate where Tencent Cloud hands out the key", async () => {
    const targets = [{ service: "alibaba-cdn", domains: ["img.example.com"] }];
    const warnings = await warningsOf("deploy_certificate", { certificate_id: id("next month"), targets });
    expect(warnings[0]).toMatch(/CDN domain img\.example\.com: The certificate is not valid before/);
  });
});

it("what turns visitors away comes first", async () => {
  for (const name of ["leaf alone", "next month"]) {
    const [first] = await warningsOf("deploy_certificate", { certificate_id: id(name), targets: edgeone });
    expect(first).toMatch(/is missing|not valid before/);
  }
});

it("what turns visitors away comes first, also where the same is found of an upload, which turns nobody away", async () => {
  const { chain, key } = await company.issue("unstored", ["shop.example.com"]);
  const [leaf = ""] = readFileSync(chain, "utf8").split(/(?<=-----END CERTIFICATE-----\n)/);
  const alone = join(company.home, "unstored-alone.crt");
  writeFileSync(alone, leaf);
  const live = { service: "huawei-live", project_id: "p", domains: ["shop.example.com"], force_redirect: false };
  const args = { certificate: `file:${alone}`, private_key: `file:${key}`, targets: [...edgeone, live] };
  const warnings = await warningsOf("deploy_certificate", args);
  expect(warnings).toEqual([
    expect.stringMatching(/^Upload to Tencent Cloud SSL, .*: The intermediate certificate is missing/),
    expect.stringMatching(/no longer redirected to HTTPS/),
  ]);
});

it("one that is sound has no such warning", wide, async () => {
  for (const [tool, args] of [
    ["ModifyHostsCertificate", onHost("good")],
    ["UpdateCertificateInstance", onResources("good")],
    ["deploy_certificate", { certificate_id: id("good"), targets: edgeone }],
  ] as const) {
    expect((await warningsOf(tool, args)).join("\n")).not.toMatch(
      /certificate (?:is missing|ends|expired)|chain|checked/i,
    );
  }
});

it("several hosts with one certificate get the warning once", async () => {
  const domains = ["shop.example.com", "www.example.com"];
  const args = { certificate_id: id("leaf alone"), targets: [{ ...edgeone[0], domains }] };
  const told = (await warningsOf("deploy_certificate", args)).filter((each) => each.includes("intermediate"));
  expect(told).toEqual([
    expect.stringMatching(
      /^EdgeOne host shop\.example\.com \(zone-sandboxdemo\), EdgeOne host www\.example\.com \(zone-sandboxdemo\): /,
    ),
  ]);
});

describe("what EdgeOne refuses for certain is not asked", () => {
  it.each([
    ["yesterday", /expired on .*CertificateHasExpired/],
    ["another name", /does not cover shop\.example\.com.*CertNotMatchDomain/],
  ])("%s", async (name, says) => {
    const before = company.sandbox.requests.length;
    expect(await assistant.failure("ModifyHostsCertificate", onHost(name))).toMatch(says);
    const sent = company.sandbox.requests.slice(before).map(({ operation }) => operation);
    expect(sent).toEqual(["DescribeCertificateDetail"]);
  });
});

describe("what cannot be read is said not to be checked", () => {
  it("where the policy excludes the read", wide, async () => {
    const other = await company.assistant([...approvesByToken, "--deny", "DescribeCertificateDetail"]);
    try {
      const warnings = await warningsOf("ModifyHostsCertificate", onHost("leaf alone"), other);
      expect(warnings.join("\n")).toMatch(
        /Chain, dates and names of certificate \w{8} were not checked: this server's policy excludes DescribeCertificateDetail/,
      );
    } finally {
      await other.close();
    }
  });

  it.each([
    ["SetCdnDomainSSLCertificate", { DomainName: "img.example.com", SSLProtocol: "on", CertType: "cas", CertId: "9" }],
    ["SetVodDomainSSLCertificate", { DomainName: "vod.example.com", SSLProtocol: "on", CertType: "cas", CertId: "9" }],
    [
      "UpdateDomainHttpsCert",
      { project_id: "p", domain: "play.example.com", tls_certificate: { source: "scm", cert_id: "scs9" } },
    ],
  ])("by %s", async (tool, args) => {
    expect((await warningsOf(tool, args)).join("\n")).toMatch(
      /of certificate (?:9|scs9) were not checked: a single operation does not read/,
    );
  });

  it("for a certificate of EdgeOne's own", async () => {
    const args = { ...host, ServerCertInfo: [{ CertId: "teo-2xyz" }] };
    expect((await warningsOf("ModifyHostsCertificate", args)).join("\n")).toMatch(/teo-2xyz were not checked/);
  });
});

it("what will not be issued any more is not waited for", async () => {
  const stored = [...company.sandbox.account.ssl.certificates.values()];
  const advice = async (status: number) => {
    const certificate_id = stored.find((each) => each.status === status)?.id ?? "";
    const targets = [{ service: "tencent-edgeone", zone_id: "zone-sandboxdemo", domains: ["shop.example.com"] }];
    return assistant.failure("deploy_certificate", { certificate_id, targets });
  };
  const { expired, awaitingDocuments, awaitingLetter, reviewFailed, cancelled } = certificateStatus;
  for (const { code } of [awaitingDocuments, awaitingLetter]) expect(await advice(code)).toContain("wait_for");
  for (const { code } of [expired, reviewFailed, cancelled]) {
    expect(await advice(code)).toMatch(/cannot be deployed: .*\nNothing was changed\.\nNext: Choose another/);
  }
});
