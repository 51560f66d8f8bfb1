import { describeCertificate } from "../../catalogue/tencent-ssl/describe-certificate.js";
import { describeCertificateDetail } from "../../catalogue/tencent-ssl/describe-certificate-detail.js";
import { X509 } from "../../certificates/x509.js";
import type { Account } from "../account.js";
import { chainText } from "../certificate.js";
import { certificateNamesOf, keyAlgorithmOf } from "./certificate-facts.js";
import { localTime } from "./format.js";
import { ownedCertificate } from "./lookup.js";
import { sslHandler } from "./ssl-handler.js";
import type { StoredSslCertificate } from "./state.js";
import { basicsOf, caMembersOf, descriptionOf } from "./views.js";

interface Params {
  readonly CertificateId: string;
}

export const queryHandlers = [
  sslHandler(describeCertificate, describe),
  sslHandler(describeCertificateDetail, describeDetail),
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
  return chainText(material.certificatePem)
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
