import { showCertificateInfo } from "../catalogue/huawei-live/show-certificate-info.js";
import { showDomain } from "../catalogue/huawei-live/show-domain.js";
import { showDomainHttpsCert } from "../catalogue/huawei-live/show-domain-https-cert.js";
import type { Account } from "./account.js";
import { parseKnownCertificate } from "./certificate.js";
import { type DeliveryCertificate, type DeliveryDomain, isoSeconds, type SmCertificates } from "./delivery.js";
import { type Handler, handler } from "./handler.js";
import { ownedLiveDomain, refuseOtherProject } from "./huawei-live.js";
import { CloudError } from "./refusal.js";

/** What Huawei Live lists and shows (docs/cloud-behaviour.md 6.3). */
export const huaweiReads: readonly Handler[] = [
  handler(showDomain, ({ project_id, domain: wanted }, account) => {
    refuseOtherProject(project_id);
    const found = wanted === undefined ? [...account.live.values()] : [ownedLiveDomain(wanted, account)];
    return { total: found.length, domain_info: found.map(domainInfo) };
  }),
  handler(showCertificateInfo, ({ project_id, play_domain: wanted, offset = 0, limit = 10 }, { live }) => {
    refuseOtherProject(project_id);
    const rows = [...live.values()]
      .filter(({ name }) => wanted === undefined || name === wanted)
      .flatMap((domain) => certificateRows(project_id, domain));
    return { total: rows.length, certificates_info: rows.slice(offset, offset + limit) };
  }),
  handler(showDomainHttpsCert, ({ project_id, domain: name }, account) => {
    refuseOtherProject(project_id);
    return httpsSettings(name, account);
  }),
];

function domainInfo({ name, changedAt }: DeliveryDomain) {
  return {
    domain: name,
    domain_type: "pull",
    vendor: "Huawei",
    region: "cn-north-4",
    domain_cname: `${name}.c.cdnhwc3.com`,
    status: "on",
    create_time: isoSeconds(changedAt),
    service_area: "mainland_china",
  };
}

function certificateRows(project: string, { name, certificate, smCertificates }: DeliveryDomain) {
  const row = (held: DeliveryCertificate, sm: boolean) => {
    const { notBefore, notAfter } = parseKnownCertificate(held.certificatePem);
    return {
      play_domain: name,
      project_id: project,
      start_time: isoSeconds(notBefore),
      expire_time: isoSeconds(notAfter),
      cert_type: sm ? 1 : 0,
      ...identity(held),
    };
  };
  const sm: readonly DeliveryCertificate[] = smCertificates ? [smCertificates.sign, smCertificates.enc] : [];
  return [...(certificate ? [row(certificate, false)] : []), ...sm.map((half) => row(half, true))];
}

function httpsSettings(name: string, account: Account) {
  const { certificate, smCertificates, forceRedirect } = ownedLiveDomain(name, account);
  // A domain without a certificate is refused like a bad request (docs/cloud-behaviour.md 6.3).
  if (!certificate && !smCertificates) throw new CloudError("LIVE.100011001", "The domain has no certificate.");
  return {
    certificate_format: "PEM",
    certificate: certificate?.certificatePem ?? "",
    certificate_key: "",
    force_redirect: forceRedirect,
    ...(certificate && { tls_certificate: { ...identity(certificate), certificate: certificate.certificatePem } }),
    ...(smCertificates && { gm_certificate: smSettings(smCertificates) }),
  };
}

function smSettings({ sign, enc }: SmCertificates) {
  return { ...identity(sign), sign_certificate: sign.certificatePem, enc_certificate: enc.certificatePem };
}

function identity({ id, name }: DeliveryCertificate) {
  return { source: id === undefined ? "user" : "scm", cert_name: name ?? "", cert_id: id ?? "" };
}
