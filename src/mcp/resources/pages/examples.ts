/** One plausible call per operation. Ids are made up; secrets are references. */

const certificate = { CertificateId: "8xZ3kQ1p" };
const ownCertificate = { SSLProtocol: "on", CertType: "upload", SSLPub: "file:site.pem", SSLPri: "file:site.key" };

const applicant = {
  CertificateDomain: "www.example.com",
  DomainList: ["shop.example.com"],
  OrganizationName: "Example Ltd",
  OrganizationCountry: "SG",
  OrganizationCity: "Singapore",
};

const csrSubject = {
  Domain: "www.example.com",
  Organization: "Example Ltd",
  Department: "IT",
  Email: "it@example.com",
  Province: "Singapore",
  City: "Singapore",
  Country: "SG",
  EncryptAlgo: "ECC",
  KeyParameter: "prime256v1",
};

export const examples: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ApplyCertificate: { DvAuthMethod: "DNS_AUTO", DomainName: "www.example.com", Alias: "www" },
  CancelAuditCertificate: certificate,
  CancelCertificateOrder: certificate,
  CommitCertificateInformation: { ...certificate, VerifyType: "DNS" },
  CreateCertificate: { ProductId: 25, DomainNum: 1, TimeSpan: 1 },
  DeleteCertificate: { ...certificate, IsCheckResource: true },
  DescribeCertificate: certificate,
  DescribeCertificateOperateLogs: { Limit: 20 },
  DescribeHostUpdateRecord: { OldCertificateId: "5mT7wB2c" },
  DescribeHostUpdateRecordDetail: { DeployRecordId: "1499393", Limit: "200" },
  DownloadCertificate: certificate,
  ModifyCertificateAlias: { ...certificate, Alias: "www, until March" },
  ModifyCertificateProject: { CertificateIdList: ["8xZ3kQ1p", "5mT7wB2c"], ProjectId: 0 },
  ModifyCertificateResubmit: certificate,
  ReplaceCertificate: { ...certificate, ValidType: "DNS", CsrType: "Online", Reason: "Key may have leaked" },
  SubmitCertificateInformation: { ...certificate, CsrType: "online", ...applicant },
  UpdateCertificateInstance: {
    OldCertificateId: "5mT7wB2c",
    CertificateId: "8xZ3kQ1p",
    ResourceTypes: ["cdn", "clb"],
    ResourceTypesRegions: [{ ResourceType: "clb", Regions: ["ap-singapore"] }],
  },
  UpdateCertificateRecordRetry: { DeployRecordId: 1499393 },
  UpdateCertificateRecordRollback: { DeployRecordId: 1499393 },
  UploadConfirmLetter: { ...certificate, ConfirmLetter: "file:letter.pdf" },
  CreateCertificateBindResourceSyncTask: { CertificateIds: ["5mT7wB2c"], IsCache: 1 },
  DescribeCertificateBindResourceTaskDetail: { TaskId: "758439", ResourceTypes: ["cdn", "teo"], Limit: "100" },
  DescribeCertificateBindResourceTaskResult: { TaskIds: ["758439"] },
  DescribeCertificateDetail: certificate,
  DescribeCertificates: { Limit: 100, ExpirationSort: "ASC", CertificateStatus: [1] },
  DescribeHostTeoInstanceList: { ...certificate, OldCertificateId: "5mT7wB2c" },
  UploadCertificate: {
    CertificatePublicKey: "file:site.pem",
    CertificatePrivateKey: "file:site.key",
    Alias: "www",
    Repeatable: false,
  },
  BatchDeleteCSR: { CSRIds: [11, 22] },
  CreateCSR: { ...csrSubject, Generate: false },
  DescribeCSR: { CSRId: 11 },
  DescribeCSRSet: { Limit: 10 },
  ModifyCSR: { CSRId: 11, Generate: true, ...csrSubject },
  ModifyHostsCertificate: {
    ZoneId: "zone-2fgd17m17xw",
    Hosts: ["www.example.com"],
    Mode: "sslcert",
    ServerCertInfo: [{ CertId: "8xZ3kQ1p" }],
  },
  SetCdnDomainSSLCertificate: { DomainName: "img.example.com", ...ownCertificate, CertName: "img-2027-03" },
  SetVodDomainSSLCertificate: { DomainName: "vod.example.com", ...ownCertificate, CertName: "vod-2027-03" },
  UpdateDomainHttpsCert: {
    project_id: "0123456789abcdef0123456789abcdef",
    domain: "play.example.com",
    force_redirect: true,
    tls_certificate: { source: "user", certificate: "file:site.pem", certificate_key: "file:site.key" },
  },
};
