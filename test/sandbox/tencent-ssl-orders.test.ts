import { createPrivateKey, X509Certificate } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { z } from "zod";
import { applyCertificate } from "../../src/catalogue/tencent-ssl/apply-certificate.js";
import { cancelAuditCertificate } from "../../src/catalogue/tencent-ssl/cancel-audit-certificate.js";
import { cancelCertificateOrder } from "../../src/catalogue/tencent-ssl/cancel-certificate-order.js";
import { commitCertificateInformation } from "../../src/catalogue/tencent-ssl/commit-certificate-information.js";
import { createCertificate } from "../../src/catalogue/tencent-ssl/create-certificate.js";
import { deleteCertificate } from "../../src/catalogue/tencent-ssl/delete-certificate.js";
import { describeCertificateDetail } from "../../src/catalogue/tencent-ssl/describe-certificate-detail.js";
import { describeCertificateOperateLogs } from "../../src/catalogue/tencent-ssl/describe-certificate-operate-logs.js";
import { describeCertificates } from "../../src/catalogue/tencent-ssl/describe-certificates.js";
import { modifyCertificateResubmit } from "../../src/catalogue/tencent-ssl/modify-certificate-resubmit.js";
import { replaceCertificate } from "../../src/catalogue/tencent-ssl/replace-certificate.js";
import { submitCertificateInformation } from "../../src/catalogue/tencent-ssl/submit-certificate-information.js";
import { uploadConfirmLetter } from "../../src/catalogue/tencent-ssl/upload-confirm-letter.js";
import { createCsr } from "../../src/sandbox/authority.js";
import { day, hour, minute, second, TestAccount } from "./tencent-ssl-account.js";

let test: TestAccount;
const open = async () => {
  test = await TestAccount.open();
};

const detail = (CertificateId: string) => test.call(describeCertificateDetail, { CertificateId });
const statusOf = async (id: string): Promise<number> => (await detail(id)).Status;

const ecc = { CsrEncryptAlgo: "ECC", CsrKeyParameter: "prime256v1" } as const;
const applyFor = async (DomainName: string, DvAuthMethod: "DNS" | "DNS_AUTO" | "FILE" = "DNS"): Promise<string> =>
  (await test.call(applyCertificate, { DomainName, DvAuthMethod, ...ecc })).CertificateId;

