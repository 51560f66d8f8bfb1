import { mkdtempSync, readdirSync, readFileSync, realpathSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { CertificateAuthority } from "../../src/sandbox/authority.js";
import { parseKey, parseSandboxCertificate } from "../../src/sandbox/certificate.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { type Assistant, approvesByToken, pointedAt, reads, startAssistant } from "../support/assistant.js";
import { sample } from "../support/sample-calls.js";

/** Private keys through the front door: in by reference, out by reference, and nowhere in what the client received. */

let sandbox: Sandbox;
let assistant: Assistant;
let skippedMs = 0;
const folder = mkdtempSync(join(tmpdir(), "cc-keys-"));
const PASSWORD = "correct horse battery";

beforeAll(async () => {
  sandbox = await startSandbox({ speed: 60, now: () => Date.now() + skippedMs });
  const { args, env } = pointedAt(sandbox);
  assistant = await startAssistant([...args, ...approvesByToken, "--files", folder, "--env-prefix", "CLOUDKEY_"], {
    env: { ...env, CLOUDKEY_PASSWORD: PASSWORD },
    hostApproves: true,
  });
  const authority = await CertificateAuthority.create(new Date());
  const day = 24 * 3600_000;
  const issued = await authority.issue({
    names: ["img.example.com"],
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + 90 * day),
    key: "EC-P256",
  });
  // As people keep them: key and chain in one file.
  writeFileSync(join(folder, "img.pem"), issued.privateKeyPem + issued.certificatePem, { mode: 0o600 });
});
afterAll(async () => {
  await assistant.close();
  await sandbox.close();
});

const everythingReceived = () => JSON.stringify(assistant.received);
const held = z.string().regex(/^vault:/);

it("a key in a file is used without being seen", async () => {
  const file = `file:${join(folder, "img.pem")}`;
  const settings = { DomainName: "img.example.com", SSLProtocol: "on", CertType: "upload", CertName: "from-a-file" };
  await assistant.result("SetCdnDomainSSLCertificate", { ...settings, SSLPub: file, SSLPri: file });
  const served = sandbox.account.cdn.get("img.example.com")?.certificate;
  const leaf = parseSandboxCertificate(served?.certificatePem ?? "")?.leaf;
  const key = parseKey(served?.privateKeyPem ?? "");
  expect(key && leaf?.checkPrivateKey(key)).toBe(true);
  expect(everythingReceived()).not.toContain("PRIVATE KEY");
});

it("a key travels from Tencent Cloud to Alibaba Cloud and Huawei Cloud without being seen", async () => {
  const application = { DvAuthMethod: "DNS", DomainName: "play.example.com" };
  const { CertificateId } = await assistant.result("ApplyCertificate", application);
  skippedMs += 10_000;
  const { Content } = await assistant.result("DownloadCertificate", { CertificateId });
  const archive = held.parse(Content);
  await assistant.result("UpdateDomainHttpsCert", {
    project_id: "sandboxproject",
    domain: "play.example.com",
    force_redirect: true,
    tls_certificate: { source: "user", certificate: archive, certificate_key: archive },
  });
  const live = sandbox.account.live.get("play.example.com")?.certificate;
  const stored = sandbox.account.ssl.certificates.get(z.string().parse(CertificateId))?.material;
  expect(live?.certificatePem.trim()).toBe(stored?.certificatePem.trim());
  const key = parseKey(live?.privateKeyPem ?? "");
  expect(key && parseSandboxCertificate(live?.certificatePem ?? "")?.leaf.checkPrivateKey(key)).toBe(true);

  const { CertificateId: forCdn } = await assistant.result("ApplyCertificate", {
    DvAuthMethod: "DNS",
    DomainName: "img.example.com",
  });
  skippedMs += 10_000;
  const detail = await assistant.result("DescribeCertificateDetail", { CertificateId: forCdn });
  const { Content: second } = await assistant.result("DownloadCertificate", { CertificateId: forCdn });
  await assistant.result("SetCdnDomainSSLCertificate", {
    DomainName: "img.example.com",
    SSLProtocol: "on",
    CertType: "upload",
    CertName: "travelled",
    SSLPub: `${held.parse(second)}#fullchain`,
    SSLPri: held.parse(detail.CertificatePrivateKey),
  });
  const cdn = sandbox.account.cdn.get("img.example.com")?.certificate;
  const cdnKey = parseKey(cdn?.privateKeyPem ?? "");
  expect(cdn?.name).toBe("travelled");
  expect(cdnKey && parseSandboxCertificate(cdn?.certificatePem ?? "")?.leaf.checkPrivateKey(cdnKey)).toBe(true);
  expect(everythingReceived()).not.toContain("PRIVATE KEY");
});

