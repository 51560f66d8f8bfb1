import { createPrivateKey } from "node:crypto";
import fc from "fast-check";
import { strToU8, zipSync } from "fflate";
import { afterAll, beforeAll, expect, it } from "vitest";
import { operations } from "../../src/catalogue/index.js";
import { readSigningRequest } from "../../src/certificates/signing-request.js";
import { CloudClient } from "../../src/cloud/cloud-client.js";
import { fixedCredentials } from "../../src/cloud/credential-source.js";
import { readCredentials } from "../../src/cloud/credentials.js";
import type { HttpReply, HttpRequest } from "../../src/cloud/http.js";
import { alibabaProtocol } from "../../src/cloud/protocols/alibaba.js";
import { huaweiProtocol } from "../../src/cloud/protocols/huawei.js";
import { tencentTc3 } from "../../src/cloud/protocols/tencent.js";
import { Transport } from "../../src/cloud/transport.js";
import { inspect } from "../../src/preflight/inspect.js";
import { formatReply } from "../../src/reply/format-reply.js";
import { CertificateAuthority, createCsr } from "../../src/sandbox/authority.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { Redactor } from "../../src/secrets/redaction/redactor.js";
import { blocksIn } from "../../src/secrets/references/blocks-in-file.js";
import { storeSecrets } from "../../src/secrets/vault/store-secrets.js";
import { Vault } from "../../src/secrets/vault/vault.js";
import { formatOptions } from "../reply/support.js";
import { inputs, MAX_MS, seed, tell, timed } from "./budget.js";
import { damaged } from "./mutation.js";

/**
 * Real replies and real keys and certificates, damaged in every way: whatever comes, nothing throws, and nothing takes
 * long.
 */

let sandbox: Sandbox;
let replies: readonly string[];
let material: readonly string[];
beforeAll(async () => {
  sandbox = await startSandbox();
  [replies, material] = await Promise.all([realReplies(), realMaterial()]);
});
afterAll(() => sandbox.close());

/** Hands on what the clouds answered. */
class Recorder extends Transport {
  readonly bodies: string[] = [];

  override async exchange(request: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
    const reply = await super.exchange(request, signal);
    this.bodies.push(reply.body);
    return reply;
  }
}

/** What the sandbox answers to every read that needs no more than an id, refusals among them. */
async function realReplies(): Promise<readonly string[]> {
  const transport = new Recorder({ connectTimeout: 60_000, maxReplyBytes: 10_000_000 });
  const addresses = Object.entries(sandbox.endpoints).map(([id, address]) => [id, new URL(address)] as const);
  const cloud = new CloudClient({
    source: fixedCredentials(readCredentials(sandbox.env, "/nonexistent")),
    site: "intl",
    regions: {},
    endpoints: Object.fromEntries(addresses),
    exclusionOf: () => undefined,
    tencentSignature: "TC3-HMAC-SHA256",
    timeout: 60_000,
    transport,
    now: () => new Date(),
    nonce: () => "0".repeat(32),
    redact: (text: string) => text,
    elapsed: () => performance.now(),
    pause: async () => {},
    random: () => 0,
    log: () => {},
  });
  const [id] = sandbox.account.ssl.certificates.keys();
  for (const operation of operations) {
    if (operation.effect !== "read") continue;
    await cloud.send(operation, { CertificateId: id }, AbortSignal.timeout(10_000)).catch(() => {});
    await cloud.send(operation, {}, AbortSignal.timeout(10_000)).catch(() => {});
  }
  await transport.close();
  return [
    ...transport.bodies,
    '{"RequestId":"1","Code":"InvalidDomain.NotFound","Message":"no","HostId":"cdn.aliyuncs.com"}',
    '{"error_code":"LIVE.103100001","error_msg":"no"}',
    '{"codeDesc":"InternalError","message":"no","code":4000}',
    "",
  ];
}

