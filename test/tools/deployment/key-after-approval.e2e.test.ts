import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CertificateAuthority } from "../../../src/sandbox/authority.js";
import { zipped } from "../../secrets/vault/support.js";
import { alteredKeys } from "../../support/altered-keys.js";
import { type Assistant, accepting, reads, startAssistant } from "../../support/assistant.js";
import { type Clouds, startClouds } from "../../support/scripted-cloud.js";
import { ofRows, rows } from "../../support/width.js";

/**
 * What a cloud hands out after the yes is tried against what was approved: another chain, another key, or a key that only
 * states the right public half is sent nowhere.
 */

const [from, to] = [new Date(Date.now() - 86_400_000), new Date(Date.now() + 90 * 86_400_000)];
const authority = await CertificateAuthority.create(from);
const issue = (key: "EC-P256" | "RSA-2048" = "EC-P256") =>
  authority.issue({ names: ["img.example.com"], notBefore: from, notAfter: to, key });

/** What Tencent Cloud shows of the certificate and what it hands out, which can differ; by action. */
let answers: Readonly<Record<string, unknown>> = {};
let clouds: Clouds;
/** How many actions there were before. */
let before = 0;
const actions = () => clouds.asked.slice(before);
let asked: string[] = [];
let assistant: Assistant;

beforeAll(async () => {
  clouds = await startClouds((action, _, headers) => {
    const members = { RequestId: "r-1", ...(answers[action] ?? {}) };
    return { body: headers["x-tc-action"] === undefined ? members : { Response: members } };
  });
  assistant = await startAssistant(
    [
      ...["tencent-ssl", "alibaba-cdn"].flatMap((service) => ["--endpoint", `${service}=${clouds.url}`]),
      ...["--approve", "elicit", "--edge-domains", "nothing.invalid"],
      ...["--jobs", mkdtempSync(join(tmpdir(), "cc-jobs-"))],
    ],
    {
      env: {
        TENCENTCLOUD_SECRET_ID: "AKIDtest",
        TENCENTCLOUD_SECRET_KEY: "tencent-secret-key",
        ALIBABA_CLOUD_ACCESS_KEY_ID: "LTAItest",
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: "alibaba-secret-key",
      },
      person: reads((question) => {
        asked.push(question.message);
        expect(actions()).not.toContain("DownloadCertificate");
        return accepting(question);
      }),
    },
  );
});
afterAll(async () => {
  await assistant.close();
  await clouds.close();
});

async function deployed(shown: string, archive: Readonly<Record<string, string>>) {
  [before, asked] = [clouds.asked.length, []];
  answers = {
    DescribeCertificateDetail: { CertificateId: "abcd1234", Status: 1, CertificatePublicKey: shown },
    DownloadCertificate: { Content: zipped(archive), ContentType: "application/zip" },
  };
  const targets = [{ service: "alibaba-cdn", domains: ["img.example.com"] }];
  const reply = await assistant.call("deploy_certificate", {
    certificate_id: "abcd1234",
    targets,
    on_failure: "continue",
    wait_seconds: 0,
  });
  return { reply, text: JSON.stringify(reply.content) };
}

it("what fits is sent: the chain that was approved, with its key", async () => {
  for (const kind of ["EC-P256", "RSA-2048"] as const) {
    const { certificatePem, privateKeyPem } = await issue(kind);
    const archive = { "Nginx/a_bundle.crt": certificatePem, "Nginx/a.key": privateKeyPem };
    const { text } = await deployed(certificatePem, archive);
    expect(text).toContain("1 accepted");
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain("private key of certificate abcd1234, fetched from Tencent Cloud after approval");
    expect(actions().filter((action) => !action.startsWith("Describe"))).toEqual([
      "DownloadCertificate",
      "SetCdnDomainSSLCertificate",
    ]);
  }
});

const mine = await issue();
const renewed = await issue();
const rsa = await issue("RSA-2048");
const leafOf = (pem: string) => `${pem.split("-----END CERTIFICATE-----")[0]}-----END CERTIFICATE-----\n`;
const packed = (certificate: string, key?: string) => ({
  "Nginx/a_bundle.crt": certificate,
  ...(key !== undefined && { "Nginx/a.key": key }),
});

const misfits: readonly (readonly [string, string, Readonly<Record<string, string>>, RegExp])[] = [
  [
    "another certificate with its key",
    mine.certificatePem,
    packed(renewed.certificatePem, renewed.privateKeyPem),
    /another certificate or chain/,
  ],
  [
    "the leaf without its chain",
    mine.certificatePem,
    packed(leafOf(mine.certificatePem), mine.privateKeyPem),
    /another certificate or chain/,
  ],
  [
    "a chain that is longer",
    leafOf(mine.certificatePem),
    packed(mine.certificatePem, mine.privateKeyPem),
    /another certificate or chain/,
  ],
  [
    "another key",
    mine.certificatePem,
    packed(mine.certificatePem, renewed.privateKeyPem),
    /does not belong|holds no key/,
  ],
  ["no key", mine.certificatePem, packed(mine.certificatePem), /holds no key/],
  ["nothing", mine.certificatePem, {}, /holds no key/],
  ...[mine, rsa].flatMap(({ certificatePem, privateKeyPem }) =>
    alteredKeys(privateKeyPem).map(
      ([what, key]) => [what, certificatePem, packed(certificatePem, key), /does not belong|holds no key/] as const,
    ),
  ),
];

describe("an archive that holds something else than was approved", () => {
  it.each(rows(misfits, 3))("%s: nothing is sent, and the reply says why", ofRows, async (_, shown, archive, why) => {
    const { reply, text } = await deployed(shown, archive);
    expect(reply.isError).toBe(true);
    expect(text).toMatch(why);
    expect(text).toContain("Nothing was changed.");
    expect(asked).toHaveLength(1);
    expect(actions().filter((action) => action === "DownloadCertificate")).toHaveLength(1);
    expect(actions()).not.toContain("SetCdnDomainSSLCertificate");
  });
});
