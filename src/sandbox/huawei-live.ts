import type { z } from "zod";
import { deleteDomainHttpsCert } from "../catalogue/huawei-live/delete-domain-https-cert.js";
import { updateDomainHttpsCert } from "../catalogue/huawei-live/update-domain-https-cert.js";
import type { Account } from "./account.js";
import { covers, isSm2, readKeyPair } from "./certificate.js";
import { huaweiProjectId } from "./credentials.js";
import type { CertificateStore, DeliveryCertificate, DeliveryDomain, SmCertificates } from "./delivery.js";
import { type Handler, handler } from "./handler.js";
import { CloudError, existing } from "./refusal.js";

/* Huawei Cloud Live (docs/cloud-behaviour.md 6.2). */

type Params = z.output<typeof updateDomainHttpsCert.params>;

export const huaweiHandlers: readonly Handler[] = [
  handler(updateDomainHttpsCert, updateCertificate),
  handler(deleteDomainHttpsCert, removeCertificate),
];

export function refuseOtherProject(id: string): void {
  if (id !== huaweiProjectId) throw new CloudError("LIVE.100011003", `The caller may not act in project ${id}.`);
}

export function ownedLiveDomain(name: string, { live }: Account): DeliveryDomain {
  return existing(live.get(name), "LIVE.103011019", `domain ${name}`, live.keys());
}

/** The call sets the whole configuration: what it omits is off afterwards (inferred from the method, PUT). */
function updateCertificate(params: Params, account: Account) {
  refuseOtherProject(params.project_id);
  const certificate = internationalOf(params, account.scm);
  const smCertificates = params.gm_certificate && smOf(params.gm_certificate);
  if (certificate === undefined && smCertificates === undefined) throw illegal("There is no certificate to set.");
  const domain = ownedLiveDomain(params.domain, account);
  const now = account.clock.now();
  if (certificate !== undefined) refuseUnusable(certificate, "international", domain, now);
  for (const half of smCertificates ? [smCertificates.sign, smCertificates.enc] : []) {
    refuseUnusable(half, "SM", domain, now);
  }
  const forceRedirect = params.force_redirect ?? false; // the documented default
  Object.assign(domain, { https: true, certificate, smCertificates, forceRedirect, changedAt: now });
  return {};
}

/** docs/cloud-behaviour.md 6.4 (inferred): a domain without a certificate is refused like a bad request. */
function removeCertificate(
  { project_id, domain: name }: z.output<typeof deleteDomainHttpsCert.params>,
  account: Account,
) {
  refuseOtherProject(project_id);
  const domain = ownedLiveDomain(name, account);
  if (!domain.certificate && !domain.smCertificates) throw illegal("The domain has no certificate.");
  const off = { https: false, certificate: undefined, smCertificates: undefined, forceRedirect: false };
  Object.assign(domain, { ...off, changedAt: account.clock.now() });
  return {};
}

/** `tls_certificate` takes precedence over the separate pair. */
function internationalOf(params: Params, scm: CertificateStore): DeliveryCertificate | undefined {
  const { tls_certificate: tls, certificate, certificate_key: key } = params;
  if (tls?.source === "scm") return storedIn(scm, tls.cert_id);
  if (tls !== undefined) return pair(tls.certificate, tls.certificate_key, tls.cert_name);
  return certificate === undefined && key === undefined ? undefined : pair(certificate, key);
}

/** Cloud Certificate Manager holds no SM2 certificate here, and the sandbox's authority issues none. */
function smOf(gm: NonNullable<Params["gm_certificate"]>): SmCertificates {
  if (gm.source === "scm") throw illegal(`There is no SM certificate ${gm.cert_id ?? "without cert_id"}.`);
  return {
    sign: pair(gm.sign_certificate, gm.sign_certificate_key, gm.cert_name),
    enc: pair(gm.enc_certificate, gm.enc_certificate_key, gm.cert_name),
  };
}

function storedIn(scm: CertificateStore, id: string | undefined): DeliveryCertificate {
  if (!id) throw illegal("Source scm needs cert_id.");
  return existing(scm.byId(id), "LIVE.100011001", `certificate ${id}`);
}

function pair(certificatePem: string | undefined, privateKeyPem: string | undefined, name?: string) {
  if (!certificatePem || !privateKeyPem) throw illegal("A certificate needs its text and its key.");
  return { certificatePem, privateKeyPem, name };
}

/** docs/cloud-behaviour.md 6.2: an invalid pair gets the code of a bad request; the checks beyond PEM are inferred. */
function refuseUnusable(
  { certificatePem, privateKeyPem }: DeliveryCertificate,
  kind: "international" | "SM",
  domain: DeliveryDomain,
  now: Date,
): void {
  const read = readKeyPair(certificatePem, privateKeyPem);
  if (typeof read === "string") throw illegal(`The certificate does not pass: ${read}.`);
  if (isSm2(read.leaf) !== (kind === "SM")) throw illegal(`The certificate is not an ${kind} certificate.`);
  if (read.notAfter <= now) throw illegal("The certificate has expired.");
  if (!covers(read.names, domain.name)) throw illegal(`The certificate does not cover ${domain.name}.`);
}

function illegal(reason: string): CloudError {
  return new CloudError("LIVE.100011001", reason);
}
