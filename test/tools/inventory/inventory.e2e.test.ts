import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { addCertificate } from "../../../src/sandbox/tencent-ssl/lifecycle.js";
import type { Assistant } from "../../support/assistant.js";
import { Company, everywhere, referring } from "../../support/company.js";
import { wide } from "../../support/width.js";

/** What an assistant sees of the whole inventory, before and after a deployment. */

const found = z.object({
  incomplete: z.array(z.string()).optional(),
  listed_at: z.string(),
  certificates: z.array(z.object({ certificate_id: z.string(), same_key_as: z.array(z.string()).optional() })),
  domains: z
    .array(
      z.object({
        domain: z.string(),
        service: z.string(),
        https: z.string().optional(),
        changed: z.string().optional(),
        certificates: z
          .array(z.object({ certificate_id: z.string().optional(), name: z.string().optional() }).passthrough())
          .optional(),
        drift: z.string().optional(),
      }),
    )
    .default([]),
});

describe("with lists that lag behind", () => {
  let company: Company;
  let assistant: Assistant;
  beforeAll(async () => {
    company = await Company.open({ speed: 600, listLag: 24 * 3600_000 });
    assistant = await company.assistant();
  });
  afterAll(() => Promise.all([assistant.close(), company.close()]));

  const find = async (args: Record<string, unknown> = {}) =>
    found.parse(await assistant.result("find_certificates", args));

  it("no reply after a deployment shows the old certificate, or HTTPS as it was", wide, async () => {
    const before = await find({ limit: 100 });
    const pair = referring(await company.issue("site"));
    const targets = everywhere(company).filter(({ service }) => service !== "tencent-ssl");
    const named = targets.flatMap(({ domains = [] }) => domains);
    expect(named.length).toBeGreaterThan(3);
    const old = before.domains.filter(({ domain }) => named.includes(domain));
    expect(old.filter(({ certificates = [] }) => certificates.length > 0).length).toBeGreaterThan(2);
    const done = await assistant.result("deploy_certificate", { ...pair, targets, wait_seconds: 0 });
    expect(done.summary).toMatch(/^\d (accepted|served)/);

    for (const args of [{}, { fresh: true }, { with_edges: true }]) {
      const after = await find({ limit: 100, ...args });
      const rows = after.domains.filter(({ domain }) => named.includes(domain));
      expect(rows.map(({ certificates, https, drift }) => [certificates, https, drift])).toEqual(
        rows.map(() => [undefined, undefined, undefined]),
      );
      for (const { changed } of rows)
        expect(changed).toMatch(/^another certificate was accepted \d{4}.+\(deployment \w+\); the cloud's list/);
      expect(rows).toHaveLength(old.length);
      const others = ({ domains }: typeof before) =>
        domains
          .filter(({ domain }) => !named.includes(domain))
          .map(({ domain, certificates }) => [domain, certificates]);
      expect(others(after)).toEqual(others(before));
    }
  });
});

describe("the filters", () => {
  let company: Company;
  let assistant: Assistant;
  beforeAll(async () => {
    company = await Company.open({});
    assistant = await company.assistant();
  });
  afterAll(() => Promise.all([assistant.close(), company.close()]));
  const find = async (args: Record<string, unknown>) => found.parse(await assistant.result("find_certificates", args));
  const reads = (from: number) => company.sandbox.requests.slice(from).map(({ operation }) => operation);

  it("by service asks that service alone", async () => {
    const from = company.sandbox.requests.length;
    const { certificates, domains } = await find({ service: "alibaba-cdn" });
    expect(certificates).toEqual([]);
    expect(new Set(domains.map(({ service }) => service))).toEqual(new Set(["alibaba-cdn"]));
    expect(new Set(reads(from))).toEqual(new Set(["DescribeUserDomains", "DescribeCdnHttpsDomainList"]));
  });

  it.each(
    [{ status: "issued" }, { source: "uploaded" }, { source: "tencent" }, { unbound: true }, { same_key: true }].map(
      (filter) => ({ service: "alibaba-cdn", ...filter }),
    ),
  )("asks no cloud for stored certificates of a service that stores none: %j", async (args) => {
    const from = company.sandbox.requests.length;
    // No list was read, so the reply has no time of one.
    const { certificates, domains, incomplete } = found
      .omit({ listed_at: true })
      .parse(await assistant.result("find_certificates", { ...args, fresh: true }));
    expect([certificates, domains, incomplete]).toEqual([[], [], undefined]);
    expect(reads(from)).toEqual([]);
  });

  it("same_key finds certificates that share a key, and says which", async () => {
    const { ssl } = company.sandbox.account;
    expect((await find({ same_key: true })).certificates).toEqual([]);
    const [first] = [...ssl.certificates.values()].filter(({ alias }) => alias === "mail");
    if (first?.material === undefined) throw new Error("the sandbox has no such certificate");
    const copy = addCertificate(company.sandbox.account, { status: 1, material: first.material, alias: "copy" });
    const { certificates, domains } = await find({ same_key: true, fresh: true });
    expect(certificates.map(({ certificate_id, same_key_as }) => [certificate_id, same_key_as]).sort()).toEqual(
      [
        [first.id, [copy.id]],
        [copy.id, [first.id]],
      ].sort(),
    );
    expect(domains).toEqual([]);
  });

  it("drift shows only domains whose edge serves another certificate", wide, async () => {
    expect((await find({ drift: true })).domains).toEqual([]);
    const { cdn, authority } = company.sandbox.account;
    const issued = await authority.issue({
      names: ["img.example.com"],
      key: "EC-P256",
      notBefore: new Date(Date.now() - 86_400_000),
      notAfter: new Date(Date.now() + 9 * 86_400_000),
    });
    const img = cdn.get("img.example.com");
    if (img?.certificate === undefined) throw new Error("the sandbox has no such domain");
    const { certificatePem, privateKeyPem } = issued;
    img.certificate = { ...img.certificate, certificatePem, privateKeyPem };
    img.changedAt = new Date();
    const { certificates, domains } = await find({ drift: true, fresh: true });
    expect(certificates).toEqual([]);
    expect(domains.map(({ domain, drift }) => [domain, drift])).toEqual([
      ["img.example.com", "its edge serves another certificate than the cloud lists"],
    ]);
  });

  it("the lists are read once in five minutes, anew on demand and after each change", async () => {
    const read = async (args: Record<string, unknown> = {}) => {
      const from = company.sandbox.requests.length;
      const { listed_at: at } = await find(args);
      return { at: Date.parse(at), reads: reads(from) };
    };
    const one = await read({ fresh: true });
    const two = await read({ service: "alibaba-vod" });
    expect(two).toEqual({ at: expect.any(Number), reads: [] });
    expect(two.at).toBeGreaterThanOrEqual(one.at);
    expect((await read({ fresh: true })).reads).toEqual(expect.arrayContaining(one.reads));
    await assistant.result("ModifyCertificateAlias", { CertificateId: company.certificate("mail"), Alias: "post" });
    const three = await read({ domain: "mail.example.com" });
    expect(three.reads).toContain("DescribeCertificates");
  });

  it.each(["", "next", "eyJhIjoxfQ"])("a cursor that no reply gave is refused: %j", async (cursor) => {
    const from = company.sandbox.requests.length;
    if (cursor === "") expect(await find({ cursor })).toBeDefined();
    else
      expect(await assistant.failure("find_certificates", { cursor })).toMatch(
        /not a cursor that an earlier reply gave/,
      );
    if (cursor !== "") expect(reads(from)).toEqual([]);
  });
});
