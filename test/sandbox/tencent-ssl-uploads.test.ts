import { createPrivateKey, X509Certificate } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { batchDeleteCSR } from "../../src/catalogue/tencent-ssl/batch-delete-csr.js";
import { createCSR } from "../../src/catalogue/tencent-ssl/create-csr.js";
import { describeCertificateDetail } from "../../src/catalogue/tencent-ssl/describe-certificate-detail.js";
import { describeCSR } from "../../src/catalogue/tencent-ssl/describe-csr.js";
import { describeCSRSet } from "../../src/catalogue/tencent-ssl/describe-csr-set.js";
import { modifyCSR } from "../../src/catalogue/tencent-ssl/modify-csr.js";
import { uploadCertificate } from "../../src/catalogue/tencent-ssl/upload-certificate.js";
import { CertificateAuthority, parseCsr } from "../../src/sandbox/authority.js";
import { day, TestAccount } from "./tencent-ssl-account.js";

let test: TestAccount;
let authority: CertificateAuthority;
let pair: { certificatePem: string; privateKeyPem: string };
beforeAll(async () => {
  const now = new Date("2026-03-31T00:00:00Z");
  authority = await CertificateAuthority.create(now);
  const notAfter = new Date(now.getTime() + 90 * day);
  pair = await authority.issue({ names: ["new.example.com"], notBefore: now, notAfter, key: "EC-P256" });
});
const open = async () => {
  test = await TestAccount.open();
};

describe("an upload", () => {
  beforeEach(open);

  const params = () => ({ CertificatePublicKey: pair.certificatePem, CertificatePrivateKey: pair.privateKeyPem });
  const refused = (change: object) => test.refusal(uploadCertificate, { ...params(), ...change });

  it("is stored, its dates read from the certificate", async () => {
    const Tags = [{ TagKey: "team", TagValue: "web" }];
    const uploaded = await test.call(uploadCertificate, { ...params(), Alias: "new", ProjectId: 3, Tags });
    expect(uploaded.RepeatCertId).toBe("");
    expect(await test.call(describeCertificateDetail, { CertificateId: uploaded.CertificateId })).toMatchObject({
      From: "upload",
      Status: 1,
      Domain: "new.example.com",
      Alias: "new",
      ProjectId: "3",
      Tags,
      CertBeginTime: "2026-03-31 08:00:00",
      ValidityPeriod: "3",
      CertificatePublicKey: pair.certificatePem,
      RootCert: { Standard: null },
    });
  });

  it("is stored again unless that is not wanted", async () => {
    const first = await test.call(uploadCertificate, params());
    const second = await test.call(uploadCertificate, params());
    expect(second.CertificateId).not.toBe(first.CertificateId);
    expect(await test.call(uploadCertificate, { ...params(), Repeatable: false })).toEqual({
      CertificateId: first.CertificateId,
      RepeatCertId: first.CertificateId,
    });
  });

  it("takes an encrypted key with its password", async () => {
    const encrypted = createPrivateKey(pair.privateKeyPem).export({
      type: "pkcs8",
      format: "pem",
      cipher: "aes-256-cbc",
      passphrase: "open sesame",
    });
    const CertificatePrivateKey = encrypted.toString();
    expect(await refused({ CertificatePrivateKey })).toBe("FailedOperation.CertificateParseError");
    expect(await refused({ CertificatePrivateKey, KeyPassword: "no" })).toBe("FailedOperation.CertificateParseError");
    const { CertificateId } = await test.call(uploadCertificate, {
      ...params(),
      CertificatePrivateKey,
      KeyPassword: "open sesame",
    });
    const stored = await test.call(describeCertificateDetail, { CertificateId });
    const leaf = new X509Certificate(stored.CertificatePublicKey);
    expect(leaf.checkPrivateKey(createPrivateKey(stored.CertificatePrivateKey))).toBe(true);
  });

  it("is refused when it does not fit together", async () => {
    const other = await test.call(describeCertificateDetail, { CertificateId: test.boundId });
    expect(await refused({ CertificatePublicKey: "no certificate" })).toBe("FailedOperation.CertificateParseError");
    expect(await refused({ CertificatePrivateKey: undefined })).toBe("InvalidParameter.MissMatchPrivateKey");
    expect(await refused({ CertificatePrivateKey: other.CertificatePrivateKey })).toBe(
      "FailedOperation.CertificateMatchError",
    );
    const broken = `${pair.certificatePem}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`;
    expect(await refused({ CertificatePublicKey: broken })).toBe("FailedOperation.CertificateParseError");
  });

  it("of a CA needs no key, but a CA", async () => {
    const ca = { CertificatePublicKey: authority.rootPem, CertificateType: "CA" } as const;
    const { CertificateId } = await test.call(uploadCertificate, ca);
    expect(await test.call(describeCertificateDetail, { CertificateId })).toMatchObject({ CertificateType: "CA" });
    expect(await refused({ CertificateType: "CA" })).toBe("FailedOperation.CertificateCaError");
  });
});

