import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PlannedChange } from "../../../src/catalogue/operation.js";
import { sampleChanges } from "../../support/sample-calls.js";
import { changesOf, TestCloud, told } from "./support.js";

let cloud: TestCloud;
let ending: string;
let next: string;
let deployment: number;

beforeAll(async () => {
  cloud = await TestCloud.open();
  ending = cloud.certificate("storefront");
  next = cloud.certificate("storefront, next");
  deployment = await cloud.deployElsewhere(ending, next);
});
afterAll(() => cloud.close());

const found = async (...call: Parameters<TestCloud["found"]>) => told(await cloud.found(...call));
const factsOf = ({ facts }: ReturnType<typeof told>) => new Map(facts);

describe("facts", () => {
  const certificateOf = (id: string) => {
    const material = cloud.sandbox.account.ssl.certificates.get(id)?.material;
    return new X509Certificate(material?.certificatePem ?? "");
  };

  it("describe a certificate", async () => {
    const leaf = certificateOf(ending);
    const facts = await found("DeleteCertificate", { CertificateId: ending });
    expect(Object.fromEntries(facts.facts)).toEqual({
      [`Certificate ${ending}: domains`]: "example.com, *.example.com",
      [`Certificate ${ending}: issuer`]: expect.stringMatching(/^"cloudcert/i),
      [`Certificate ${ending}: expires`]: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ, (19|20) days left$/),
      [`Certificate ${ending}: SHA-1 fingerprint`]: expect.stringMatching(/[0-9A-F]{2}/i),
      [`Certificate ${ending}: SHA-256 fingerprint`]: leaf.fingerprint256,
      [`Certificate ${ending}: status`]: "issued",
      [`Certificate ${ending}: remark`]: '"storefront"',
    });
  });

  it("describe the certificates that a host has and gets, and whether the new one covers it", async () => {
    const mail = cloud.certificate("mail");
    const hosts = { ZoneId: "zone-sandboxdemo", Hosts: ["www.example.com"], Mode: "sslcert" };
    const fits = await found("ModifyHostsCertificate", { ...hosts, ServerCertInfo: [{ CertId: next }] });
    const misses = await found("ModifyHostsCertificate", { ...hosts, ServerCertInfo: [{ CertId: mail }] });
    expect([...factsOf(fits).keys()]).toEqual(
      expect.arrayContaining([`Certificate ${ending}: domains`, `Certificate ${next}: domains`]),
    );
    const covered = "EdgeOne host www.example.com (zone-sandboxdemo): covered by";
    expect(factsOf(fits).get(`${covered} ${next}`)).toBe("yes");
    expect(factsOf(misses).get(`${covered} ${mail}`)).toBe("no");
    expect(misses.rows[0]?.now).toMatch(`certificate ${ending} (example.com, *.example.com, expires `);
  });

  it("describe the certificates of a deployment", async () => {
    const facts = factsOf(await found("UpdateCertificateRecordRollback", { DeployRecordId: deployment }));
    expect(facts.get(`Deployment ${deployment}: replacement`)).toBe(`${next} for ${ending}`);
    expect(facts.get(`Certificate ${ending}: status`)).toBe("issued");
    expect(facts.get(`Certificate ${next}: status`)).toBe("issued");
  });

  it("describe a CSR", async () => {
    const facts = factsOf(await found("BatchDeleteCSR", { CSRIds: [701] }));
    expect(facts.get("CSR 701: subject")).toMatch(/^domain www.example.org, organization "Example Ltd"/);
    expect(facts.get("CSR 701: remark")).toBe('"generated for another CA"');
  });

  it("leave out what an order does not have yet", async () => {
    const shop = cloud.certificate("for the new shop");
    const facts = await found("CancelCertificateOrder", { CertificateId: shop });
    expect(Object.fromEntries(facts.facts)).toEqual({
      [`Certificate ${shop}: status`]: "paid, documents awaited",
      [`Certificate ${shop}: remark`]: '"for the new shop"',
    });
  });
});

