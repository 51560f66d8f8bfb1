import { strToU8, zipSync } from "fflate";
import { describeCertificate } from "../../catalogue/tencent-ssl/describe-certificate.js";
import { describeCertificateDetail } from "../../catalogue/tencent-ssl/describe-certificate-detail.js";
import { describeCertificateOperateLogs } from "../../catalogue/tencent-ssl/describe-certificate-operate-logs.js";
import { downloadCertificate } from "../../catalogue/tencent-ssl/download-certificate.js";
import { X509 } from "../../certificates/x509.js";
import type { Account } from "../account.js";
import { splitChain } from "../certificate.js";
import { CloudError } from "../refusal.js";
import { certificateNamesOf, keyAlgorithmOf, mainNameOf } from "./certificate-facts.js";
import { largestPage, latestFirst, listOrNull, localTime, pageOf, parseLocalTime } from "./format.js";
import { invalidParam, ownedCertificate, wrongStatus } from "./lookup.js";
import { type LogEntry, sentenceOf } from "./operation-log.js";
import { logCall, type ParamsOf, sslHandler, uin } from "./ssl-handler.js";
import { type Material, type StoredSslCertificate, status } from "./state.js";
import { day } from "./timing.js";
import { basicsOf, caMembersOf, descriptionOf } from "./views.js";

interface Params {
  readonly CertificateId: string;
}

export const queryHandlers = [
  sslHandler(describeCertificate, describe),
  sslHandler(describeCertificateDetail, describeDetail),
  sslHandler(downloadCertificate, download),
  sslHandler(describeCertificateOperateLogs, describeLogs),
];

/** SubjectAltName holds the main domain here but not in the detail (docs/cloud-behaviour.md 3.9). */
function describe({ CertificateId }: Params, account: Account) {
  const certificate = ownedCertificate(account, CertificateId);
  return {
    ...basicsOf(certificate, account.clock),
    ...caMembersOf(certificate),
    ...descriptionOf(certificate),
    SubjectAltName: certificateNamesOf(certificate),
  };
}

function describeDetail({ CertificateId }: Params, account: Account) {
  const certificate = ownedCertificate(account, CertificateId);
  const { material, order } = certificate;
  const basics = basicsOf(certificate, account.clock);
  return {
    ...basics,
    ...descriptionOf(certificate),
    SubjectAltName: certificateNamesOf(certificate).slice(1),
    CertificatePrivateKey: material?.privateKeyPem ?? null,
    CertificatePublicKey: material?.certificatePem ?? null,
    TypeName: order?.product.name ?? null,
    RootCert: { Sign: null, Encrypt: null, Standard: order && material ? account.authority.rootPem : null },
    EncryptCert: null,
    EncryptPrivateKey: null,
    CertFingerprint: material?.parsed.fingerprint ?? null,
    EncryptCertFingerprint: null,
    EncryptAlgorithm: keyAlgorithmOf(certificate) ?? null,
    CertChainInfo: chainInfoOf(certificate),
    // From the mainland site's models; their content is not documented.
    DomainType: null,
    CertType: null,
    UseCrossSignRoot: null,
    HostingStatus: notHosted,
  };
}

/** docs/cloud-behaviour.md 3.1: no certificate of the sandbox uses the hosting service. */
export const notHosted = -1;

function chainInfoOf({ material }: StoredSslCertificate) {
  if (material === undefined) return null;
  return splitChain(material.certificatePem)
    .flatMap((pem) => X509.read(pem) ?? [])
    .map(({ issuer, subject, fingerprint, notBefore, notAfter }) => ({
      Issuer: onOneLine(issuer),
      Subject: onOneLine(subject),
      Fingerprint: fingerprint,
      ValidFrom: localTime(notBefore),
      ValidTo: localTime(notAfter),
    }));
}

function onOneLine(distinguishedName: string): string {
  return distinguishedName.replaceAll("\n", ", ");
}

/** Changes nothing; only the account's log shows the call. */
function download({ CertificateId: id }: Params, account: Account) {
  const certificate = ownedCertificate(account, id);
  const { order, material } = certificate;
  const available = certificate.status === status.issued || order === undefined;
  if (!available || material === undefined) throw wrongStatus(id, "is not issued");
  // Inferred: the code; the documents only say that downloads can be forbidden.
  if (!certificate.allowDownload) {
    throw new CloudError("FailedOperation.AuthError", `Certificate ${id} may not be downloaded.`);
  }
  const archive = zipSync(filesOf(certificate, material));
  logCall(account, "download", id);
  return { Content: Buffer.from(archive).toString("base64"), ContentType: "application/zip" };
}

/**
 * docs/cloud-behaviour.md 3.6. The directories Tomcat and IIS are omitted: they hold JKS and PFX files, which the
 * sandbox does not make, so their password is unused here.
 */
function filesOf(certificate: StoredSslCertificate, material: Material): Record<string, Uint8Array> {
  const [leaf = "", ...issuers] = splitChain(material.certificatePem);
  const name = (mainNameOf(certificate) ?? certificate.id).replace("*", "_");
  const key = material.privateKeyPem;
  const texts: Readonly<Record<string, string | undefined>> = {
    [`Nginx/${name}_bundle.crt`]: material.certificatePem,
    [`Nginx/${name}_bundle.pem`]: material.certificatePem,
    [`Nginx/${name}.key`]: key,
    "Apache/root_bundle.crt": issuers.length === 0 ? undefined : issuers.join("\n"),
    [`Apache/${name}.crt`]: leaf,
    [`Apache/${name}.key`]: key,
    [`${name}.csr`]: certificate.order?.application?.csrPem,
    [`${name}.pem`]: material.certificatePem,
    [`${name}.key`]: key,
  };
  return Object.fromEntries(
    Object.entries(texts).flatMap(([path, text]) =>
      text === undefined ? [] : [[path, strToU8(`${text.trimEnd()}\n`)]],
    ),
  );
}

function describeLogs(params: ParamsOf<typeof describeCertificateOperateLogs>, { ssl, clock }: Account) {
  const { Offset = 0, Limit = 20, StartTime, EndTime } = params;
  const end = timeOf(EndTime) ?? clock.now();
  const start = timeOf(StartTime) ?? new Date(clock.now().getTime() - 15 * day);
  const entries = latestFirst(
    ssl.log.filter(({ at }) => at >= start && at <= end),
    ({ at }) => at,
  );
  const page = pageOf(entries, Offset, Math.min(Limit, largestPage));
  return { AllTotal: entries.length, TotalCount: page.length, OperateLogs: listOrNull(page.map(rowOf)) };
}

function timeOf(text: string | undefined): Date | undefined {
  if (!text) return undefined;
  const time = parseLocalTime(text);
  if (time === undefined) throw invalidParam(`${text} is not a time as YYYY-MM-DD HH:mm:ss.`);
  return time;
}

function rowOf(entry: LogEntry) {
  return {
    Action: sentenceOf(entry),
    CreatedOn: localTime(entry.at),
    Uin: uin,
    SubAccountUin: entry.user ?? "--",
    CertId: entry.certificateId,
    Type: entry.type,
  };
}
