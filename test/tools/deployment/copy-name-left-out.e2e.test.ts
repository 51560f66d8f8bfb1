import { mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CertificateAuthority } from "../../../src/sandbox/authority.js";
import { DecliningPerson } from "../../support/declining-person.js";
import { ofRows, rows } from "../../support/width.js";

/**
 * An upload to Alibaba Cloud without a name for the copy. The documents call CertName optional and list a code for its
 * absence; certd/certd#372 met it ("You must specify CertName"), and certd/certd#148, 0xJacky/cdn_cert#1 name each copy.
 */

const folder = realpathSync(mkdtempSync(join(tmpdir(), "cloudcert-files-")));
let asked: DecliningPerson;

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
  asked = await DecliningPerson.shared(["--approve", "elicit", "--files", folder]);
});
afterAll(() => asked.close());

const upload = { SSLProtocol: "on", SSLPub: "file:img.crt", SSLPri: "file:img.key" };
const warned = "CertName is left out; the API may refuse an upload without it (CertName.MissingParameter)";

describe.each([
  ["SetCdnDomainSSLCertificate", "img.example.com"],
  ["SetVodDomainSSLCertificate", "vod.example.com"],
])("%s", (tool, DomainName) => {
  it.each(
    rows(
      [
        ["CertType upload", { CertType: "upload" }],
        ["no CertType", {}],
        ["an empty name", { CertName: "" }],
        ["a name that is null", { CertName: null }],
      ],
      1,
    ),
  )("warns before a person is asked: %s", ofRows, async (_what, more) => {
    const { form, changes } = await asked.ask(tool, { DomainName, ...upload, ...more });
    expect(form).toContain(warned);
    expect(changes).toEqual([]);
  });

  it.each(
    rows(
      [
        ["a name", { ...upload, CertName: "img-2026-11" }],
        ["a stored certificate", { SSLProtocol: "on", CertType: "cas", CertId: 8089870 }],
        ["HTTPS off", { SSLProtocol: "off" }],
      ],
      1,
    ),
  )("does not warn of it with %s", ofRows, async (_what, args) => {
    const { question, form, changes } = await asked.ask(tool, { DomainName, ...args });
    expect(question).toBeDefined();
    expect(form).not.toContain("CertName is left out");
    expect(changes).toEqual([]);
  });
});

it("a deployment names the copy itself", async () => {
  const { form } = await asked.ask("deploy_certificate", {
    certificate: "file:img.crt",
    private_key: "file:img.key",
    targets: [{ service: "alibaba-cdn", domains: ["img.example.com"] }],
  });
  expect(form).toMatch(/img\.example\.com-[0-9a-f]{8}/);
  expect(form).not.toContain("CertName is left out");
});
