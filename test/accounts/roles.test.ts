import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ConfiguredAccount, readAccounts } from "../../src/accounts/account.js";
import { describeUserDomains } from "../../src/catalogue/alibaba-domains.js";
import { setCdnDomainSSLCertificate } from "../../src/catalogue/alibaba-edges.js";
import { showDomain } from "../../src/catalogue/huawei-live/show-domain.js";
import type { ReadOperation } from "../../src/catalogue/operation.js";
import { describeCertificates } from "../../src/catalogue/tencent-ssl/describe-certificates.js";
import { modifyCertificateAlias } from "../../src/catalogue/tencent-ssl/modify-certificate-alias.js";
import { CloudClient } from "../../src/cloud/cloud-client.js";
import type { CredentialSource } from "../../src/cloud/credential-source.js";
import { Transport } from "../../src/cloud/transport.js";
import { ToolError } from "../../src/lib/tool-error.js";
import { huaweiProjectId, permanentCredentials, temporaryCredentials } from "../../src/sandbox/credentials.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { sendWith } from "../support/send.js";
import { openTokenService, sandboxRoles, type TokenService } from "../support/token-service.js";

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

let folder: string;
let sandbox: Sandbox;
let tokenService: TokenService;
let now: number;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "accounts-"));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  now = Date.parse("2026-06-15T08:00:00Z");
  sandbox = await startSandbox({ now: () => now, speed: 1 });
  cleanups.push(() => sandbox.close());
  tokenService = await openTokenService(sandbox.account.clock);
  cleanups.push(() => tokenService.close());
});

const env = {
  TENCENT_ID: permanentCredentials.tencent.id,
  ALIBABA_ID: permanentCredentials.alibaba.id,
  ALIBABA_SECRET: permanentCredentials.alibaba.secret,
  HUAWEI_ID: permanentCredentials.huawei.id,
  HUAWEI_SECRET: permanentCredentials.huawei.secret,
};

const secretFile = () => join(folder, "tencent-key");
const roles = {
  tencent: `\n      role: { arn: "${sandboxRoles.tencent}", seconds: 3600 }`,
  alibaba: `\n      role: { arn: "${sandboxRoles.alibaba}" }`,
  huawei: `\n      agency: { name: certs, domain_name: sandbox }`,
};

/** The account of a file as an operator writes it. */
function accountIn(
  { tencent = "", alibaba = "", huawei = "" }: Partial<typeof roles> = {},
  tokens = tokenService.url,
): ConfiguredAccount {
  writeFileSync(secretFile(), `${permanentCredentials.tencent.secret}\n`);
  const path = join(folder, "accounts.yaml");
  writeFileSync(
    path,
    `accounts:
  shop:
    tencent:
      secret_id: env:TENCENT_ID
      secret_key: file:${secretFile()}${tencent}
    alibaba:
      access_key_id: env:ALIBABA_ID
      access_key_secret: env:ALIBABA_SECRET${alibaba}
    huawei:
      access_key: env:HUAWEI_ID
      secret_key: env:HUAWEI_SECRET
      project_id: ${huaweiProjectId}${huawei}
    endpoints:
      tencent-sts: ${tokens}
      alibaba-sts: ${tokens}
      huawei-iam: ${tokens}
`,
  );
  const [account] = readAccounts(path, env, "intl");
  if (account === undefined) throw new Error("there is no account");
  return account;
}

interface Opened {
  readonly cloud: CloudClient;
  readonly source: CredentialSource;
  readonly masked: Set<string>;
  /** Ids that signed what the services themselves got. */
  readonly signedBy: string[];
}

