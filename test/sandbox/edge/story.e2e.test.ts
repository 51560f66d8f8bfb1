import type { ElicitRequest } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { parseSandboxCertificate } from "../../../src/sandbox/certificate.js";
import { type Sandbox, startSandbox } from "../../../src/sandbox/server.js";
import { type Assistant, accepting, pointedAt, reads, startAssistant } from "../../support/assistant.js";
import { wide } from "../../support/width.js";
import { fingerprintOf } from "./fixture.js";
import { servedFor } from "./visitor.js";

/**
 * The whole story through a real client: a wildcard certificate is bought, proven, issued, put on all three clouds, met
 * at the edge, taken back, and the old one is met again. The person at the form is asked about each change.
 */

/** Slow enough that nothing is over by itself on a busy computer. */
const SPEED = 6;
let skippedMs = 0;
/** Five minutes of the sandbox's time, with which whatever takes time is over. A signature may be five minutes old. */
const later = () => {
  skippedMs += 300_000 / SPEED;
};

let sandbox: Sandbox;
let assistant: Assistant;
const asked: ElicitRequest["params"][] = [];

const person = reads((question) => {
  asked.push(question);
  return accepting(question);
});

beforeAll(async () => {
  sandbox = await startSandbox({ speed: SPEED, now: () => Date.now() + skippedMs });
  const { args, env } = pointedAt(sandbox);
  assistant = await startAssistant([...args, "--allow-purchases"], { env, person });
});
afterAll(async () => {
  await assistant.close();
  await sandbox.close();
});

const sites = ["www.example.com", "static.example.com", "img.example.com", "vod.example.com", "play.example.com"];

/** What is served: one fingerprint, if every address has the same for every site. */
async function servedNow(): Promise<(string | undefined)[]> {
  const served = await Promise.all(sites.map((site) => servedFor(sandbox, site)));
  return [...new Set(served.flat())];
}

const archiveOf = async (CertificateId: string) =>
  z.string().parse((await assistant.result("DownloadCertificate", { CertificateId })).Content);

/** Alibaba CDN, Alibaba VOD and Huawei Live, from an archive that is in the vault. */
async function putOnOtherClouds(archive: string): Promise<void> {
  const pair = { SSLPub: `${archive}#fullchain`, SSLPri: `${archive}#key` };
  const upload = { SSLProtocol: "on", CertType: "upload", ...pair };
  await assistant.result("SetCdnDomainSSLCertificate", { DomainName: "img.example.com", ...upload });
  await assistant.result("SetVodDomainSSLCertificate", { DomainName: "vod.example.com", ...upload });
  await assistant.result("UpdateDomainHttpsCert", {
    project_id: "sandboxproject",
    domain: "play.example.com",
    force_redirect: false,
    tls_certificate: { source: "user", certificate: pair.SSLPub, certificate_key: pair.SSLPri },
  });
}

async function oneClickUpdate(OldCertificateId: string, CertificateId: string): Promise<number> {
  const update = async () => {
    const settings = {
      OldCertificateId,
      CertificateId,
      ResourceTypes: ["clb", "cdn", "teo"],
      ResourceTypesRegions: [{ ResourceType: "clb", Regions: ["ap-singapore", "ap-hongkong"] }],
    };
    return z.number().parse((await assistant.result("UpdateCertificateInstance", settings)).DeployRecordId);
  };
  expect(await update()).toBe(0);
  later();
  return update();
}

it("a wildcard certificate is bought, served everywhere, and taken back", wide, async () => {
  const old = [...sandbox.account.ssl.certificates.values()].find(({ alias }) => alias === "storefront");
  const oldFingerprint = fingerprintOf(old?.material?.certificatePem ?? "");
  expect(await servedNow()).toEqual([oldFingerprint]);

  const order = { ProductId: 12, DomainNum: 1, TimeSpan: 1 };
  const bought = z.object({ CertificateIds: z.tuple([z.string()]) });
  const [CertificateId] = bought.parse(await assistant.result("CreateCertificate", order)).CertificateIds;
  expect(asked[0]?.message).toContain("To approve, type product 12.");
  const wanted = { CsrType: "online", CertificateDomain: "*.example.com", VerifyType: "DNS" };
  await assistant.result("SubmitCertificateInformation", { CertificateId, ...wanted });
  const committed = await assistant.result("CommitCertificateInformation", { CertificateId });
  expect(committed).toMatchObject({ Status: 0, OrderId: expect.any(String) });
  const waiting = await assistant.result("DescribeCertificateDetail", { CertificateId });
  expect(waiting).toMatchObject({
    Status: 0,
    DvAuthDetail: {
      DvAuthKey: expect.stringMatching(/^_[0-9a-f]{32}\.example\.com$/),
      DvAuthValue: expect.stringContaining(".trust-provider.com"),
    },
  });
  later();
  expect(await assistant.result("DescribeCertificateDetail", { CertificateId })).toMatchObject({ Status: 1 });

  await putOnOtherClouds(await archiveOf(CertificateId));
  const record = await oneClickUpdate(old?.id ?? "", CertificateId);
  later();
  const issued = parseSandboxCertificate(
    sandbox.account.ssl.certificates.get(CertificateId)?.material?.certificatePem ?? "",
  );
  expect(issued?.names).toEqual(["*.example.com", "example.com"]);
  expect(await servedNow()).toEqual([issued?.fingerprint]);

  await assistant.result("UpdateCertificateRecordRollback", { DeployRecordId: record });
  await putOnOtherClouds(await archiveOf(old?.id ?? ""));
  later();
  expect(await servedNow()).toEqual([oldFingerprint]);
  expect(JSON.stringify(assistant.received)).not.toContain("PRIVATE KEY");
});
