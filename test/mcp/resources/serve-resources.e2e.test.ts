import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { defaultCompanions } from "../../../src/catalogue/companions.js";
import { operations } from "../../../src/catalogue/index.js";
import { serviceIds } from "../../../src/catalogue/services.js";
import { JobFiles } from "../../../src/jobs/job-files.js";
import { Journal } from "../../../src/jobs/journal.js";
import { permanentCredentials } from "../../../src/sandbox/credentials.js";
import { type Sandbox, startSandbox } from "../../../src/sandbox/server.js";
import { type Assistant, pointedAt, startAssistant } from "../../support/assistant.js";
import { httpReply, startFaultyServer } from "../../support/faulty-server.js";
import { wide } from "../../support/width.js";

const folder = mkdtempSync(join(tmpdir(), "cc-resources-"));
const credentials = { TENCENTCLOUD_SECRET_ID: "AKIDwholeidentifier", TENCENTCLOUD_SECRET_KEY: "canary-secret-key-1" };
let sandbox: Sandbox;
let assistant: Assistant;
let jobId: string;
const cleanups: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const jobs = join(folder, "jobs");
  sandbox = await startSandbox();
  const account = {
    credential: permanentCredentials.alibaba.id,
    endpoint: new URL(sandbox.endpoints["alibaba-cdn"]).host,
  };
  const { id } = await new Journal(new JobFiles(jobs), () => new Date("2026-01-02T03:04:05Z"), {
    accountFor: () => account,
  }).open({
    kind: "deployment",
    key: "k",
    certificate: { sha256: "ab".repeat(32), names: ["img.example.com"], notAfter: "2026-06-01T00:00:00Z", source: {} },
    targets: [
      { id: "t", service: "alibaba-cdn", name: "CDN img.example.com", domain: "img.example.com", state: "served" },
    ],
  });
  jobId = id;
  writeFileSync(join(jobs, "00000000.json"), "{ torn");
  const { args, env } = pointedAt(sandbox);
  assistant = await startAssistant([...args, "--jobs", jobs, "--files", folder, "--deny", "Delete*"], { env });
});
afterAll(async () => {
  await assistant.close();
  await sandbox.close();
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function started(args: readonly string[], env: Record<string, string> = {}) {
  const other = await startAssistant(args, { env });
  cleanups.push(() => other.close());
  return other;
}

async function listed({ client }: Assistant): Promise<string[]> {
  return (await client.listResources()).resources.map(({ uri }) => uri);
}

async function read(uri: string, { client }: Assistant = assistant): Promise<string> {
  const { contents } = await client.readResource({ uri });
  expect(contents.map((content) => content.uri)).toEqual([uri]);
  return contents.map((content) => ("text" in content ? content.text : "")).join();
}

const parsed = async (uri: string, other?: Assistant) =>
  z.record(z.unknown()).parse(JSON.parse(await read(uri, other)));

const byKind = (uris: readonly string[], kind: string) => uris.filter((uri) => uri.startsWith(`cloudcert://${kind}/`));

describe("the list", () => {
  it("holds the status, what is offered, the jobs that can be read and the account's certificates", async () => {
    const uris = await listed(assistant);
    expect(uris[0]).toBe("cloudcert://status");
    expect(byKind(uris, "operations")).toEqual(
      [...operations, ...defaultCompanions]
        .filter(({ name }) => name !== "DeleteCertificate")
        .map(({ name }) => `cloudcert://operations/${name}`),
    );
    expect(byKind(uris, "jobs")).toEqual([`cloudcert://jobs/${jobId}`]);
    const held = [...sandbox.account.ssl.certificates.keys()].map((id) => `cloudcert://certificates/${id}`);
    expect(held.length).toBeGreaterThan(5);
    expect(byKind(uris, "certificates").sort()).toEqual(held.sort());
  });

  it("tells what each is, and everything in it can be read", async () => {
    const { resources } = await assistant.client.listResources();
    for (const { uri, title, description, mimeType } of resources) {
      expect(title && description && mimeType).toBeTruthy();
      expect((await read(uri)).length).toBeGreaterThan(50);
    }
    expect(resources.find(({ uri }) => uri.includes("/jobs/"))?.description).toContain("img.example.com to 1 targets");
  });

  it("is read again after a change, and not before", async () => {
    const reads = () => sandbox.requests.filter(({ operation }) => operation === "DescribeCertificates").length;
    await listed(assistant);
    const before = reads();
    await listed(assistant);
    expect(reads()).toBe(before);
    const [CertificateId] = sandbox.account.ssl.certificates.keys();
    await assistant.result("ModifyCertificateAlias", { CertificateId, Alias: 'renamed "just" now' });
    const { resources } = await assistant.client.listResources();
    // In quotation marks: whoever chose it must not speak in this program's own words.
    expect(resources.some(({ title }) => title?.endsWith('("renamed \\"just\\" now")'))).toBe(true);
    expect(reads()).toBe(before + 1);
  });
});

it("the templates name what may be asked for", async () => {
  const { resourceTemplates } = await assistant.client.listResourceTemplates();
  expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
    "cloudcert://operations/{name}",
    "cloudcert://errors/{service}/{code}",
    "cloudcert://certificates/{id}",
    "cloudcert://jobs/{id}",
  ]);
});

