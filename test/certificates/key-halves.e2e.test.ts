import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { CertificateAuthority } from "../../src/sandbox/authority.js";
import { zipped } from "../secrets/vault/support.js";
import { alteredKeys } from "../support/altered-keys.js";
import { type ScriptedCloud, startScriptedCloud, tencent } from "../support/scripted-cloud.js";
import { ofRows, rows, wide } from "../support/width.js";

/** A key file states its public half beside the private one, and can state any: a key fits where what it signs verifies. */

const folder = mkdtempSync(join(tmpdir(), "cc-halves-"));
const at = (name: string) => join(folder, name);

function written(name: string, text: string): string {
  writeFileSync(at(name), text, { mode: 0o600 });
  return `file:${at(name)}`;
}

interface Pair {
  readonly certificate: string;
  readonly key: string;
}

/** Made by OpenSSL: kinds of key that the sandbox's authority does not issue. */
function selfSigned(name: string, ...options: readonly string[]): Pair {
  const genpkey = ["genpkey", ...options, "-out", at(`${name}.key`)];
  execFileSync("openssl", genpkey, { stdio: "pipe" });
  const names = ["-subj", "/CN=shop.example.com", "-addext", "subjectAltName=DNS:shop.example.com"];
  const req = ["req", "-x509", "-new", "-key", at(`${name}.key`), "-days", "90", ...names, "-out", at(`${name}.crt`)];
  execFileSync("openssl", req, { stdio: "pipe" });
  return { certificate: readFileSync(at(`${name}.crt`), "utf8"), key: readFileSync(at(`${name}.key`), "utf8") };
}

const kinds: readonly (readonly [string, readonly string[]])[] = [
  ["RSA", ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]],
  ["ECDSA P-256", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]],
  ["ECDSA P-384", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"]],
  ["Ed25519", ["-algorithm", "ED25519"]],
  ["Ed448", ["-algorithm", "ED448"]],
  ["RSA-PSS", ["-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048", "-pkeyopt", "rsa_pss_keygen_md:sha512"]],
];

let cloud: ScriptedCloud;
beforeAll(async () => {
  cloud = await startScriptedCloud(["--files", folder]);
});
afterAll(() => cloud.close());

const inspected = async (certificate: string, key: string) => {
  const { structure } = await cloud.hears(tencent({}), "inspect_certificate", {
    certificate,
    private_key: written("inspected.key", key),
  });
  return structure;
};

describe("a key that is the certificate's", () => {
  it.each(kinds)("is said to fit: %s", async (name, options) => {
    const { certificate, key } = selfSigned(name.replace(" ", "-"), ...options);
    expect(await inspected(certificate, key)).toMatchObject({ key_fits: true });
  });

  it.each(rows(kinds.slice(0, 4), 1))("and another one of its kind is not: %s", ofRows, async (name, options) => {
    const { certificate } = selfSigned(`${name}-1`.replace(" ", "-"), ...options);
    const { key } = selfSigned(`${name}-2`.replace(" ", "-"), ...options);
    expect(await inspected(certificate, key)).toMatchObject({ key_fits: false });
  });
});

const [now, later] = [new Date(Date.now() - 86_400_000), new Date(Date.now() + 90 * 86_400_000)];
const authority = await CertificateAuthority.create(now);
const issued = await Promise.all(
  (["EC-P256", "RSA-2048"] as const).map((key) =>
    authority.issue({ names: ["shop.example.com"], notBefore: now, notAfter: later, key }),
  ),
);
const altered = issued.flatMap(({ certificatePem, privateKeyPem }) =>
  alteredKeys(privateKeyPem).map(([what, key]) => [what, { certificate: certificatePem, key }] as const),
);

describe.each(altered)("%s", (_, { certificate, key }) => {
  it("does not fit by inspect_certificate", async () => {
    const { key_fits, findings } = await inspected(certificate, key);
    expect(key_fits).toBe(false);
    expect(JSON.stringify(findings)).toMatch(/private key (is damaged or was altered|does not belong)/);
  });

  it("is refused before anybody is asked, by operations and by deploy_certificate", wide, async () => {
    const [pem, reference] = [written("site.crt", certificate), written("site.key", key)];
    const upload = { CertificatePublicKey: pem, CertificatePrivateKey: reference };
    const { reply, text } = await cloud.hears(tencent({}), "UploadCertificate", upload);
    expect(reply.isError).toBe(true);
    expect(text).toContain("UploadCertificate was not sent");
    const targets = [{ service: "alibaba-cdn", domains: ["shop.example.com"] }];
    const job = { certificate: pem, private_key: reference, targets };
    expect((await cloud.hears(tencent({}), "deploy_certificate", job)).text).toContain("cannot be deployed");
  });

  it("is no pair in an archive: it is neither told as one nor saved as one", wide, async () => {
    const archive = tencent({ Content: zipped({ "Nginx/site.crt": certificate, "Nginx/site.key": key }) });
    const { structure } = await cloud.hears(archive, "DownloadCertificate", { CertificateId: "abcd1234" });
    expect(JSON.stringify(structure.notes)).toContain("its private key does not belong to its certificate");
    const before = readdirSync(folder);
    const save = { reference: `${z.string().parse(structure.Content)}#key`, directory: folder, name: "pair" };
    expect((await cloud.hears(tencent({}), "save_to_file", save)).text).toContain("holds no key");
    expect(readdirSync(folder)).toEqual(before);
  });
});