function opened(account: ConfiguredAccount): Opened {
  const transport = new Transport({ connectTimeout: 60_000, maxReplyBytes: 1_000_000 });
  cleanups.push(() => transport.close());
  const masked = new Set<string>();
  const signedBy: string[] = [];
  const watched = new (class extends Transport {
    override exchange(...call: Parameters<Transport["exchange"]>) {
      signedBy.push(call[0].headers.authorization ?? "");
      return super.exchange(...call);
    }
  })({ connectTimeout: 60_000, maxReplyBytes: 1_000_000 });
  cleanups.push(() => watched.close());
  const time = { now: () => new Date(now), elapsed: () => performance.now(), pause: async () => {} };
  const source = account.open({
    exchange: (request, signal, replyTimeout) => transport.exchange(request, signal, replyTimeout),
    nonce: randomUUID,
    maskSecrets: (secrets) => {
      for (const secret of secrets) masked.add(secret);
      return () => {
        for (const secret of secrets) masked.delete(secret);
      };
    },
    ...time,
  });
  const endpoints = Object.fromEntries(Object.entries(sandbox.endpoints).map(([id, url]) => [id, new URL(url)]));
  const cloud = new CloudClient({
    source,
    site: "intl",
    regions: {},
    endpoints,
    exclusionOf: () => undefined,
    tencentSignature: "TC3-HMAC-SHA256",
    timeout: 60_000,
    transport: watched,
    nonce: randomUUID,
    redact: (text) => text,
    random: () => 0,
    log: () => {},
    ...time,
  });
  return { cloud, source, masked, signedBy };
}

const never = new AbortController().signal;
const reads: Readonly<Record<"tencent" | "alibaba" | "huawei", readonly [ReadOperation, Record<string, unknown>]>> = {
  tencent: [describeCertificates, { Limit: 1 }],
  alibaba: [describeUserDomains, {}],
  huawei: [showDomain, { project_id: huaweiProjectId }],
};
const clouds = ["tencent", "alibaba", "huawei"] as const;

async function failureOf(work: Promise<unknown>) {
  const error = await work.catch((thrown: unknown) => thrown);
  if (!(error instanceof ToolError)) throw new Error(`expected a ToolError, got ${String(error)}`);
  return error.details;
}

describe.each(clouds)("a role at %s", (cloud) => {
  it("signs calls with its temporary keys, fetched once for many calls at once", async () => {
    const { cloud: client, masked, signedBy } = opened(accountIn({ [cloud]: roles[cloud] }));
    const [operation, params] = reads[cloud];
    await Promise.all(Array.from({ length: 5 }, () => client.send(operation, params, never)));
    expect(tokenService.requests).toMatchObject([{ cloud, seconds: 3_600, outcome: "done" }]);
    expect(signedBy.filter((header) => header.includes(temporaryCredentials[cloud].id))).toHaveLength(5);
    expect([...masked]).toEqual(
      expect.arrayContaining([temporaryCredentials[cloud].secret, temporaryCredentials[cloud].token]),
    );
  });

  it("is assumed anew shortly before its keys end", async () => {
    const { cloud: client } = opened(accountIn({ [cloud]: roles[cloud] }));
    const [operation, params] = reads[cloud];
    const callsAfter = async (seconds: number) => {
      now += seconds * 1000;
      await client.send(operation, params, never);
      return tokenService.requests.length;
    };
    expect([await callsAfter(0), await callsAfter(3_200), await callsAfter(101)]).toEqual([1, 1, 2]);
  });

  it("stands for itself in plans and journal, whatever keys it has lent", () => {
    const { cloud: client } = opened(accountIn({ [cloud]: roles[cloud] }));
    expect(client.credentialIdOf(reads[cloud][0].service)).toMatch(/certs$/);
  });

  it("that cannot be assumed leaves the service without a request", async () => {
    const wrong = {
      tencent: roles.tencent.replace("certs", "other"),
      alibaba: roles.alibaba.replace("certs", "other"),
      huawei: roles.huawei.replace("certs", "other"),
    };
    const { cloud: client, signedBy } = opened(accountIn({ [cloud]: wrong[cloud] }));
    const details = await failureOf(client.send(...reads[cloud], never));
    expect(details).toMatchObject({ kind: "configuration", changed: "no", sent: false });
    expect(details.happened).toMatch(
      /account shop could not be assumed: the token service refused with .* Nothing else was sent/,
    );
    expect(signedBy).toEqual([]);
  });

  it("whose token service is away leaves the service without a request", async () => {
    const { cloud: client, signedBy } = opened(accountIn({ [cloud]: roles[cloud] }, "http://127.0.0.1:9"));
    const details = await failureOf(client.send(...reads[cloud], never));
    expect(details).toMatchObject({ kind: "cloud", changed: "no", sent: false });
    expect(details.happened).toContain("no answer of the token service");
    expect(signedBy).toEqual([]);
  });
});