describe("a free certificate", () => {
  beforeEach(open);

  it("is issued once its record was found", async () => {
    const id = await applyFor("new.example.com");
    const waiting = await detail(id);
    expect(waiting).toMatchObject({
      Status: 0,
      StatusMsg: "PENDING-DCV",
      VerifyType: "DNS",
      CertificatePublicKey: null,
    });
    const [proof] = waiting.DvAuthDetail.DvAuths;
    expect(proof.DvAuthKey).toMatch(/^_[0-9a-f]{32}\.new\.example\.com$/);
    expect(proof.DvAuthValue).toMatch(/^[0-9a-f]{32}\.[0-9a-f]{32}\.[0-9a-z]{14}\.trust-provider\.com$/);
    expect(proof.DvAuthVerifyType).toBe("CNAME");

    test.wait(90 * second);
    expect(await detail(id)).toMatchObject({ Status: 0, StatusMsg: "CA-REVIEWING" });
    test.wait(minute);
    const issued = await detail(id);
    expect(issued).toMatchObject({
      Status: 1,
      StatusMsg: null,
      CertBeginTime: "2026-04-01 08:00:00",
      CertEndTime: "2026-07-01 07:59:59",
      ValidityPeriod: "3",
    });
    expect(issued.DvAuthDetail.DvAuths).toBeNull();
    const leaf = new X509Certificate(issued.CertificatePublicKey);
    expect(leaf.subjectAltName).toBe("DNS:new.example.com");
    expect(leaf.checkPrivateKey(createPrivateKey(issued.CertificatePrivateKey))).toBe(true);
  });

  it("is entered as issued at the time at which it was, however late one looks", async () => {
    const id = await applyFor("late.example.com", "DNS_AUTO");
    expect(await statusOf(id)).toBe(4);
    test.wait(hour);
    const { OperateLogs } = await test.call(describeCertificateOperateLogs, {});
    const own = OperateLogs.filter(({ CertId }: { CertId: string }) => CertId === id);
    expect(own).toMatchObject([
      { Type: "issued", CreatedOn: "2026-04-01 11:01:00", SubAccountUin: "--" },
      { Type: "domainValidationPassed", CreatedOn: "2026-04-01 11:01:00" },
      { Type: "apply", CreatedOn: "2026-04-01 11:00:00" },
    ]);
  });

  it("has an RSA 2048 key unless asked for another", async () => {
    const params = { DomainName: "example.org", DvAuthMethod: "FILE" } as const;
    const { CertificateId } = await test.call(applyCertificate, params);
    const order = await detail(CertificateId);
    expect(order).toMatchObject({ EncryptAlgorithm: "RSA 2048", SubjectAltName: ["www.example.org"] });
    expect(order.DvAuthDetail.DvAuthPath).toBe("/.well-known/pki-validation/");
  });

  it("is closed when the proof never comes", async () => {
    const id = await applyFor("unreachable.invalid");
    test.wait(6 * day);
    expect(await statusOf(id)).toBe(0);
    test.wait(day);
    expect(await statusOf(id)).toBe(2);
  });

  it("follows the one it renews", async () => {
    const old = test.idOf("blog.example.com");
    const params = { DomainName: "blog.example.com", DvAuthMethod: "DNS", OldCertificateId: old, ...ecc } as const;
    expect(await test.refusal(applyCertificate, params)).toBe("FailedOperation.CertificateInvalid");
    test.wait(40 * day);
    const { CertificateId } = await test.call(applyCertificate, params);
    expect((await detail(CertificateId)).CertificateExtra.OriginCertificateId).toBe(old);
    expect((await detail(old)).CertificateExtra.RenewOrder).toBe(CertificateId);
    const { Certificates } = await test.call(describeCertificates, { CertIds: [old] });
    expect(Certificates).toMatchObject([{ HasRenewOrder: CertificateId, RenewAble: true, IsExpiring: true }]);
  });
});

describe("an application for a free certificate", () => {
  beforeAll(open);

  const cases: [Partial<z.input<typeof applyCertificate.params>>, string][] = [
    [{ DomainName: "*.example.com" }, "InvalidParam"],
    // The catalogue takes a label with an underscore; no CA vouches for it.
    [{ DomainName: "_a.example.com" }, "InvalidParam"],
    [{ DnsNames: ["b.example.com"] }, "InvalidParam"],
    [{ PackageType: "2" }, "InvalidParam"],
    [{ ValidityPeriod: "12" }, "InvalidParam"],
    [{ CsrKeyParameter: undefined }, "InvalidParam"],
    [{ CsrEncryptAlgo: "RSA" }, "InvalidParam"],
    [{ DeleteDnsAutoRecord: true }, "InvalidParam"],
    [{ PackageId: "p-1" }, "PackageNotFound"],
    [{ OldCertificateId: "nothing1" }, "CertificateNotFound"],
  ];

  it.each(cases)("is refused with %j", async (change, code) => {
    const params = { DomainName: "a.example.com", DvAuthMethod: "DNS", ...ecc, ...change };
    expect(await test.refusal(applyCertificate, params)).toBe(`FailedOperation.${code}`);
  });

  it("is limited in number, by domain and altogether", async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => applyFor(`n${index}.example.net`)));
    const more = (DomainName: string) => test.refusal(applyCertificate, { DomainName, DvAuthMethod: "DNS", ...ecc });
    expect(await more("n20.example.net")).toBe("FailedOperation.MainDomainCertificateCountLimit");
    await Promise.all(Array.from({ length: 28 }, (_, index) => applyFor(`www.site${index}.test`)));
    expect(await more("www.example.edu")).toBe("FailedOperation.ExceedsFreeLimit");
  });
});