async function realMaterial(): Promise<readonly string[]> {
  const now = new Date();
  const authority = await CertificateAuthority.create(now);
  const lifetime = { notBefore: now, notAfter: new Date(now.getTime() + 90 * 24 * 3600_000) };
  const [ec, rsa] = await Promise.all([
    authority.issue({ names: ["example.com", "*.example.com"], key: "EC-P256", ...lifetime }),
    authority.issue({ names: ["example.org"], key: "RSA-2048", ...lifetime }),
  ]);
  const { csrPem, privateKeyPem: encrypted } = await createCsr(
    { CN: "example.com" },
    ["a.example.com"],
    "EC-P256",
    "pass",
  );
  const old = createPrivateKey(rsa.privateKeyPem).export({ type: "pkcs1", format: "pem" }).toString();
  const sec1 = createPrivateKey(ec.privateKeyPem).export({ type: "sec1", format: "pem" }).toString();
  const zip = zipSync({ "a.crt": strToU8(ec.certificatePem), "a.key": strToU8(ec.privateKeyPem) });
  const pair = ec.certificatePem + ec.privateKeyPem;
  return [ec.certificatePem, rsa.certificatePem, pair, rsa.privateKeyPem, old, sec1, encrypted, csrPem].concat(
    pair.replaceAll("\n", "\\n"),
    Buffer.from(pair).toString("base64"),
    Buffer.from(zip).toString("base64"),
    Buffer.from(ec.certificatePem.split("-----")[2] ?? "", "base64").toString("latin1"),
  );
}

/** Runs `work` on inputs of this kind, and finds none that takes long. Whatever it throws is the failure of the test. */
async function fuzz(
  name: string,
  share: number,
  input: fc.Arbitrary<string>,
  work: (text: string) => void,
): Promise<void> {
  const numRuns = inputs(share);
  let slowest = 0;
  await fc.assert(
    fc.asyncProperty(input, async (text) => {
      const took = await timed(() => work(text));
      slowest = Math.max(slowest, took);
      expect(took).toBeLessThanOrEqual(MAX_MS);
    }),
    { numRuns, seed, endOnFailure: true },
  );
  tell(name, numRuns, slowest);
}

const statuses = [200, 400, 500] as const;
const protocols = [tencentTc3, alibabaProtocol, huaweiProtocol];

it("replies are decoded, or said to be none", async () => {
  await fuzz("JSON envelopes", 0.35, damaged(replies), (body) => {
    for (const [place, protocol] of protocols.entries()) {
      const status = statuses[(body.length + place) % statuses.length] ?? 200;
      const outcome = protocol.decode({ status, headers: {}, body });
      if (outcome !== undefined && !outcome.ok) expect(outcome.code).toBeTypeOf("string");
    }
  });
});

it("what was decoded becomes a reply", async () => {
  const reads = operations.filter(({ effect }) => effect === "read");
  const redactor = new Redactor(["a-secret-of-the-operator"]);
  await fuzz("JSON to reply", 0.1, damaged(replies), (body) => {
    const operation = reads[body.length % reads.length];
    const outcome = tencentTc3.decode({ status: 200, headers: {}, body });
    if (operation === undefined || outcome?.ok !== true) return;
    const vault = new Vault();
    const { result, notes } = storeSecrets(operation, outcome.result, vault, { names: new Set(["Content"]) });
    const reply = formatReply(operation, result, outcome.requestId, formatOptions({ notes }));
    expect(operation.result.safeParse(reply.result).success).toBe(true);
    const line = redactor.redact(JSON.stringify(reply));
    expect(() => JSON.parse(line)).not.toThrow();
  });
});

it("PEM, DER and archives are read, or called unreadable", async () => {
  const now = new Date();
  await fuzz("PEM and DER", 0.3, damaged(material), (text) => {
    blocksIn(Buffer.from(text, text.length % 2 === 0 ? "utf8" : "latin1"));
    const { findings } = inspect({ certificatePem: text }, now);
    expect(findings).toBeInstanceOf(Array);
    readSigningRequest(text);
  });
});

it("keys and archives are kept, whatever they hold, and the redactor takes any text", async () => {
  await fuzz("vault and redactor", 0.05, damaged(material), (text) => {
    const vault = new Vault();
    const about = { operation: "DownloadCertificate", member: "Content" };
    vault.keep({ ...about, content: "archive", text });
    vault.keep({ ...about, content: "private key", text });
    expect(vault.list().length).toBeGreaterThan(0);
    expect(new Redactor([text]).redact(`before ${text} after`)).toBeTypeOf("string");
  });
});
