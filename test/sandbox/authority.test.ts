import { spawnSync } from "node:child_process";
import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { CertificateAuthority, createCsr, type KeyKind, parseCsr } from "../../src/sandbox/authority.js";
import { ofRows, rows } from "../support/width.js";
import { hasOpenssl } from "./support.js";

const now = new Date("2026-11-22T10:00:00Z");
const validity = { notBefore: new Date("2026-11-21T00:00:00Z"), notAfter: new Date("2027-02-19T00:00:00Z") };
const kinds: readonly KeyKind[] = ["RSA-2048", "RSA-4096", "EC-P256"];

const names = ["www.example.com", "*.example.com"];

let authority: CertificateAuthority;
beforeAll(async () => {
  authority = await CertificateAuthority.create(now);
});

/** The certificates of a chain, the leaf first. */
function split(chain: string): X509Certificate[] {
  return (chain.match(/-----BEGIN[\s\S]+?-----END CERTIFICATE-----/g) ?? []).map((pem) => new X509Certificate(pem));
}

/** What `openssl verify` says of a chain at `now`, as strictly as it can. */
function opensslVerify(chain: string, root: string): string {
  const folder = mkdtempSync(join(tmpdir(), "authority-"));
  try {
    writeFileSync(join(folder, "root.pem"), root);
    writeFileSync(join(folder, "chain.pem"), chain);
    const time = String(now.getTime() / 1000);
    const { stdout, stderr } = spawnSync(
      "openssl",
      [
        ...["verify", "-x509_strict", "-purpose", "sslserver", "-attime", time],
        ...["-CAfile", "root.pem", "-untrusted", "chain.pem", "chain.pem"],
      ],
      { cwd: folder, encoding: "utf8" },
    );
    return stdout + stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("certificates", () => {
  describe.each(rows(kinds, 2))("with %s", ofRows, (key) => {
    let issued: Awaited<ReturnType<CertificateAuthority["issue"]>>;
    beforeAll(async () => {
      issued = await authority.issue({ ...validity, names, key });
    });

    it("are issued in a chain that leads to the root", () => {
      const { certificatePem, privateKeyPem } = issued;
      const [leaf, intermediate] = split(certificatePem);
      const root = new X509Certificate(authority.rootPem);
      expect(certificatePem).toContain(authority.intermediatePem);
      expect(leaf?.verify(new X509Certificate(authority.intermediatePem).publicKey)).toBe(true);
      expect(intermediate?.verify(root.publicKey)).toBe(true);
      expect(root.verify(root.publicKey)).toBe(true);
      expect(leaf?.checkPrivateKey(createPrivateKey(privateKeyPem))).toBe(true);
      expect(leaf?.subjectAltName).toBe("DNS:www.example.com, DNS:*.example.com");
      expect(leaf?.subject).toBe("CN=www.example.com");
      expect([leaf?.ca, intermediate?.ca, root.ca]).toEqual([false, true, true]);
      expect(new Date(leaf?.validTo ?? "")).toEqual(validity.notAfter);
    });

    it.runIf(hasOpenssl)("pass openssl verify", () => {
      expect(opensslVerify(issued.certificatePem, authority.rootPem)).toBe("chain.pem: OK\n");
    });
  });

  it.runIf(hasOpenssl)("is refused by openssl when it has expired", async () => {
    const past = { notBefore: new Date("2026-01-01T00:00:00Z"), notAfter: new Date("2026-04-01T00:00:00Z") };
    const { certificatePem } = await authority.issue({ ...past, names: ["www.example.com"], key: "EC-P256" });
    expect(opensslVerify(certificatePem, authority.rootPem)).toContain("certificate has expired");
  });
});

describe("signing requests", () => {
  const subject = { C: "FR", L: "Paris", O: "Acme", CN: "www.example.com" };

  it.each(rows(kinds, 2))("says what it asks for with %s", ofRows, async (key) => {
    const { csrPem, privateKeyPem } = await createCsr(subject, ["www.example.com", "example.com"], key);
    const parsed = parseCsr(csrPem);
    expect(parsed?.commonName).toBe("www.example.com");
    expect(parsed?.names).toEqual(["www.example.com", "example.com"]);
    expect(createPublicKey(parsed?.publicKeyPem ?? "").equals(createPublicKey(privateKeyPem))).toBe(true);
  });

  it("becomes a certificate for the same key", async () => {
    const { csrPem, privateKeyPem } = await createCsr(subject, [], "RSA-2048");
    const { certificatePem } = await authority.sign({ ...validity, csrPem, names: ["www.example.com"] });
    expect(split(certificatePem)[0]?.checkPrivateKey(createPrivateKey(privateKeyPem))).toBe(true);
  });

  it("is not signed when it was altered", async () => {
    const { csrPem } = await createCsr(subject, [], "EC-P256");
    const der = Buffer.from(csrPem.replace(/-----.+-----|\s/g, ""), "base64");
    const at = der.indexOf("www.example.com");
    der.write("evil", at);
    const altered = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString("base64")}\n-----END CERTIFICATE REQUEST-----\n`;
    const order = { ...validity, csrPem: altered, names: ["www.example.com"] };
    await expect(authority.sign(order)).rejects.toThrow("not signed by its own key");
  });

  it("encrypts the key with a passphrase", async () => {
    const { privateKeyPem } = await createCsr(subject, [], "EC-P256", "correct horse");
    expect(privateKeyPem).toContain("ENCRYPTED PRIVATE KEY");
    expect(() => createPrivateKey({ key: privateKeyPem, passphrase: "wrong" })).toThrow();
    expect(createPrivateKey({ key: privateKeyPem, passphrase: "correct horse" }).type).toBe("private");
  });

  it.each(["", "no PEM", "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----"])(
    "reads nothing from %j",
    (pem) => expect(parseCsr(pem)).toBeUndefined(),
  );
});