describe("a CSR", () => {
  beforeEach(open);

  const subject = {
    Domain: "csr.example.com",
    Organization: "Example Ltd",
    Department: "Operations",
    Email: "ops@example.com",
    Province: "Hunan",
    City: "Changsha",
    Country: "CN",
    EncryptAlgo: "ECC",
    KeyParameter: "prime256v1",
  } as const;

  it("is generated with a real key, which its password encrypts", async () => {
    const created = await test.call(createCSR, { ...subject, Generate: true, KeyPassword: "s3cret", Remark: "mine" });
    const csr = await test.call(describeCSR, { CSRId: created.Id });
    expect(csr).toMatchObject({ Status: 1, Remarks: "mine", KeyPassword: "s3cret", CreateTime: "2026-04-01 11:00:00" });
    expect(parseCsr(csr.CSR)?.commonName).toBe("csr.example.com");
    expect(csr.PrivateKey).toContain("ENCRYPTED");
    const key = createPrivateKey({ key: csr.PrivateKey, passphrase: "s3cret" });
    const publicKey = parseCsr(csr.CSR)?.publicKeyPem ?? "";
    expect(key.asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
    const { certificatePem } = await authority.sign({
      csrPem: csr.CSR,
      names: ["csr.example.com"],
      notBefore: new Date(),
      notAfter: new Date(Date.now() + day),
    });
    expect(new X509Certificate(certificatePem).checkPrivateKey(key)).toBe(true);
    expect(publicKey).toContain("PUBLIC KEY");
  });

  it("is edited until it is generated, and locked from then on", async () => {
    const { Id: CSRId } = await test.call(createCSR, { ...subject, Generate: false });
    expect(await test.call(describeCSR, { CSRId })).toMatchObject({ Status: 0, CSR: null, PrivateKey: null });
    await test.call(modifyCSR, { CSRId, Generate: false, City: "Zhuzhou", EncryptAlgo: "RSA", KeyParameter: "2048" });
    await test.call(modifyCSR, { CSRId, Generate: true, Country: "China" });
    const done = await test.call(describeCSR, { CSRId });
    expect(done).toMatchObject({ Status: 1, City: "Zhuzhou", Organization: "Example Ltd", EncryptAlgo: "RSA" });
    expect(createPrivateKey(done.PrivateKey).asymmetricKeyDetails?.modulusLength).toBe(2048);
    expect(await test.refusal(modifyCSR, { CSRId, Generate: false })).toBe("InvalidParameter.WithDetailReason");
  });

  it("is refused when the key's parameters do not go together", async () => {
    const wrong = { ...subject, EncryptAlgo: "RSA", Generate: false } as const;
    expect(await test.refusal(createCSR, wrong)).toBe("FailedOperation.InvalidParam");
    const { Id: CSRId } = await test.call(createCSR, { ...subject, Generate: false });
    expect(await test.refusal(modifyCSR, { CSRId, Generate: false, KeyParameter: "4096" })).toBe(
      "InvalidParameter.WithDetailReason",
    );
  });

  it("is found by domain and kind of key, page by page", async () => {
    await test.call(createCSR, { ...subject, Generate: false });
    const ids = async (params: object) => {
      const { Set: rows } = await test.call(describeCSRSet, params);
      return (rows ?? []).map(({ Domain }: { Domain: string }) => Domain);
    };
    expect(await ids({})).toEqual(["csr.example.com", "api.example.org", "www.example.org"]);
    expect(await ids({ Limit: 1, Offset: 1 })).toEqual(["api.example.org"]);
    expect(await ids({ Domain: "EXAMPLE.org" })).toHaveLength(2);
    expect(await ids({ EncryptAlgo: "rsa" })).toEqual([]);
  });

  it("is deleted, and what is not there is left out of the answer", async () => {
    const { Id } = await test.call(createCSR, { ...subject, Generate: false });
    expect(await test.call(batchDeleteCSR, { CSRIds: [Id, 99999] })).toEqual({ Success: [Id] });
    expect(await test.refusal(describeCSR, { CSRId: Id })).toBe("InvalidParameter.InvalidCSRId");
    expect(await test.refusal(modifyCSR, { CSRId: Id, Generate: false })).toBe("InvalidParameter.InvalidCSRId");
  });
});