describe("a paid order", () => {
  beforeAll(open);

  const buy = async (ProductId: number, DomainNum = 1): Promise<string> => {
    const bought = await test.call(createCertificate, { ProductId, DomainNum, TimeSpan: 1 });
    expect(bought.DealIds[0]).toMatch(/^202\d[01]\d[0-3]\d\d{15}$/);
    return bought.CertificateIds[0];
  };
  const company = {
    OrganizationName: "Example Ltd",
    OrganizationCity: "Singapore",
    OrganizationRegion: "Singapore",
    OrganizationCountry: "SG",
  };
  const submit = (CertificateId: string, data: object) =>
    test.call(submitCertificateInformation, { CertificateId, ...data });
  const refusedData = (CertificateId: string, data: object) =>
    test.refusal(submitCertificateInformation, { CertificateId, ...data });

  it("of the DV kind is bought, filled in, sent and issued", async () => {
    const id = await buy(50, 2);
    expect(await statusOf(id)).toBe(5);
    await submit(id, { CertificateDomain: "a.example.com", DomainList: ["b.example.com"], VerifyType: "DNS_AUTO" });
    expect((await detail(id)).SubmittedData).toMatchObject({ CertificateDomain: "a.example.com", PostalCode: null });
    const sent = await test.call(commitCertificateInformation, { CertificateId: id });
    expect(sent).toMatchObject({ Status: 4 });
    test.wait(minute);
    const issued = await detail(id);
    expect(issued).toMatchObject({ Status: 1, IsVip: true, OrderId: sent.OrderId, ValidityPeriod: "12" });
    expect(new X509Certificate(issued.CertificatePublicKey).subjectAltName).toBe(
      "DNS:a.example.com, DNS:b.example.com",
    );
  });

  it("for a wildcard covers the domain too, and takes no file for a proof", async () => {
    const id = await buy(49);
    expect(await refusedData(id, { CertificateDomain: "example.net" })).toBe("FailedOperation.InvalidParam");
    await submit(id, { CertificateDomain: "*.example.net", VerifyType: "FILE" });
    expect(await test.refusal(commitCertificateInformation, { CertificateId: id })).toBe(
      "FailedOperation.InvalidParam",
    );
    await test.call(commitCertificateInformation, { CertificateId: id, VerifyType: "dns" });
    const { Domain, SubjectAltName, DvAuthDetail } = await detail(id);
    expect([Domain, SubjectAltName, DvAuthDetail.DvAuths.length]).toEqual(["*.example.net", ["example.net"], 1]);
  });

  it("is signed for the customer's own key when a CSR comes with it", async () => {
    const { csrPem, privateKeyPem } = await createCsr({ CN: "own.example.com" }, [], "EC-P256");
    const id = await buy(48);
    expect(await refusedData(id, { CsrType: "parse" })).toBe("FailedOperation.InvalidParam");
    const other = { CsrType: "parse", CsrContent: csrPem, CertificateDomain: "other.example.com" };
    expect(await refusedData(id, other)).toBe("FailedOperation.InvalidParam");
    await submit(id, { ...other, CertificateDomain: "own.example.com" });
    await test.call(commitCertificateInformation, { CertificateId: id });
    test.wait(2 * minute);
    const issued = await detail(id);
    expect(issued).toMatchObject({ CertificatePrivateKey: null, Deployable: false });
    expect(new X509Certificate(issued.CertificatePublicKey).checkPrivateKey(createPrivateKey(privateKeyPem))).toBe(
      true,
    );
  });

  it("with an organisation wants its data and a letter", async () => {
    const id = await buy(43);
    await submit(id, { CertificateDomain: "shop.example.com" });
    expect(await test.refusal(commitCertificateInformation, { CertificateId: id })).toBe(
      "FailedOperation.InvalidParam",
    );
    await submit(id, { CertificateDomain: "shop.example.com", ...company });
    expect(await test.call(commitCertificateInformation, { CertificateId: id })).toMatchObject({ Status: 8 });
    test.wait(day);
    expect(await statusOf(id)).toBe(8);
    const ConfirmLetter = Buffer.concat([Buffer.from("%PDF-1.7"), Buffer.alloc(2000)]).toString("base64");
    expect(await test.call(uploadConfirmLetter, { CertificateId: id, ConfirmLetter })).toEqual({
      CertificateId: id,
      IsSuccess: true,
    });
    expect(await detail(id)).toMatchObject({ Status: 0, StatusMsg: "LEGAL-REVIEWING" });
    test.wait(2 * minute);
    expect(await statusOf(id)).toBe(1);
  });

  it.each([77, 99, 104, 105])("is also of a product that only the mainland models name: %i", async (ProductId) => {
    const id = await buy(ProductId);
    expect(await detail(id)).toMatchObject({ Status: 5, PackageType: String(ProductId) });
  });

  it("is not sold for more domains than it covers, nor with SM2 keys", async () => {
    const order = { DomainNum: 1, TimeSpan: 1 };
    expect(await test.refusal(createCertificate, { ...order, ProductId: 48, DomainNum: 2 })).toBe(
      "InvalidParameterValue",
    );
    expect(await test.refusal(createCertificate, { ...order, ProductId: 54 })).toBe("FailedOperation.InvalidParam");
  });

  it("lives no longer than CAs may let it", async () => {
    test = await TestAccount.open("2027-04-01T03:00:00Z");
    const id = await buy(48);
    await submit(id, { CertificateDomain: "short.example.com" });
    await test.call(commitCertificateInformation, { CertificateId: id });
    test.wait(2 * minute);
    const { validFrom, validTo } = new X509Certificate((await detail(id)).CertificatePublicKey);
    expect(Date.parse(validTo) - Date.parse(validFrom)).toBe(100 * day - second);
  });

  it("takes documents only while it waits for them", async () => {
    const id = test.idOf("blog.example.com");
    const code = "FailedOperation.InvalidCertificateStatusCode";
    expect(await refusedData(id, {})).toBe(code);
    expect(await test.refusal(commitCertificateInformation, { CertificateId: id })).toBe(code);
  });
});

