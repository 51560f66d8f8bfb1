import { describe, expect, it } from "vitest";
import { describeCertificateDetail } from "../../../src/catalogue/tencent-ssl/describe-certificate-detail.js";
import { describeCertificates } from "../../../src/catalogue/tencent-ssl/describe-certificates.js";
import { describeCSR } from "../../../src/catalogue/tencent-ssl/describe-csr.js";
import { downloadCertificate } from "../../../src/catalogue/tencent-ssl/download-certificate.js";
import { secretNamesLike, stripSecrets } from "../../../src/secrets/strip-secrets.js";
import { storeSecrets } from "../../../src/secrets/vault/store-secrets.js";
import { Vault } from "../../../src/secrets/vault/vault.js";
import { sharedMaterial } from "../references/support.js";
import { archiveOf } from "./support.js";

const made = sharedMaterial();
const names = secretNamesLike([
  ...["CertificatePrivateKey", "EncryptPrivateKey", "PrivateKey", "KeyPassword"],
  ...["Content", "Key", "certificate_key"],
]);
const about = { names };
const reference = expect.stringMatching(/^vault:[\w-]{22}$/);

describe("keepSecrets", () => {
  it("puts references where the secrets were, and nothing else is touched", () => {
    const vault = new Vault();
    const result = {
      CertificateId: "abcd1234",
      CertificatePublicKey: made.leaf,
      CertificatePrivateKey: made.key,
      EncryptPrivateKey: "",
      KeyPassword: null,
      Deployable: true,
    };
    const kept = storeSecrets(describeCertificateDetail, result, vault, about);
    expect(kept.result).toEqual({ ...result, CertificatePrivateKey: reference });
    expect(kept.notes).toHaveLength(1);
    expect(kept.notes[0]).toMatch(
      /^CertificatePrivateKey is held as vault:\S+: private key, RSA 2048 key, public half SHA-256 [0-9a-f]{64}, belongs to abcd1234\.$/,
    );
    expect(vault.find(String(kept.result.CertificatePrivateKey))).toMatchObject({
      text: made.key,
      content: "private key",
      operation: "DescribeCertificateDetail",
      owner: "abcd1234",
    });
  });

  it("keeps the archive of a download with its parts", () => {
    const vault = new Vault();
    const result = { Content: archiveOf(made), ContentType: "application/zip" };
    const kept = storeSecrets(downloadCertificate, result, vault, { names, owner: "abcd1234" });
    expect(kept.result).toEqual({ Content: reference, ContentType: "application/zip" });
    expect(kept.notes.join()).toContain("archive with #key, #leaf, #chain, #fullchain");
    expect(kept.notes.join()).toMatch(
      /certificate for www\.example\.com, expires \d{4}-\d\d-\d\dT[\d:.]+Z, belongs to abcd1234/,
    );
  });

  it("keeps a password and says only that it is one", () => {
    const vault = new Vault();
    const kept = storeSecrets(describeCSR, { Id: 7, KeyPassword: "hunter2", PrivateKey: made.key }, vault, about);
    expect(kept.notes[0]).toMatch(/^KeyPassword is held as vault:\S+: password\.$/);
    expect(JSON.stringify([kept.result, kept.notes])).not.toMatch(/hunter2|PRIVATE KEY/);
  });

  it("finds them wherever they stand, also where the documents have none", () => {
    const vault = new Vault();
    const result = {
      Certificates: [
        { CertificateId: "a", Extra: { PrivateKey: made.key } },
        { CertificateId: "b", Content: archiveOf(made), KeyPassword: { odd: 1 } },
      ],
    };
    const kept = storeSecrets(describeCertificates, result, vault, about);
    expect(kept.result).toEqual({
      Certificates: [
        { CertificateId: "a", Extra: { PrivateKey: reference } },
        { CertificateId: "b", Content: reference, KeyPassword: reference },
      ],
    });
    expect(vault.list().map(({ content, owner }) => [content, owner])).toEqual([
      ["private key", "a"],
      ["archive", "b"],
      ["password", "b"],
    ]);
  });

  const renamed = [
    ...["keypassword", "key_password", "KEY_PASSWORD", "Password", "password", "Passwd", "KeyStorePassword"],
    ...["pfxPassword", "EncryptedKeyPassword", "PassPhrase", "key-passphrase", "pass_word", "CertPwd", "passwords"],
    ...["KeyPassword1", "KeyPassword_2", "KeyPasswordValue", "PasswordText", "PassCode", "PfxPass", "key_pass"],
    ...["private_key", "privateKey", "CertificateKey", "encryptPrivatekey"],
  ];

  it.each(renamed)("finds one that the cloud calls %s", (name) => {
    const result = { CertificateId: "a", Extra: [{ [name]: "hunter2-secret-1" }] };
    const kept = storeSecrets(describeCertificates, result, new Vault(), about);
    expect(kept.result).toMatchObject({ Extra: [{ [name]: reference }] });
    expect(JSON.stringify([kept, stripSecrets(result, names)])).not.toContain("hunter2");
  });

  it("leaves flags, references, and what a tag calls its key", () => {
    const result = {
      KeyPasswordCustomFlag: true,
      HasPassword: true,
      ValidationPassedTime: "2026-01-01 00:00:00",
      Tags: [{ key: "team", value: "shop", content: "x" }],
      arguments: { certificate: "file:a.crt", private_key: "file:a.key;password=env:PASS" },
    };
    expect(storeSecrets(describeCertificates, result, new Vault(), about)).toEqual({ result, notes: [] });
    expect(stripSecrets(result, names)).toBe(result);
  });

  it("says what had to go", () => {
    const vault = new Vault({ limits: { entries: 1, characters: 100_000 } });
    const { notes } = storeSecrets(describeCSR, { KeyPassword: "hunter2", PrivateKey: made.key }, vault, about);
    expect(notes.at(-1)).toBe("To make room, the vault dropped its oldest entry.");
  });
});
