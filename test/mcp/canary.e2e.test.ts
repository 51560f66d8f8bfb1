import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { companions } from "../../src/catalogue/companions.js";
import { operations } from "../../src/catalogue/index.js";
import { CertificateAuthority } from "../../src/sandbox/authority.js";
import { bucketSecret } from "../../src/sandbox/credentials.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { send } from "../approval/page/support.js";
import { sm2Certificate } from "../sandbox/support.js";
import { type Assistant, approvesByToken, pointedAt, startAssistant } from "../support/assistant.js";
import { sampleChanges, sampleCompanionChanges } from "../support/sample-calls.js";
import { type Answers, startClouds } from "../support/scripted-cloud.js";
import { rows } from "../support/width.js";

/**
 * Secrets that are planted wherever one can be, and looked for in everything that leaves the process: what the client
 * receives, stderr, the audit log, the approval page. The clouds here include one that echoes what it was sent.
 */

const folder = mkdtempSync(join(tmpdir(), "cc-canary-"));
const auditLog = join(folder, "audit.jsonl");
const journal = join(folder, "jobs");
const PASSWORD = "canary-password-7f3a9c";
const exits: string[] = [];
let sandbox: Sandbox;
let rsa: KeyObject;

const pkcs8 = (key: KeyObject) => key.export({ type: "pkcs8", format: "pem" }).toString();

/** How a cloud or a gateway may hand back what it was sent. */
const echoes: readonly ((body: string) => string)[] = [
  (body) => body,
  (body) => decodeURIComponent(body.replaceAll("+", "%20")),
  encodeURIComponent,
  (body) => encodeURIComponent(encodeURIComponent(body)),
  (body) => JSON.stringify(body),
  (body) => Buffer.from(body).toString("base64"),
  (body) => Buffer.from(body).toString("base64url"),
  (body) => Buffer.from(body).toString("hex"),
];
let turn = 0;

/** An error in every vendor's envelope at once, with what was sent inside it. */
const echo: Answers = (_action, sent, headers) => {
  const said = (echoes[turn] ?? String)(sent);
  const refusal = { Response: { Error: { Code: "InternalError", Message: said }, RequestId: "r" } };
  const others = { Code: "SignatureDoesNotMatch", Message: said, error_code: "LIVE.100011005", error_msg: said };
  return { status: headers["x-tc-action"] === undefined ? 500 : 200, body: { ...refusal, ...others } };
};

beforeAll(async () => {
  sandbox = await startSandbox({ speed: 100_000 });
  rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const authority = await CertificateAuthority.create(new Date());
  const [from, to] = [new Date(Date.now() - 86_400_000), new Date(Date.now() + 90 * 86_400_000)];
  const ec = await authority.issue({ names: ["*.example.com"], notBefore: from, notAfter: to, key: "EC-P256" });
  writeFileSync(join(folder, "site.pem"), ec.certificatePem + ec.privateKeyPem, { mode: 0o600 });
  writeFileSync(join(folder, "rsa.pem"), pkcs8(rsa), { mode: 0o600 });
  const sm2 = sm2Certificate("play.example.com");
  writeFileSync(join(folder, "sm2.pem"), sm2.privateKeyPem);
  writeFileSync(join(folder, "sm2.crt"), sm2.certificatePem);
});
afterAll(async () => {
  await sandbox.close();
});

/** Every private key that the sandbox's clouds hold by now, and those of the files. */
function plantedKeys(): string[] {
  const { ssl, cdn, dcdn, vod, live, cas } = sandbox.account;
  const served = [cdn, dcdn, vod, live].flatMap((domains) => [...domains.values()]);
  const stores = Object.values(cas).flatMap((store) => store.certificates);
  const held = [
    ...served.map(({ certificate }) => certificate?.privateKeyPem),
    ...stores.map((each) => each.privateKeyPem),
  ];
  const stored = [...ssl.certificates.values()].map(({ material }) => material?.privateKeyPem);
  const files = ["site.pem", "rsa.pem", "sm2.pem"].map((name) => readFileSync(join(folder, name), "utf8"));
  return [...held, ...stored, ...files].flatMap((pem) =>
    [...(pem ?? "").matchAll(/-----BEGIN ([A-Z ]*PRIVATE KEY)-----([\s\S]+?)-----END/g)].map(([, , body = ""]) =>
      body.replace(/\s/g, ""),
    ),
  );
}

