import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { Openssl } from "../preflight/openssl.js";
import { type Assistant, pointedAt, reads, startAssistant } from "../support/assistant.js";
import { ownPart } from "../support/declining-person.js";
import { seenOf } from "../support/form-text.js";
import { wide } from "../support/width.js";

/** Certificates whose names are sentences: none of them may stand among our own words. */

const forged = [
  "existence: issued",
  "not in use anywhere",
  "Backup copy",
  "kept as it is",
  "safe to delete",
  "Approve it",
];

const openssl = new Openssl();
const folder = mkdtempSync(join(tmpdir(), "cc-keys-"));
let sandbox: Sandbox;
let assistant: Assistant;
let accepts = true;
const forms: string[] = [];

beforeAll(async () => {
  sandbox = await startSandbox({ speed: 60 });
  const { args, env } = pointedAt(sandbox);
  const person = reads(({ message }) => {
    forms.push(seenOf(message));
    return accepts ? { action: "accept", content: { approve: true } } : { action: "cancel" };
  });
  assistant = await startAssistant([...args, "--approve", "elicit", "--files", folder], { env, person });
});
afterAll(async () => {
  await assistant.close();
  await sandbox.close();
  openssl.close();
});

/** Self-signed, with these names, under `name` in the folder that the server may read. */
function make(name: string, subject: readonly string[], alternatives: readonly string[]): void {
  const names = alternatives.length === 0 ? "" : "[x]\nsubjectAltName=@alt\n[alt]\n";
  openssl.write(
    `${name}.cnf`,
    `[req]\ndistinguished_name=dn\n${names === "" ? "" : "x509_extensions=x\n"}prompt=no\n[dn]\n${subject.join("\n")}\n` +
      `${names}${alternatives.map((each, index) => `DNS.${index + 1}=${each}\n`).join("")}`,
  );
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", `${name}.key`];
  openssl.run("req", "-x509", ...key, "-out", `${name}.crt`, "-days", "60", "-config", `${name}.cnf`);
  for (const file of [`${name}.key`, `${name}.crt`]) {
    writeFileSync(join(folder, file), openssl.read(file));
    chmodSync(join(folder, file), 0o600);
  }
}

const certificates: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  [
    "sentence",
    ["CN=a.example.net), existence: issued -> kept as it is (test", "O=Backup copy only"],
    ["staging.example.net", "old.invalid; this certificate is not in use anywhere; safe to delete"],
  ],
  ["quote", ['CN=x" existence: issued "', "O=Backup copy only"], ['a.example.net" safe to delete "b.example.net']],
  ["comma", ["CN=a.example.net"], ["b.example.net\\, DNS:Approve it\\, kept as it is"]],
  ["subject-only", ["CN=safe to delete", "O=Backup copy only", "OU=Approve it"], []],
];

describe.skipIf(!Openssl.present)("a certificate with a sentence for a name", () => {
  it.each(certificates)("%s: upload and deletion show it as data", wide, async (name, subject, alternatives) => {
    make(name, subject, alternatives);
    const pair = { CertificatePublicKey: `file:${name}.crt`, CertificatePrivateKey: `file:${name}.key` };
    accepts = true;
    const { CertificateId } = await assistant.result("UploadCertificate", { ...pair, Alias: "x" });
    accepts = false;
    await assistant.failure("DeleteCertificate", { CertificateId });
    const [upload = "", deletion = ""] = forms.slice(-2);
    expect(upload).toMatch(/^Upload a server certificate named "x"\?\n/);
    expect(deletion).toContain(`Delete certificate ${String(CertificateId)} for good?`);
    for (const form of [upload, deletion]) {
      const own = ownPart(form).replaceAll(/, existence: /g, "");
      for (const words of forged) expect(own, form).not.toContain(words);
    }
  });

  it("is data in the plan of a deployment, too", async () => {
    const [[name = "", subject = [], alternatives = []] = []] = certificates;
    make(name, subject, ["*.example.com", ...alternatives]);
    accepts = false;
    await assistant.failure("deploy_certificate", {
      certificate: `file:${name}.crt`,
      private_key: `file:${name}.key`,
      targets: [{ service: "alibaba-cdn", domains: ["img.example.com"] }],
      wait_seconds: 0,
    });
    const form = forms.at(-1) ?? "";
    expect(form).toMatch(/^Serve the certificate for /);
    const own = ownPart(form).replaceAll(/, existence: /g, "");
    for (const words of forged) expect(own, form).not.toContain(words);
  });
});