describe("what is read", () => {
  it("an operation and an error code, as documents", async () => {
    expect(await read("cloudcert://operations/ApplyCertificate")).toMatch(/^# .*ApplyCertificate/);
    expect(await read("cloudcert://errors/tencent-ssl/FailedOperation.CertificateNotFound")).toMatch(
      /CertificateNotFound/,
    );
    // Clients may escape what the template does not demand.
    expect(await read("cloudcert://errors/huawei-live/LIVE%2E100011001")).toMatch(/LIVE\.100011001/);
  });

  it("a certificate, as the tool tells it, without its key, which nobody has to approve", async () => {
    const issued = [...sandbox.account.ssl.certificates.values()].find(({ alias }) => alias === "mail");
    const told = await parsed(`cloudcert://certificates/${issued?.id}`);
    expect(told).toMatchObject({ CertificateId: issued?.id, Domain: "mail.example.net", Status_text: "issued" });
    expect(told).not.toHaveProperty("CertificatePrivateKey");
    expect(await assistant.result("list_vault")).toMatchObject({ entries: [] });
  });

  it("a job, without the process that works on it", async () => {
    const told = await parsed(`cloudcert://jobs/${jobId}`);
    expect(told).toMatchObject({ job: jobId, kind: "deployment", targets: [{ state: "served" }] });
    expect(told).not.toHaveProperty("owner");
  });

  it("the status: how the server is set up", async () => {
    expect(await parsed("cloudcert://status")).toMatchObject({
      clouds: "real",
      tencent_site: "intl",
      services: serviceIds.map((id) => ({ id, credentials: expect.stringMatching(/^\w{4}…\w{4}$/) })),
      policy: { read_only: false, allow: [], deny: ["Delete*"], purchases: false },
      approval: { channels: ["elicit", "page", "terminal"] },
      call_seconds: "as long as the client is known to wait",
      references: { directories: [folder], env_prefix: "none", secrets_as_text: false },
      tools: (await assistant.client.listTools()).tools.length,
    });
  });
});

describe("what is not there", () => {
  it.each([
    "cloudcert://operations/DropEverything",
    "cloudcert://operations/DeleteCertificate",
    "cloudcert://operations/constructor",
    "cloudcert://operations/__proto__",
    "cloudcert://operations/applycertificate",
    "cloudcert://operations",
    "cloudcert://operations/",
    "cloudcert://operations/ApplyCertificate/more",
    "cloudcert://errors/tencent-ssl",
    "cloudcert://errors/no-such/FailedOperation",
    "cloudcert://errors/tencent-ssl/NoSuchCode.AtAll",
    "cloudcert://errors/tencent-ssl/%zz",
    "cloudcert://certificates/zzzzzzzz",
    "cloudcert://jobs/ffffffff",
    "cloudcert://jobs/..%2Fjobs%2F00000000",
    "cloudcert://status/more",
    "cloudcert://vault/1",
    "file:///etc/passwd",
    "",
  ])("is answered as the protocol has it: %s", async (uri) => {
    await expect(assistant.client.readResource({ uri })).rejects.toMatchObject({ code: -32002, data: { uri } });
  });

  it("is not said of a record that could not be read", async () => {
    await expect(assistant.client.readResource({ uri: "cloudcert://jobs/00000000" })).rejects.toMatchObject({
      message: expect.stringMatching(/not known.*damaged or cut short/),
    });
  });

  it("is not offered in part: neither listed nor read", async () => {
    const { args, env } = pointedAt(sandbox);
    const id = [...sandbox.account.ssl.certificates.keys()][0];
    const other = await started([...args, "--services", "huawei-live", "--deny", "this-computer/*"], env);
    expect(await listed(other)).toEqual(["cloudcert://status", "cloudcert://operations/UpdateDomainHttpsCert"]);
    const { resourceTemplates } = await other.client.listResourceTemplates();
    expect(resourceTemplates.map(({ name }) => name)).toEqual(["operations", "errors"]);
    for (const uri of [
      `cloudcert://certificates/${id}`,
      `cloudcert://jobs/${jobId}`,
      "cloudcert://operations/ApplyCertificate",
      "cloudcert://errors/alibaba-cdn/Certificate.MissMatch",
    ]) {
      await expect(other.client.readResource({ uri })).rejects.toMatchObject({ code: -32002 });
    }
    expect(await read("cloudcert://errors/huawei-live/LIVE.100011001", other)).toContain("LIVE.100011001");
  });
});

describe("no secret", () => {
  it("is in anything that was received, not even one that stands in a remark", wide, async () => {
    const [certificate] = sandbox.account.ssl.certificates.values();
    const key = [...sandbox.account.ssl.certificates.values()].find(({ alias }) => alias === "mail")?.material;
    expect(key?.privateKeyPem).toContain("PRIVATE KEY");
    if (certificate) certificate.alias = `${key?.privateKeyPem} ${sandbox.env.TENCENTCLOUD_SECRET_KEY}`;
    const { args, env } = pointedAt(sandbox);
    const other = await started(args, env);
    const { resources } = await other.client.listResources();
    expect(resources.some(({ title }) => title?.includes("[sealed]"))).toBe(true);
    for (const { uri } of resources) await read(uri, other);
    await expect(other.client.readResource({ uri: `cloudcert://x/${env.TENCENTCLOUD_SECRET_KEY}` })).rejects.toThrow();
    const everything = JSON.stringify([...other.received, ...assistant.received]);
    expect(everything).not.toContain("PRIVATE KEY");
    for (const [name, value] of Object.entries(sandbox.env)) {
      if (/KEY$|SECRET$|SK$/.test(name)) expect(everything).not.toContain(value);
    }
  });

  it("is in the status of a server with credentials of its own", wide, async () => {
    const told = await read("cloudcert://status", await started(["--approve", "token"], credentials));
    expect(told).toContain("AKID…fier");
    expect(told).not.toMatch(/canary|AKIDwholeidentifier/);
    expect(JSON.parse(told)).toMatchObject({ approval: { channels: ["token"] } });
  });
});

describe("where certificates cannot be read", () => {
  const uri = "cloudcert://certificates/abcd1234";

  it("for want of credentials, the list has none, and one says which variables to set", wide, async () => {
    const other = await started([]);
    expect(byKind(await listed(other), "certificates")).toEqual([]);
    expect(byKind(await listed(other), "operations")).toHaveLength(operations.length + defaultCompanions.length);
    await expect(other.client.readResource({ uri })).rejects.toThrow(/TENCENTCLOUD_SECRET_ID/);
    const services = z.array(z.record(z.unknown())).parse((await parsed("cloudcert://status", other)).services);
    expect(services.map(({ credentials: held }) => held)).toEqual(serviceIds.map(() => "none"));
  });

  it("for a cloud that fails, the list has none, and one says what happened", wide, async () => {
    const failing = await startFaultyServer((socket) => void socket.end(httpReply(500, "no JSON")));
    cleanups.push(() => failing.close());
    const other = await started(["--endpoint", `tencent-ssl=${failing.url.href}`], credentials);
    expect(byKind(await listed(other), "certificates")).toEqual([]);
    await expect(other.client.readResource({ uri })).rejects.toThrow(/Nothing was changed\. Next: /);
  });

  it("for a cloud that does not answer, the list does not wait for it", wide, async () => {
    const silent = await startFaultyServer(() => {});
    cleanups.push(() => silent.close());
    // The call itself would wait longer than any test may take.
    const other = await started(["--endpoint", `tencent-ssl=${silent.url.href}`, "--timeout", "3600"], credentials);
    expect(byKind(await listed(other), "certificates")).toEqual([]);
  });
});