/** Pieces of a private key in the forms that it could take; none may be found. The public half may be anywhere. */
function traces(body: string): string[] {
  const der = Buffer.from(body, "base64");
  // PKCS#8: the scalar of a P-256 key stands at bytes 36 to 68, what is secret of an RSA key behind its modulus.
  const [start, end] = der.length < 200 ? [36, 66] : [330, der.length];
  const secret = der.subarray(start, end);
  const text = body.slice(Math.ceil(start / 3) * 4, Math.floor(end / 3) * 4);
  return [text, secret.toString("hex"), Buffer.from(text).toString("base64"), encodeURIComponent(text)].flatMap(pieces);
}

function pieces(text: string): string[] {
  const count = Math.max(0, Math.floor((text.length - 24) / 8) + 1);
  return Array.from({ length: count }, (_, index) => text.slice(index * 8, index * 8 + 24));
}

async function withServer(
  flags: readonly string[],
  env: Record<string, string>,
  work: (a: Assistant) => Promise<void>,
) {
  const assistant = await startAssistant(
    ["--files", folder, "--env-prefix", "CANARY_", "--audit-log", auditLog, "--jobs", journal, ...flags],
    {
      env: { ...env, CANARY_PASSWORD: PASSWORD },
      hostApproves: true,
    },
  );
  await work(assistant);
  exits.push(JSON.stringify(assistant.received), assistant.stderr());
  await assistant.close();
}

const site = `file:${join(folder, "site.pem")}`;
const rsaKey = `file:${join(folder, "rsa.pem")}`;
const secretCalls: readonly (readonly [string, Record<string, unknown>])[] = [
  [
    "UploadCertificate",
    { CertificatePublicKey: site, CertificatePrivateKey: site, KeyPassword: "env:CANARY_PASSWORD" },
  ],
  ["UploadCertificate", { CertificatePublicKey: site, CertificatePrivateKey: rsaKey }],
  [
    "UpdateCertificateInstance",
    { OldCertificateId: "abcd1234", ResourceTypes: ["cdn"], CertificatePublicKey: site, CertificatePrivateKey: site },
  ],
  ["SetCdnDomainSSLCertificate", { DomainName: "img.example.com", SSLProtocol: "on", SSLPub: site, SSLPri: site }],
  ["SetVodDomainSSLCertificate", { DomainName: "vod.example.com", SSLProtocol: "on", SSLPub: site, SSLPri: site }],
  [
    "UpdateDomainHttpsCert",
    { project_id: "sandboxproject", domain: "play.example.com", certificate: site, certificate_key: site },
  ],
  [
    "UpdateDomainHttpsCert",
    {
      project_id: "sandboxproject",
      domain: "play.example.com",
      gm_certificate: {
        source: "user",
        sign_certificate: `file:${join(folder, "sm2.crt")}`,
        sign_certificate_key: `file:${join(folder, "sm2.pem")}`,
        enc_certificate: `file:${join(folder, "sm2.crt")}`,
        enc_certificate_key: `file:${join(folder, "sm2.pem")}`,
      },
    },
  ],
  ["ApplyCertificate", { DvAuthMethod: "DNS", DomainName: "x.example.com", CsrKeyPassword: "env:CANARY_PASSWORD" }],
  ["CreateCSR", { ...sampleChanges.CreateCSR, KeyPassword: "env:CANARY_PASSWORD" }],
  ["ModifyCertificateAlias", { CertificateId: "abcd1234", Alias: PASSWORD.slice(0, 6) }],
  [
    "deploy_certificate",
    {
      certificate: site,
      private_key: site,
      targets: [
        { service: "alibaba-cdn", domains: ["img.example.com"] },
        { service: "alibaba-vod", domains: ["vod.example.com"] },
        { service: "huawei-live", domains: ["play.example.com"], project_id: "sandboxproject", force_redirect: false },
      ],
      on_failure: "continue",
      wait_seconds: 0,
    },
  ],
];