describe("a confirmation letter", () => {
  beforeAll(open);

  const pdf = (size: number) => Buffer.concat([Buffer.from("%PDF-"), Buffer.alloc(size)]);
  const png = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.alloc(2000)]);
  const gif = Buffer.concat([Buffer.from("GIF89a"), Buffer.alloc(2000)]);
  const refused = (CertificateId: string, letter: Buffer) =>
    test.refusal(uploadConfirmLetter, { CertificateId, ConfirmLetter: letter.toString("base64") });

  it("is judged by its size and by what it is", async () => {
    const id = test.idOf("secure.example.com");
    expect(await refused(id, pdf(100))).toBe("FailedOperation.ConfirmLetterTooSmall");
    expect(await refused(id, pdf(1_500_000))).toBe("FailedOperation.ConfirmLetterTooLarge");
    expect(await refused(id, gif)).toBe("FailedOperation.InvalidConfirmLetterFormat");
    expect(await refused(id, Buffer.alloc(2000, "PK"))).toBe("FailedOperation.InvalidConfirmLetterFormat");
    await test.call(uploadConfirmLetter, { CertificateId: id, ConfirmLetter: png.toString("base64") });
    expect(await refused(id, png)).toBe("FailedOperation.InvalidCertificateStatusCode");
  });

  it("is another file for the other CA", async () => {
    const { CertificateIds } = await test.call(createCertificate, { ProductId: 28, DomainNum: 1, TimeSpan: 1 });
    const [CertificateId] = CertificateIds;
    const data = { OrganizationName: "E", OrganizationCity: "S", OrganizationRegion: "S", OrganizationCountry: "SG" };
    await test.call(submitCertificateInformation, { CertificateId, CertificateDomain: "w.example.com", ...data });
    await test.call(commitCertificateInformation, { CertificateId });
    expect(await refused(CertificateId, png)).toBe("FailedOperation.InvalidConfirmLetterFormatWosign");
    await test.call(uploadConfirmLetter, { CertificateId, ConfirmLetter: gif.toString("base64") });
  });

  it("is not for uploaded certificates", async () => {
    expect(await refused(test.boundId, png)).toBe("FailedOperation.InvalidCertificateSource");
  });
});

