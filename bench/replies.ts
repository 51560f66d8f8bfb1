/** Fixed replies, typical of everyday use. */

function certificate(number: number) {
  const domain = `shop-${number}.example.com`;
  return {
    OwnerUin: "100012345678",
    ProjectId: "0",
    From: "upload",
    PackageType: null,
    CertificateType: "SVR",
    ProductZhName: "Example CA",
    Domain: domain,
    Alias: `shop ${number}`,
    Status: 1,
    CertificateExtra: {
      DomainNumber: "2",
      OriginCertificateId: null,
      ReplacedBy: null,
      ReplacedFor: null,
      RenewOrder: null,
      SMCert: 0,
      CompanyType: null,
    },
    VulnerabilityStatus: "INACTIVE",
    StatusMsg: null,
    VerifyType: null,
    CertBeginTime: "2026-01-12 08:00:00",
    CertEndTime: "2026-04-22 07:59:59",
    ValidityPeriod: "3",
    InsertTime: "2026-01-12 08:03:11",
    CertificateId: `aB3dE${number}fG`,
    SubjectAltName: [domain, `www.${domain}`],
    PackageTypeName: null,
    StatusName: "Issued",
    IsVip: false,
    IsDv: false,
    IsWildcard: false,
    IsVulnerability: false,
    RenewAble: false,
    ProjectInfo: { ProjectId: "0", OwnerUin: 0, ProjectName: "Default project", CreatorUin: 0, CreateTime: "" },
    BoundResource: [],
    Deployable: true,
    Tags: [{ TagKey: "team", TagValue: "web" }],
    IsIgnore: false,
    IsSM: false,
    EncryptAlgorithm: "ECDSA P256",
    CAEncryptAlgorithms: ["SHA256WITHRSA"],
    CACommonNames: ["Example CA R4"],
    CAEndTimes: ["2036-01-01 00:00:00"],
    PreAuditInfo: null,
    AutoRenewFlag: 0,
    HostingStatus: null,
  };
}

const certificates = JSON.stringify({
  Response: {
    TotalCount: 20,
    Certificates: Array.from({ length: 20 }, (_, number) => certificate(100 + number)),
    RequestId: "f1a2b3c4-0d5e-4f60-8718-293a4b5c6d7e",
  },
});

const renamed = JSON.stringify({
  Response: { CertificateId: "aB3dE100fG", RequestId: "f1a2b3c4-0d5e-4f60-8718-293a4b5c6d7e" },
});

const accepted = JSON.stringify({ RequestId: "7A9C1E0B-3D2F-5A64-8B97-C0D1E2F3A4B5" });

/** By the operation that they answer. */
export const replies = {
  DescribeCertificates: reply(["content-type: application/json"], certificates),
  ModifyCertificateAlias: reply(["content-type: application/json"], renamed),
  SetCdnDomainSSLCertificate: reply(["content-type: application/json;charset=utf-8"], accepted),
  UpdateDomainHttpsCert: reply(["x-request-id: 2f1e0d9c8b7a69584736251403f2e1d0"], ""),
} as const;

export type ReplyName = keyof typeof replies;

function reply(headers: readonly string[], body: string): Buffer {
  const head = ["HTTP/1.1 200 OK", ...headers, `content-length: ${Buffer.byteLength(body)}`, "connection: keep-alive"];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}
