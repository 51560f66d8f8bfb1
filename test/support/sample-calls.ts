import { CertificateAuthority } from "../../src/sandbox/authority.js";
import type { Sandbox } from "../../src/sandbox/server.js";

const authority = await CertificateAuthority.create(new Date());
const { rootPem } = authority;
const pair = await authority.issue({
  names: ["new.example.com"],
  notBefore: new Date(Date.now() - 86_400_000),
  notAfter: new Date(Date.now() + 90 * 86_400_000),
  key: "EC-P256",
});
const letter = Buffer.concat([Buffer.from("%PDF-1.7\n"), Buffer.alloc(2_000, 0x20)]).toString("base64");

/**
 * Certificates of a new sandbox, which gives out its ids in the same order every time: one that nothing uses, one that its
 * resources use, the next for them, one ordered and issued, an order that waits for documents, one that waits for a letter, a
 * cancelled one.
 */
export const sample = {
  idle: "2Hxefkb5",
  bound: "fpIhH9PM",
  next: "AyqfDJN3",
  ordered: "7k2KClYL",
  open: "inhJUwQM",
  letter: "64DvZBqt",
  cancelled: "9ouGWIh1",
  /** See {@link addSampleRecord}. */
  record: 1,
} as const;

/** A one-click update of the past, of which one resource was updated and another failed. */
export function addSampleRecord({ account: { ssl } }: Pick<Sandbox, "account">): void {
  const createdAt = new Date(Date.now() - 30 * 24 * 3_600_000);
  const binding = {
    type: "cdn" as const,
    region: "",
    domains: ["static.example.com"],
    serves: () => false,
    replace: () => {},
    obstacle: () => undefined,
  };
  const item = (id: number, status: 1 | 2) => ({
    id,
    binding,
    createdAt,
    status,
    error: "",
    updatedAt: createdAt,
    queuedAt: createdAt,
    wait: 0,
  });
  ssl.deployments.set(sample.record, {
    id: sample.record,
    kind: "update",
    oldCertificateId: sample.idle,
    newCertificateId: sample.bound,
    createdAt,
    resourceTypes: ["cdn"],
    regions: [],
    items: [item(2, 1), item(3, 2)],
  });
}

/**
 * Makes a new sandbox ready for all sample calls.
 * @returns what makes it so again, after some of them were carried out
 */
export function prepareSamples(sandbox: Pick<Sandbox, "account">): () => void {
  const { account } = sandbox;
  const fill = () => {
    account.ssl.deployments.clear();
    addSampleRecord(sandbox);
    const order = account.ssl.certificates.get(sample.open)?.order;
    if (order !== undefined) order.submitted = { CsrType: "online", CertificateDomain: "*.new.example.com" };
  };
  fill();
  const cdnDomains = account.ssl.cdnDomains.map((each) => ({ ...each }));
  const restores = [
    // A one-click update reaches them only after a while, and what used a certificate is looked up once in a while.
    () => account.ssl.cdnDomains.splice(0, cdnDomains.length, ...cdnDomains.map((each) => ({ ...each }))),
    () => account.ssl.bindingTasks.clear(),
    restoring(account.ssl.certificates),
    restoring(account.ssl.csrs),
    restoring(account.cdn),
    restoring(account.dcdn),
    restoring(account.vod),
    restoring(account.live),
    ...Object.values(account.cas).map((store) => {
      const held = store.certificates;
      return () => {
        store.certificates = held;
      };
    }),
    ...[...account.zones.values()].map(({ hosts }) => restoring(hosts)),
  ];
  return () => {
    for (const restore of restores) restore();
    fill();
  };
}

function restoring<Key, Value extends object>(entries: Map<Key, Value>): () => void {
  const kept = [...entries].map(([key, value]) => [key, { ...value }] as const);
  return () => {
    entries.clear();
    for (const [key, value] of kept) entries.set(key, { ...value });
  };
}

/** Arguments that each operation accepts which a person has to approve, and that a sandbox carries out which was made ready for them. */
export const sampleChanges: Readonly<Record<string, Record<string, unknown>>> = {
  ApplyCertificate: { DvAuthMethod: "DNS", DomainName: "new.example.com" },
  CancelAuditCertificate: { CertificateId: sample.letter },
  CancelCertificateOrder: { CertificateId: sample.open },
  CommitCertificateInformation: { CertificateId: sample.open },
  CreateCertificate: { ProductId: 25, DomainNum: 1, TimeSpan: 1 },
  DeleteCertificate: { CertificateId: sample.idle },
  DescribeCertificateDetail: { CertificateId: sample.idle },
  DescribeCSR: { CSRId: 701 },
  DownloadCertificate: { CertificateId: sample.idle },
  ModifyCertificateAlias: { CertificateId: sample.idle, Alias: "web" },
  ModifyCertificateProject: { CertificateIdList: [sample.idle], ProjectId: 5 },
  ModifyCertificateResubmit: { CertificateId: sample.cancelled },
  ReplaceCertificate: { CertificateId: sample.ordered, ValidType: "DNS" },
  SubmitCertificateInformation: {
    CertificateId: sample.open,
    CsrType: "online",
    CertificateDomain: "*.new.example.com",
  },
  UpdateCertificateInstance: { OldCertificateId: sample.bound, CertificateId: sample.next, ResourceTypes: ["cdn"] },
  UpdateCertificateRecordRetry: { DeployRecordId: sample.record },
  UpdateCertificateRecordRollback: { DeployRecordId: sample.record },
  UploadConfirmLetter: { CertificateId: sample.letter, ConfirmLetter: letter },
  UploadCertificate: { CertificatePublicKey: rootPem, CertificateType: "CA" },
  BatchDeleteCSR: { CSRIds: [701] },
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
  ModifyCSR: { CSRId: 702, Generate: false, Domain: "other.example.com" },
  ModifyHostsCertificate: { ZoneId: "zone-sandboxdemo", Hosts: ["www.example.com"], Mode: "disable" },
  SetCdnDomainSSLCertificate: { DomainName: "img.example.com", SSLProtocol: "off" },
  SetVodDomainSSLCertificate: { DomainName: "vod.example.com", SSLProtocol: "off" },
  UpdateDomainHttpsCert: {
    project_id: "sandboxproject",
    domain: "play.example.com",
    tls_certificate: { source: "scm", cert_id: "scs1600000000000" },
  },
};

/** The same of companions, which are tools only by choice. */
export const sampleCompanionChanges: Readonly<Record<string, Record<string, unknown>>> = {
  DeleteDomainHttpsCert: { project_id: "sandboxproject", domain: "play.example.com" },
  RevokeCertificate: { CertificateId: sample.ordered },
  SetDcdnDomainSSLCertificate: { DomainName: "app.example.com", SSLProtocol: "off" },
  UploadUserCertificate: { Name: "sample_2027", Cert: pair.certificatePem, Key: pair.privateKeyPem },
};