describe("what is held", () => {
  const forms: string[] = [];
  let saysYes = true;
  let asking: Assistant;
  beforeAll(async () => {
    const { args, env } = pointedAt(sandbox);
    const person = reads(({ message }) => {
      forms.push(message);
      return saysYes ? { action: "accept", content: { approve: true } } : { action: "decline" };
    });
    asking = await startAssistant([...args, "--approve", "elicit", "--files", folder], { env, person });
  });
  afterAll(() => asking.close());

  it("is listed without the secrets, and saved to files that only the owner reads", async () => {
    const { entries } = await assistant.result("list_vault");
    const archives = z.array(z.object({ reference: z.string(), content: z.string() })).parse(entries);
    const archive = archives.find(({ content }) => content === "archive")?.reference ?? "";
    const { files } = await assistant.result("save_to_file", { reference: archive, directory: folder, name: "play" });
    const saved = z.array(z.object({ path: z.string(), what: z.string() })).parse(files);
    const key = saved.find(({ what }) => what === "private key")?.path ?? "";
    expect(statSync(key).mode & 0o777).toBe(0o600);
    expect(parseKey(readFileSync(key, "utf8"))).toBeDefined();
    const again = await assistant.failure("save_to_file", { reference: archive, directory: folder, name: "play" });
    expect(again).toContain("Nothing was changed.");
    expect(everythingReceived()).not.toContain("PRIVATE KEY");
  });

  it("is saved after a plan that tells what is in the files, and where they really go", async () => {
    const place = mkdtempSync(join(folder, "place-"));
    symlinkSync(place, join(folder, "by-link"));
    const { Content } = await asking.result("DownloadCertificate", { CertificateId: sample.ordered });
    const archive = held.parse(Content);
    const saved = await asking.result("save_to_file", { reference: archive, directory: "by-link", name: "told" });
    await asking.result("save_to_file", { reference: `${archive}#leaf`, directory: "by-link", name: "leaf" });
    const [, whole = "", leaf = ""] = forms;
    const real = realpathSync(place);
    // A reference would tell nothing.
    expect(whole).toMatch(/^Write private key and certificates, for \S+ \(\w+\) to files named told in /);
    expect(saved.next).toMatch(/nginx: ssl_certificate \S+told\.fullchain\.crt; ssl_certificate_key \S+told\.key;/);
    expect(saved.next).toContain("openssl pkcs12 -export");
    expect(whole).toContain(`directory: "${real}"`);
    const key = `File "${join(real, "told.key")}", existence: does not exist yet → private key, `;
    const line = whole.split("\n").find((each) => each.startsWith(key));
    expect(line).toMatch(/public half SHA-256 [0-9a-f]{32}, of the certificate for \S+, which expires \d{4}-\d\d-\d\d/);
    expect(line).toContain(`(${sample.ordered})`);
    expect(whole).toContain("→ certificate and intermediates, of the certificate for");
    expect(leaf).toContain(`File "${join(real, "leaf.crt")}", existence: does not exist yet → certificate, of`);
    expect(readdirSync(place).sort()).toEqual([
      "leaf.crt",
      ...["chain.crt", "crt", "fullchain.crt", "key"].map((end) => `told.${end}`),
    ]);
  });

  it("is not asked about where it cannot be written", async () => {
    writeFileSync(join(folder, "a-file"), "");
    const { entries } = await assistant.result("list_vault");
    const [{ reference } = { reference: "" }] = z.array(z.object({ reference: z.string() })).parse(entries);
    const saved = await assistant.failure("save_to_file", { reference, directory: "a-file", name: "x" });
    expect(saved).toMatch(/a-file is not a directory\..*Nothing was changed/s);
    expect(JSON.stringify(assistant.received.at(-1))).not.toContain("approval");
  });

  it("is not saved without a person's yes", async () => {
    const { Content } = await asking.result("DownloadCertificate", { CertificateId: sample.ordered });
    const change = { reference: held.parse(Content), directory: folder, name: "other" };
    saysYes = false;
    expect(await asking.failure("save_to_file", change)).toContain("did not approve");
    expect(readdirSync(folder).filter((name) => name.startsWith("other"))).toEqual([]);
  });
});