describe("calling off", () => {
  beforeEach(open);

  it("a review ends a free order and reopens a paid one", async () => {
    const free = test.idOf("preview.example.org");
    const paid = test.idOf("secure.example.com");
    expect(await test.call(cancelAuditCertificate, { CertificateId: free })).toEqual({ Result: true });
    await test.call(cancelAuditCertificate, { CertificateId: paid });
    expect([await statusOf(free), await statusOf(paid)]).toEqual([2, 5]);
    const code = "FailedOperation.CertificateNotFoundOrCantCancel";
    expect(await test.refusal(cancelAuditCertificate, { CertificateId: free })).toBe(code);
    expect(await test.refusal(cancelAuditCertificate, { CertificateId: "nothing1" })).toBe(code);
  });

  it("an order takes a while, after which a paid one can be opened again", async () => {
    const CertificateId = test.idOf("for the new shop");
    const refusedResubmission = () => test.refusal(modifyCertificateResubmit, { CertificateId });
    expect(await refusedResubmission()).toBe("FailedOperation.CertificateStatusNotAllowResubmit");
    await test.call(cancelCertificateOrder, { CertificateId });
    expect(await statusOf(CertificateId)).toBe(6);
    expect(await test.refusal(cancelCertificateOrder, { CertificateId })).toBe(
      "FailedOperation.InvalidCertificateStatusCode",
    );
    test.wait(30 * second);
    expect(await statusOf(CertificateId)).toBe(7);
    await test.call(modifyCertificateResubmit, { CertificateId });
    expect(await statusOf(CertificateId)).toBe(5);
  });
});