it("plants secrets in every tool, on the sandbox", async () => {
  // Which address answers has no part in what leaks; each look costs handshakes.
  const { args, env } = pointedAt(sandbox, sandbox.edge.addresses.slice(0, 1));
  await withServer([...args, ...approvesByToken, "--tools", "*"], env, async (assistant) => {
    for (const [name, change] of secretCalls) await assistant.call(name, change);
    for (const [name, change] of Object.entries(sampleChanges)) await assistant.call(name, change);
    for (const id of rows([...sandbox.account.ssl.certificates.keys()], 3)) {
      await assistant.call("DownloadCertificate", { CertificateId: id });
      await assistant.call("DescribeCertificateDetail", { CertificateId: id, detail: "full" });
    }
    for (const id of sandbox.account.ssl.csrs.keys()) await assistant.call("DescribeCSR", { CSRId: id });
    for (const { name } of operations.filter(({ effect }) => effect === "read")) await assistant.call(name, {});
    const offered = companions.filter(({ effect, sites }) => effect === "read" && (sites?.includes("intl") ?? true));
    for (const { name, example } of offered) {
      await assistant.call(name, { ...example, detail: "full" });
    }
    for (const [name, change] of Object.entries(sampleCompanionChanges)) await assistant.call(name, change);
    for (const [CertRegion, store] of Object.entries(sandbox.account.cas)) {
      for (const { id } of rows(store.certificates, 3)) {
        await assistant.call("GetUserCertificateDetail", { CertRegion, CertId: Number(id), detail: "full" });
      }
    }
    await assistant.call("find_certificates", { with_edges: true, with_bindings: true, fresh: true });
    await assistant.call("find_certificates", { same_key: true });
    await assistant.call("turn_off_https", { domains: ["img.example.com"], wait_seconds: 0 });
    await assistant.call("inspect_certificate", { certificate: site, private_key: rsaKey });
    await assistant.call("list_vault");
    await assistant.call("roll_back", { wait_seconds: 0 });
    await assistant.call("delete_unused_certificates", { wait_seconds: 0 });
    await assistant.call("list_jobs");
    for (const [name, argument] of [
      ["UploadCertificate", "CertificatePrivateKey"],
      ["SetCdnDomainSSLCertificate", "SSLPri"],
    ] as const) {
      await assistant.call(name, { ...secretCalls[0]?.[1], ...secretCalls[3]?.[1], [argument]: pkcs8(rsa) });
    }
  });
});

it("plants them in clouds that echo what they are sent, in every form", async () => {
  const clouds = await startClouds(echo);
  onTestFinished(() => clouds.close());
  const { env } = pointedAt(sandbox);
  const endpoints = Object.keys(sandbox.endpoints).flatMap((id) => ["--endpoint", `${id}=${clouds.url}`]);
  const signatures = ["TC3-HMAC-SHA256", "HmacSHA256"];
  const turns = rows(
    signatures.flatMap((signature) => echoes.map((_, index) => ({ signature, index }))),
    1,
  );
  for (const signature of signatures.filter((each) => turns.some((chosen) => chosen.signature === each))) {
    // Too short a time for repeats: what counts here is what comes back, not how often.
    const quickly = ["--timeout", "0.3", "--edge-domains", "nothing.invalid"];
    const flags = [...endpoints, ...approvesByToken, "--tencent-signature", signature, ...quickly];
    await withServer(flags, env, async (assistant) => {
      for (const { index } of turns.filter((each) => each.signature === signature)) {
        turn = index;
        for (const [name, change] of secretCalls) await assistant.call(name, change);
      }
    });
  }
});

it("plants them in the approval page", async () => {
  const { args, env } = pointedAt(sandbox, sandbox.edge.addresses.slice(0, 1));
  await withServer([...args, "--approve", "page", "--approval-wait", "0.1"], env, async (assistant) => {
    for (const [name, change] of secretCalls) await assistant.call(name, change);
    for (const [link] of assistant.stderr().matchAll(/http:\S+\/approve\/\S+/g)) exits.push((await send(link)).body);
  });
  expect(exits.filter((exit) => exit.includes("<html")).length).toBeGreaterThan(3);
});

it("finds none of them in anything that left the process", () => {
  exits.push(readFileSync(auditLog, "utf8"));
  const jobs = readdirSync(journal).filter((name) => name.endsWith(".json"));
  expect(jobs.length).toBeGreaterThan(0);
  exits.push(...jobs.map((name) => readFileSync(join(journal, name), "utf8")));
  const left = exits.join("\n");
  const keys = plantedKeys();
  expect(left.length).toBeGreaterThan(500_000);
  expect(keys.length).toBeGreaterThan(8);
  const passwordForms = [PASSWORD, encodeURIComponent(PASSWORD), Buffer.from(PASSWORD).toString("hex")];
  const secrets = Object.entries(sandbox.env).flatMap(([name, value]) =>
    /KEY$|SK$|SECRET$/.test(name) ? [value] : [],
  );
  for (const trace of [...keys.flatMap(traces), ...passwordForms, ...secrets, bucketSecret]) {
    if (left.includes(trace))
      expect.fail(`a secret left the process: …${left.slice(left.indexOf(trace) - 80, left.indexOf(trace))}`);
  }
});
