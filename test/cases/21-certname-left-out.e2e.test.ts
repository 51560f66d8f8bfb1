import { mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CertificateAuthority } from "../../src/sandbox/authority.js";
import { type Assistant, reads, startAssistant } from "../support/assistant.js";

/**
 * An upload to Alibaba Cloud without a name for the copy. The documents call CertName optional and list a code for its
 * absence; certd/certd#372 met it ("You must specify CertName"), and certd/certd#148, 0xJacky/cdn_cert#1 name each copy.
 */

const folder = realpathSync(mkdtempSync(join(tmpdir(), "cloudcert-files-")));
let assistant: Assistant;
let question = "";

beforeAll(async () => {
  const authority = await CertificateAuthority.create(new Date());
  const { certificatePem, privateKeyPem } = await authority.issue({
    names: ["img.example.com", "vod.example.com"],
    notBefore: new Date(Date.now() - 3_600_000),
    notAfter: new Date(Date.now() + 90 * 24 * 3_600_000),
    key: "EC-P256",
  });
  writeFileSync(join(folder, "img.crt"), certificatePem);
  writeFileSync(join(folder, "img.key"), privateKeyPem, { mode: 0o600 });
});
// After several noes in a row a server asks nothing for a while, so each question is a new server's first.
beforeEach(async () => {
  assistant = await startAssistant(["--sandbox", "--files", folder], {
    person: reads(({ message }) => {
      question = message;
      return { action: "decline" };
    }),
  });
});
afterEach(() => assistant.close());

const upload = { SSLProtocol: "on", SSLPub: "file:img.crt", SSLPri: "file:img.key" };
const warned = "CertName is left out; the API may refuse an upload without it (CertName.MissingParameter)";

describe.each([
  ["SetCdnDomainSSLCertificate", "img.example.com"],
  ["SetVodDomainSSLCertificate", "vod.example.com"],
])("%s", (tool, DomainName) => {
  it.each([
    ["CertType upload", { CertType: "upload" }],
    ["no CertType", {}],
    ["an empty name", { CertName: "" }],
    ["a name that is null", { CertName: null }],
  ])("warns before a person is asked: %s", async (_what, more) => {
    await assistant.failure(tool, { DomainName, ...upload, ...more });
    expect(question).toContain(warned);
  });

  it.each([
    ["a name", { ...upload, CertName: "img-2026-11" }],
    ["a stored certificate", { SSLProtocol: "on", CertType: "cas", CertId: 8089870 }],
    ["HTTPS off", { SSLProtocol: "off" }],
  ])("does not warn of it with %s", async (_what, args) => {
    await assistant.failure(tool, { DomainName, ...args });
    expect(question).not.toContain("CertName is left out");
  });
});

it("a deployment names the copy itself", async () => {
  await assistant.failure("deploy_certificate", {
    certificate: "file:img.crt",
    private_key: "file:img.key",
    targets: [{ service: "alibaba-cdn", domains: ["img.example.com"] }],
  });
  expect(question).toMatch(/img\.example\.com-[0-9a-f]{8}/);
  expect(question).not.toContain("CertName is left out");
});