describe("what is not there or cannot be seen", () => {
  const unknown = "zzzz9999";

  it.each<[string, Record<string, unknown>, string]>([
    ["DeleteCertificate", { CertificateId: unknown }, "does not exist"],
    ["ModifyCertificateAlias", { CertificateId: unknown, Alias: "web" }, "does not exist"],
    ["BatchDeleteCSR", { CSRIds: [99] }, "does not exist"],
    ["UpdateCertificateRecordRetry", { DeployRecordId: 99 }, "does not exist"],
    ["UpdateCertificateRecordRetry", { DeployRecordDetailId: 99 }, "not visible through this API"],
    ["UpdateCertificateRecordRollback", {}, "not visible through this API"],
  ])("%s %j: %s", async (name, args, now) => {
    const { rows } = await found(name, args);
    expect(rows.map((row) => row.now)).toEqual(rows.map(() => now));
  });

  it("a host without a certificate to look by, and its other settings", async () => {
    const { rows } = await found("ModifyHostsCertificate", {
      ZoneId: "zone-sandboxdemo",
      Hosts: ["www.example.com"],
      Mode: "disable",
      ClientCertInfo: { Switch: "off" },
      UpstreamCertInfo: { UpstreamMutualTLS: { Switch: "off" } },
    });
    expect(rows.map(({ aspect, now }) => `${aspect}: ${now}`)).toEqual([
      expect.stringMatching(`^server certificate: certificate ${ending} `),
      "client CAs: not visible through this API",
      "origin settings: not visible through this API",
    ]);
  });

  it.each([
    ["www.example.com", "zone-elsewhere", "not among the hosts that this API lists"],
    ["no.example.com", "zone-sandboxdemo", "not among the hosts that this API lists"],
  ])("host %s of %s: %s", async (host, zone, now) => {
    const args = { ZoneId: zone, Hosts: [host], Mode: "sslcert", ServerCertInfo: [{ CertId: next }] };
    expect((await found("ModifyHostsCertificate", args)).rows[0]).toMatchObject({ now });
  });

  it("a host looked for by a certificate that does not exist", async () => {
    const args = { ZoneId: "z", Hosts: ["www.example.com"], Mode: "sslcert", ServerCertInfo: [{ CertId: unknown }] };
    const present = await found("ModifyHostsCertificate", args);
    expect(present.rows[0]?.now).toBe("could not be read: FailedOperation.CertificateNotFound");
    expect(present.facts).toEqual([[`Certificate ${unknown}: status`, "does not exist in Tencent Cloud SSL"]]);
  });
});

describe("the reads", () => {
  const sentFor = async (changes: readonly PlannedChange[]) => {
    cloud.sent.length = 0;
    await cloud.present(changes);
    return [...cloud.sent].sort();
  };

  it("are made once for each subject", async () => {
    const sent = await sentFor([
      ...changesOf("ModifyCertificateAlias", { CertificateId: ending, Alias: "web" }),
      ...changesOf("ModifyCertificateProject", { CertificateIdList: [ending, ending], ProjectId: 5 }),
    ]);
    expect(sent).toEqual(["DescribeCertificateDetail"]);
  });

  it("list EdgeOne hosts once for all hosts that get the same certificate", async () => {
    const Hosts = ["www.example.com", "shop.example.com"];
    const args = { ZoneId: "zone-sandboxdemo", Hosts, Mode: "sslcert", ServerCertInfo: [{ CertId: next }] };
    const sent = await sentFor(changesOf("ModifyHostsCertificate", args));
    expect(sent.filter((name) => name === "DescribeHostTeoInstanceList")).toHaveLength(1);
  });

  it("are none where nothing can be seen", async () => {
    const { tls_certificate, domain, project_id } = { ...sampleChanges.UpdateDomainHttpsCert };
    const changes = changesOf("UpdateDomainHttpsCert", { project_id, domain, tls_certificate });
    expect(await sentFor(changes.filter(({ aspect }) => aspect === "HTTPS"))).toEqual([]);
  });

  it("look bindings up anew when told to", async () => {
    const tasks = () => cloud.sandbox.account.ssl.bindingTasks.size;
    const deletion = { CertificateId: ending };
    await found("DeleteCertificate", deletion);
    const before = tasks();
    await found("DeleteCertificate", deletion);
    expect(tasks()).toBe(before);
    await found("DeleteCertificate", deletion, { fresh: true });
    expect(tasks()).toBe(before + 1);
  });

  it("wait for bindings as long as allowed", async () => {
    const deletion = { CertificateId: ending };
    const { rows } = await found("DeleteCertificate", deletion, { fresh: true, bindingsWithinMs: 3_000 });
    expect(rows[1]?.now).toBe("still being looked up by the cloud");
  });
});