describe("a secret given as text", () => {
  const key =
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIcanarycanarycanarycanarycanarycanary1234\n-----END PRIVATE KEY-----";

  it("is refused with a reply that says how to pass it, and is not repeated", async () => {
    const said = await assistant.failure("UploadCertificate", {
      CertificatePublicKey: `file:${join(folder, "img.pem")}`,
      CertificatePrivateKey: key,
    });
    expect(said).toContain("by reference only");
    expect(said).toContain("file:");
    expect(said).not.toContain("canary");
  });

  const image = () => `file:${join(folder, "img.pem")}`;
  const partOfImageKey = () =>
    readFileSync(join(folder, "img.pem"), "utf8")
      .split("-----BEGIN PRIVATE KEY-----")[1]
      ?.replaceAll("\n", "")
      .slice(40, 160);

  it.each<[string, string, string, () => Record<string, unknown>]>([
    ["a key", "ModifyCertificateAlias", "Alias", () => ({ CertificateId: sample.next, Alias: key })],
    [
      "part of the key of the same call",
      "SetCdnDomainSSLCertificate",
      "CertName",
      () => ({
        DomainName: "img.example.com",
        SSLProtocol: "on",
        SSLPub: image(),
        SSLPri: image(),
        CertName: partOfImageKey(),
      }),
    ],
    [
      "a key deep in a job",
      "deploy_certificate",
      "targets.0.cert_name",
      () => ({
        certificate: image(),
        private_key: image(),
        targets: [{ service: "alibaba-cdn", domains: ["img.example.com"], cert_name: partOfImageKey() }],
      }),
    ],
    [
      "a key that is too long for it",
      "deploy_certificate",
      "targets.0.cert_name",
      () => ({ certificate_id: sample.next, targets: [{ service: "alibaba-cdn", cert_name: `of the site: ${key}` }] }),
    ],
    ["a key in a read", "DescribeCertificates", "SearchKey", () => ({ SearchKey: key })],
    ["a key in a tool of this computer", "explain_error", "code", () => ({ code: key.slice(0, 60) })],
  ])("where none belongs is refused before anybody is asked: %s", async (_, tool, argument, given) => {
    const before = sandbox.requests.length;
    const said = await assistant.failure(tool, given());
    expect(said).toMatch(new RegExp(`${tool}: ${argument} holds a (private key|secret).*Nothing was sent`));
    expect(said).toContain("exposed");
    expect(said).not.toMatch(/sealed|canary|MII/);
    expect(sandbox.requests).toHaveLength(before);
  });

  it.each([
    "file:/etc/passwd",
    "file:../../etc/passwd",
    "file:/proc/self/environ",
    "env:PATH",
    "env:TENCENTCLOUD_SECRET_KEY",
    "vault:nothing",
  ])("and one that is none of the caller's business is refused: %s", async (reference) => {
    const said = await assistant.failure("UploadCertificate", {
      CertificatePublicKey: `file:${join(folder, "img.pem")}`,
      CertificatePrivateKey: reference,
    });
    expect(said).toContain("Nothing was changed.");
    expect(said).not.toContain("root:");
  });
});

it("faults are said before the wire, with the code that the cloud would answer", async () => {
  const before = sandbox.requests.length;
  const said = await assistant.failure("SetVodDomainSSLCertificate", {
    DomainName: "vod.example.com",
    SSLProtocol: "on",
    SSLPub: `file:${join(folder, "img.pem")}`,
    SSLPri: `file:${join(folder, "img.pem")}`,
  });
  expect(said).toContain("was not sent");
  expect(said).toContain("SetDomainCertificate.ParameterError");
  expect(sandbox.requests).toHaveLength(before);
});

it("a certificate is inspected, with the key that should fit and the domains that it should cover", async () => {
  const reference = `file:${join(folder, "img.pem")}`;
  const report = await assistant.result("inspect_certificate", {
    certificate: reference,
    private_key: reference,
    domains: ["img.example.com", "www.example.com"],
  });
  expect(report).toMatchObject({
    key_fits: true,
    covered: ["img.example.com"],
    uncovered: ["www.example.com"],
    certificate: { names: ["img.example.com"] },
  });
});