describe("a reissue", () => {
  beforeEach(open);

  const params = (CertificateId: string) => ({ CertificateId, ValidType: "DNS" }) as const;

  it("gives a successor that ends with the original", async () => {
    const old = test.idOf("blog.example.com");
    const before = await detail(old);
    const { CertificateId: id } = await test.call(replaceCertificate, { ...params(old), CsrType: "Online" });
    expect(await detail(old)).toMatchObject({ Status: 11, CertificateExtra: { ReplacedBy: id } });
    expect(await detail(id)).toMatchObject({ Status: 0, CertificateExtra: { ReplacedFor: old } });
    expect(await test.refusal(replaceCertificate, params(old))).toBe("FailedOperation.OrderAlreadyReplaced");
    expect(await test.refusal(deleteCertificate, { CertificateId: old })).toBe("FailedOperation.RenewNotIssued");

    test.wait(2 * minute);
    const issued = await detail(id);
    expect(issued).toMatchObject({ Status: 1, CertEndTime: before.CertEndTime, EncryptAlgorithm: "RSA 2048" });
    expect(issued.CertificatePrivateKey).not.toBe(before.CertificatePrivateKey);
    expect(await statusOf(old)).toBe(1);
    expect(await test.refusal(replaceCertificate, params(id))).toBe("FailedOperation.OrderAlreadyReplaced");
  });

  it("with the original request keeps the key", async () => {
    const old = test.idOf("blog.example.com");
    const { CertificateId } = await test.call(replaceCertificate, params(old));
    test.wait(2 * minute);
    expect((await detail(CertificateId)).CertificatePrivateKey).toBe((await detail(old)).CertificatePrivateKey);
  });

  it("that is called off leaves the original as it was", async () => {
    const old = test.idOf("blog.example.com");
    const { CertificateId } = await test.call(replaceCertificate, params(old));
    await test.call(cancelAuditCertificate, { CertificateId });
    expect(await detail(old)).toMatchObject({ Status: 1, CertificateExtra: { ReplacedBy: null } });
  });

  it("cannot be had twice at once", async () => {
    const old = test.idOf("blog.example.com");
    const online = { ...params(old), CsrType: "Online" } as const;
    const both = await Promise.allSettled([
      test.call(replaceCertificate, online),
      test.call(replaceCertificate, online),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("of a free certificate is for RSA 2048 only", async () => {
    const old = test.idOf("blog.example.com");
    const { csrPem } = await createCsr({ CN: "blog.example.com" }, [], "EC-P256");
    const refused = (change: object) => test.refusal(replaceCertificate, { ...params(old), ...change });
    const invalid = "InvalidParameter.RenewAlgorithmInvalid";
    expect(await refused({ CsrType: "Online", CertCSREncryptAlgo: "ECC1" })).toBe(invalid);
    expect(await refused({ CsrType: "Online", CertCSREncryptAlgo: "SM2" })).toBe(invalid);
    expect(await refused({ CsrType: "Upload", CsrContent: csrPem })).toBe(invalid);
    expect(await refused({ CsrType: "Upload" })).toBe("FailedOperation.InvalidParam");
    expect(await refused({ CsrType: "Upload", CsrContent: "-----" })).toBe("FailedOperation.InvalidParam");
  });

  it("is for issued orders with more than 30 days left", async () => {
    expect(await test.refusal(replaceCertificate, params(test.boundId))).toBe(
      "FailedOperation.InvalidCertificateSource",
    );
    expect(await test.refusal(replaceCertificate, params(test.idOf("preview.example.org")))).toBe(
      "FailedOperation.InvalidCertificateStatusCode",
    );
    test.wait(40 * day);
    expect(await test.refusal(replaceCertificate, params(test.idOf("blog.example.com")))).toBe(
      "FailedOperation.OrderReplaceFailed",
    );
  });
});

describe("deletion", () => {
  beforeEach(open);

  const refused = (CertificateId: string) => test.refusal(deleteCertificate, { CertificateId });

  it("is refused in the documented cases", async () => {
    expect(await refused("nothing1")).toBe("FailedOperation.CertificateNotFound");
    expect(await refused(test.idOf("preview.example.org"))).toBe("FailedOperation.CannotBeDeletedWithinHour");
    expect(await refused(test.idOf("blog.example.com"))).toBe("FailedOperation.CannotBeDeletedIssued");
    expect(await refused(test.idOf("secure.example.com"))).toBe("FailedOperation.InvalidCertificateStatusCode");
    expect(await refused(test.boundId)).toBe("FailedOperation.BoundResources");
  });

  it("removes what has ended or was uploaded", async () => {
    for (const name of ["staging.example.invalid", "legacy.example.org", "storefront, next"]) {
      const CertificateId = test.idOf(name);
      expect(await test.call(deleteCertificate, { CertificateId })).toEqual({ DeleteResult: true, TaskId: null });
      expect(await refused(CertificateId)).toBe("FailedOperation.CertificateNotFound");
    }
  });

  it("with a resource check comes later, and not to what is in use", async () => {
    const unused = test.idOf("storefront, next");
    for (const CertificateId of [unused, test.boundId]) {
      const started = await test.call(deleteCertificate, { CertificateId, IsCheckResource: true });
      expect(started.DeleteResult).toBe(false);
      expect(started.TaskId).toMatch(/^\d+$/);
    }
    expect(await statusOf(unused)).toBe(1);
    test.wait(minute);
    expect(await test.refusal(describeCertificateDetail, { CertificateId: unused })).toBe(
      "FailedOperation.CertificateNotFound",
    );
    expect(await statusOf(test.boundId)).toBe(1);
  });
});