it("keys that are still good sign when they cannot be renewed in time", async () => {
  const { cloud: client } = opened(accountIn({ tencent: roles.tencent }));
  await client.send(...reads.tencent, never);
  writeFileSync(secretFile(), "another-secret-that-the-token-service-does-not-know");
  now += 3_400_000;
  await client.send(...reads.tencent, never);
  expect(tokenService.requests.map(({ outcome }) => outcome)).toEqual(["done", "AuthFailure.SignatureFailure"]);
});

it("a call that is cancelled while a role is assumed sends nothing", async () => {
  const { cloud: client, signedBy } = opened(accountIn({ alibaba: roles.alibaba }));
  expect(await failureOf(client.send(...reads.alibaba, AbortSignal.abort()))).toMatchObject({
    kind: "cancelled",
    changed: "no",
  });
  expect(signedBy).toEqual([]);
});

describe("keys that are rotated", () => {
  it("count at the next call, and both are masked", async () => {
    const account = accountIn();
    writeFileSync(secretFile(), "the-secret-before-it-was-rotated");
    const { cloud: client, masked } = opened(account);
    expect((await failureOf(client.send(...reads.tencent, never))).code).toBe("AuthFailure.SignatureFailure");
    writeFileSync(secretFile(), permanentCredentials.tencent.secret);
    await client.send(...reads.tencent, never);
    expect([...masked]).toEqual(
      expect.arrayContaining(["the-secret-before-it-was-rotated", permanentCredentials.tencent.secret]),
    );
  });

  it("and missing for a moment keep calls from being sent, and say which reference it is", async () => {
    const account = accountIn();
    const { cloud: client, signedBy } = opened(account);
    rmSync(secretFile());
    const details = await failureOf(client.send(...reads.tencent, never));
    expect(details).toMatchObject({ kind: "configuration", changed: "no", sent: false });
    expect(details.happened).toContain(`file:${secretFile()} cannot be read (ENOENT)`);
    expect(signedBy).toEqual([]);
    // The other clouds of the account are not affected.
    await client.send(...reads.alibaba, never);
  });
});

it("an approval for a role outlives the keys that the role lends, and those that assume it", async () => {
  const account = accountIn({ tencent: roles.tencent });
  const { cloud: client, signedBy } = opened(account);
  const { service } = modifyCertificateAlias;
  const signers = client.signersFor([service]);
  await client.send(...reads.tencent, never);
  now += 3_400_000;
  const [certificate] = sandbox.account.ssl.certificates.keys();
  const change = { CertificateId: certificate ?? "", Alias: "shop" };
  await client.sendApproved(modifyCertificateAlias, change, signers.tencent ?? "", never);
  expect(tokenService.requests).toHaveLength(2);
  expect(signedBy.at(-1)).toContain(temporaryCredentials.tencent.id);
  expect(client.signerChange(modifyCertificateAlias, signers)).toBeUndefined();
  cleanups.push(() => {
    env.TENCENT_ID = permanentCredentials.tencent.id;
  });
  env.TENCENT_ID = "AKIDthatAssumesTheRoleFromNowOn";
  expect(client.signerChange(modifyCertificateAlias, signers)).toBeUndefined();
});

it("a change is signed with a role's keys like a read", async () => {
  const { cloud: client } = opened(accountIn({ alibaba: roles.alibaba }));
  await sendWith(client, setCdnDomainSSLCertificate, { DomainName: "img.example.com", SSLProtocol: "off" }, never);
  expect(sandbox.requests.at(-1)).toMatchObject({ operation: "SetCdnDomainSSLCertificate", outcome: "done" });
});
