import { CertificateAuthority } from "../../src/sandbox/authority.js";

const { rootPem } = await CertificateAuthority.create(new Date());
const letter = Buffer.concat([Buffer.from("%PDF-1.7\n"), Buffer.alloc(2_000, 0x20)]).toString("base64");

/** Arguments that each operation accepts which a person has to approve; the ids need not exist. */
export const sampleChanges: Readonly<Record<string, Record<string, unknown>>> = {
  ApplyCertificate: { DvAuthMethod: "DNS", DomainName: "new.example.com" },
  CancelAuditCertificate: { CertificateId: "abcd1234" },
  CancelCertificateOrder: { CertificateId: "abcd1234" },
  CommitCertificateInformation: { CertificateId: "abcd1234" },
  CreateCertificate: { ProductId: 25, DomainNum: 1, TimeSpan: 1 },
  DeleteCertificate: { CertificateId: "abcd1234" },
  DescribeCertificateDetail: { CertificateId: "abcd1234" },
  DescribeCSR: { CSRId: 1 },
  DownloadCertificate: { CertificateId: "abcd1234" },
  ModifyCertificateAlias: { CertificateId: "abcd1234", Alias: "web" },
  ModifyCertificateProject: { CertificateIdList: ["abcd1234"], ProjectId: 0 },
  ModifyCertificateResubmit: { CertificateId: "abcd1234" },
  ReplaceCertificate: { CertificateId: "abcd1234", ValidType: "DNS" },
  SubmitCertificateInformation: { CertificateId: "abcd1234", CsrType: "online", CertificateDomain: "new.example.com" },
  UpdateCertificateInstance: { OldCertificateId: "abcd1234", CertificateId: "efgh5678", ResourceTypes: ["cdn"] },
  UpdateCertificateRecordRetry: { DeployRecordId: 1 },
  UpdateCertificateRecordRollback: { DeployRecordId: 1 },
  UploadConfirmLetter: { CertificateId: "abcd1234", ConfirmLetter: letter },
  UploadCertificate: { CertificatePublicKey: rootPem, CertificateType: "CA" },
  BatchDeleteCSR: { CSRIds: [1] },
  CreateCSR: {
    Domain: "new.example.com",
    Organization: "Example",
    Department: "IT",
    Email: "it@example.com",
    Province: "Singapore",
    City: "Singapore",
    Country: "SG",
    EncryptAlgo: "RSA",
    KeyParameter: "2048",
    Generate: true,
  },
  ModifyCSR: { CSRId: 1, Generate: false, Domain: "other.example.com" },
  ModifyHostsCertificate: { ZoneId: "zone-sandboxdemo", Hosts: ["www.example.com"], Mode: "disable" },
  SetCdnDomainSSLCertificate: { DomainName: "img.example.com", SSLProtocol: "off" },
  SetVodDomainSSLCertificate: { DomainName: "vod.example.com", SSLProtocol: "off" },
  UpdateDomainHttpsCert: {
    project_id: "sandboxproject",
    domain: "play.example.com",
    tls_certificate: { source: "scm", cert_id: "scs1600000000000" },
  },
};
