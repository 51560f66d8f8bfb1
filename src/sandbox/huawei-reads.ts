import { showCertificateInfo } from "../catalogue/huawei-live/show-certificate-info.js";
import { showDomain } from "../catalogue/huawei-live/show-domain.js";
import { showDomainHttpsCert } from "../catalogue/huawei-live/show-domain-https-cert.js";
import type { Account } from "./account.js";
import { parseSandboxCertificate } from "./certificate.js";
import { type DeliveryCertificate, type DeliveryDomain, inSeconds, type SmCertificates } from "./delivery.js";
import { type Handler, handler } from "./handler.js";
import { refuseOtherProject } from "./huawei.js";
import { absent, CloudError } from "./refusal.js";

/** What Huawei Live lists and shows (docs/cloud-behaviour.md 6.3). */
export const huaweiReads: readonly Handler[] = [
  handler(showDomain, ({ project_id, domain: wanted }, { live }) => {
    refuseOtherProject(project_id);
    if (wanted !== undefined && !live.has(wanted)) throw absent("LIVE.103011019", `domain ${wanted}`, live.keys());
    const found = [...live.values()].filter(({ name }) => wanted === undefined || name === wanted);
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
    create_time: inSeconds(changedAt),
    service_area: "mainland_china",
  };
}

function certificateRows(project: string, { name, certificate, smCertificates }: DeliveryDomain) {
  const row = (held: DeliveryCertificate, sm: boolean) => {
    const parsed = parseSandboxCertificate(held.certificatePem);
    return {
      play_domain: name,
      project_id: project,
      start_time: parsed ? inSeconds(parsed.notBefore) : "",
      expire_time: parsed ? inSeconds(parsed.notAfter) : "",
      cert_type: sm ? 1 : 0,
      source: held.id === undefined ? "user" : "scm",
      cert_name: held.name ?? "",
      cert_id: held.id ?? "",
    };
  };
  const sm: readonly DeliveryCertificate[] = smCertificates ? [smCertificates.sign, smCertificates.enc] : [];
  return [...(certificate ? [row(certificate, false)] : []), ...sm.map((half) => row(half, true))];
}

function httpsSettings(name: string, { live }: Account) {
  const domain = live.get(name);
  if (domain === undefined) throw absent("LIVE.103011019", `domain ${name}`, live.keys());
  const { certificate, smCertificates, forceRedirect } = domain;
  // A domain without a certificate is refused like a bad request (docs/cloud-behaviour.md 6.3).
  if (!certificate && !smCertificates) throw new CloudError("LIVE.100011001", "The domain has no certificate.");
  return {
    certificate_format: "PEM",
    certificate: certificate?.certificatePem ?? "",
    certificate_key: "",
    force_redirect: forceRedirect,
    ...(certificate && { tls_certificate: shown(certificate, { certificate: certificate.certificatePem }) }),
    ...(smCertificates && { gm_certificate: smShown(smCertificates) }),
  };
}

function shown({ id, name }: DeliveryCertificate, pems: Readonly<Record<string, string>>) {
  return { source: id === undefined ? "user" : "scm", cert_name: name ?? "", cert_id: id ?? "", ...pems };
}

function smShown({ sign, enc }: SmCertificates) {
  return shown(sign, { sign_certificate: sign.certificatePem, enc_certificate: enc.certificatePem });
}
