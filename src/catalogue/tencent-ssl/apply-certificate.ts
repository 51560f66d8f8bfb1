import { dayMs } from "../../lib/days.js";
import { brief, formatName, safe } from "../../lib/safe-text.js";
import { fitQuestion, nameList, uniqueNames } from "../naming.js";
import { defineChange } from "../operation.js";
import { choice, domain, flag, integer, list, numericText, password, struct, text } from "../params.js";
import { newSubject, planned } from "../planned-change.js";
import { reply, string } from "../results.js";
import { tencentSsl } from "../services.js";
import { resourceId } from "../serving.js";
import { caution } from "../warnings.js";
import { describeCertificates } from "./describe-certificates.js";
import { accountErrors, applicationErrors, codes } from "./error-codes.js";
import { certificateId, certificateSubject, domainProof, warnOfDnsChange } from "./params.js";
import { certificateWithId, daysLeftOfStored, formatStateMoment } from "./preconditions.js";

/** Documented, in days. */
const renewableWithin = 30;

export const applyCertificate = defineChange({
  name: "ApplyCertificate",
  service: tencentSsl,
  title: "Apply for a free certificate",
  titleInChinese: "申请免费证书",
  summary:
    "Apply for a free 3-month DV certificate. Asynchronous: wait_for (or DescribeCertificate) tells the domain validation to set up, and when it is issued.",
  effect: "create",
  retry: "never",
  params: struct({
    DvAuthMethod: domainProof(),
    DomainName: domain("Domain"),
    ProjectId: integer("Project ID").optional(),
    PackageType: numericText("Only 83, TrustAsia C1 DV Free").optional(),
    ContactEmail: text("Email").optional(),
    ContactPhone: text("Mobile number").optional(),
    ValidityPeriod: numericText("Months, only 3").optional(),
    CsrEncryptAlgo: choice(["RSA", "ECC"], "Default RSA").optional(),
    CsrKeyParameter: choice(["2048", "prime256v1"], "RSA: 2048; ECC: prime256v1, then required").optional(),
    CsrKeyPassword: password("Password of JKS and PFX files").optional(),
    Alias: text("Remark").optional(),
    OldCertificateId: certificateId("Certificate to renew, expiring within 30 days").optional(),
    PackageId: text("Benefit package (discontinued)").optional(),
    DeleteDnsAutoRecord: flag("DNS_AUTO: remove the record after issue").optional(),
    DnsNames: list(domain("Domain"), "Not supported yet").optional(),
  }),
  example: { DvAuthMethod: "DNS_AUTO", DomainName: "www.example.com", Alias: "www" },
  result: reply({ CertificateId: string() }),
  approvalQuestion: (p) =>
    fitQuestion((width) => {
      const names = nameList(uniqueNames([p.DomainName, ...(p.DnsNames ?? [])]), undefined, width);
      return p.OldCertificateId === undefined
        ? safe`Apply for a free certificate for ${names}?`
        : safe`Apply for a free certificate for ${names}, renewing ${brief(p.OldCertificateId, width)}?`;
    }),
  plannedChanges: (p) => {
    const subject = newSubject(safe`Free certificate for ${formatName(p.DomainName)}`);
    const applied = planned(subject, "existence", safe`applied for; issued once the domain is validated`);
    const others = uniqueNames(p.DnsNames ?? []).map((name) =>
      planned(subject, "subject", safe`also for ${formatName(name)}`),
    );
    if (!p.OldCertificateId) return [applied, ...others];
    return [
      applied,
      ...others,
      planned(certificateSubject(p.OldCertificateId), "status", safe`as now; renewed by the new one`),
    ];
  },
  warnings: (p) => [
    ...warnOfDnsChange(p.DvAuthMethod),
    // No refusal: whether the cloud takes it is not documented (docs/cloud-behaviour.md 3.8).
    ...(p.DomainName.startsWith("*.")
      ? [caution(safe`Free certificates are for one name without a wildcard, so this will probably be refused.`)]
      : []),
  ],
  obstacles: ({ OldCertificateId: id = "", DnsNames }, found) => {
    if (DnsNames?.length) {
      const next = safe`Apply for each name on its own, without DnsNames.`;
      return [{ says: safe`DnsNames is documented as not supported yet`, next }];
    }
    const left = id === "" ? undefined : daysLeftOfStored(id, found);
    if (left === undefined || left <= renewableWithin) return [];
    const says = safe`${certificateWithId(id)} expires in ${left} days, and can be renewed only in its last ${renewableWithin} days`;
    const first = formatStateMoment(found.now + (left - renewableWithin) * dayMs);
    return [
      { says, next: safe`Apply without OldCertificateId for an additional certificate, or wait until ${first}.` },
    ];
  },
  listedIn: describeCertificates,
  storeRequest: ({ DomainName: domain }) => ({
    id: resourceId("tencent-ssl", domain, "application"),
    service: "tencent-ssl",
    name: formatName(domain),
    domain,
    certificate: undefined,
  }),
  errors: codes(
    accountErrors,
    applicationErrors,
    "FailedOperation",
    "FailedOperation.CertificateNotFound",
    "FailedOperation.MainDomainCertificateCountLimit",
    "FailedOperation.PackageCountLimit",
    "FailedOperation.PackageExpired",
    "FailedOperation.PackageNotFound",
    "InternalServerError",
    "InvalidParameter",
    "InvalidParameter.PackageIdsInvalid",
  ),
});
