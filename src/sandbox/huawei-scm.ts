import { listScmCertificates } from "../catalogue/huawei-scm/list-certificates.js";
import { showCertificate } from "../catalogue/huawei-scm/show-certificate.js";
import { parseKnownCertificate, withoutColons } from "./certificate.js";
import { type StoredCertificate, spacedTime } from "./delivery.js";
import { type Handler, handler } from "./handler.js";
import { CloudError } from "./refusal.js";

/** Huawei Cloud's certificate store (docs/cloud-behaviour.md 6.5). It belongs to the account, not to a project. */
export const scmHandlers: readonly Handler[] = [
  handler(
    listScmCertificates,
    ({ limit = 10, offset = 0, status = "ALL", content = "", ...params }, { scm, clock }) => {
      const rows = scm.certificates
        .map((each) => listRow(each, clock.now()))
        .filter((row) => status === "ALL" || row.status === status)
        .filter(({ name, domain, sans }) => [name, domain, sans].some((text) => text.includes(content)));
      const sorted = rows.toSorted(orderOf(params.sort_key, params.sort_dir));
      return { certificates: sorted.slice(offset, offset + limit), total_count: rows.length };
    },
  ),
  handler(showCertificate, ({ certificate_id: id }, { scm, clock }) => {
    const found = scm.byId(id);
    if (found === undefined) throw new CloudError("SCM.0020", `There is no certificate ${id}.`);
    const { expire_time: not_after, ...row } = listRow(found, clock.now());
    const { fingerprint, notBefore } = parseKnownCertificate(found.certificatePem);
    return {
      ...row,
      not_before: scmTime(notBefore),
      not_after,
      issue_time: "",
      fingerprint: withoutColons(fingerprint),
      push_support: "ON",
      application_info: {
        applicant_name: "Li Lei",
        applicant_phone: "+86 13800138000",
        contact_email: "li@example.com",
      },
    };
  }),
];

const scmTime = (date: Date) => `${spacedTime(date)}.0`;

function listRow(stored: StoredCertificate, now: Date) {
  const { names, notAfter } = parseKnownCertificate(stored.certificatePem);
  const [domain = "", ...others] = names;
  return {
    id: stored.id,
    name: stored.name,
    domain,
    sans: others.join(";"), // the separator is inferred
    status: notAfter <= now ? "EXPIRED" : "UPLOAD",
    type: "DV_SSL_CERT",
    brand: "GEOTRUST",
    expire_time: scmTime(notAfter),
    domain_type: others.length > 0 ? "MULTI_DOMAIN" : domain.startsWith("*.") ? "WILDCARD" : "SINGLE_DOMAIN",
    signature_algorithm: "SHA256WITHECDSA",
    deploy_support: true,
    validity_period: 12,
    domain_count: names.length,
    wildcard_count: names.filter((name) => name.startsWith("*.")).length,
    description: "",
    enterprise_project_id: "0",
  };
}

function orderOf(key = "certUpdateTime", direction = "DESC") {
  const sign = direction === "ASC" ? 1 : -1;
  const keyOf = (row: ReturnType<typeof listRow>) =>
    key === "certExpiredTime" ? row.expire_time : key === "certStatus" ? row.status : row.id;
  return (one: ReturnType<typeof listRow>, other: ReturnType<typeof listRow>) =>
    sign * keyOf(one).localeCompare(keyOf(other));
}
