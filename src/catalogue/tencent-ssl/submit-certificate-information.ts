import { brief, safe } from "../../lib/safe-text.js";
import { defineChange } from "../operation.js";
import { choice, csr, domain, flag, list, password, struct, text } from "../params.js";
import { planned } from "../planned-change.js";
import { reply, string } from "../results.js";
import { tencentSsl } from "../services.js";
import { describeApplicant, describeCsrSource } from "./descriptions.js";
import { certificateErrors, codes } from "./error-codes.js";
import { certificateId, certificateSubject, checkCertificate, checkCsr, verifyType } from "./params.js";
import { awaitingDocuments, firstObstacles, nextForOrder, unlessOrdered, unlessStatus } from "./preconditions.js";

export const submitCertificateInformation = defineChange({
  name: "SubmitCertificateInformation",
  service: tencentSsl,
  title: "Fill in a paid order",
  titleInChinese: "填写付费证书资料",
  summary:
    "Save the applicant data of a paid order; CommitCertificateInformation then sends it. It works, but gets no new features; its successor CertificateInfoSubmit is not offered here.",
  effect: "change",
  retry: "verify-first",
  // Most members are needed in practice but flagged optional: only the id is enforced (docs/cloud-behaviour.md 3.9).
  params: struct({
    CertificateId: certificateId(),
    CsrType: choice(["online", "parse"], "online: generated; parse: CsrContent").optional(),
    CsrContent: csr("CSR for parse").optional(),
    CertificateDomain: domain("Common name").optional(),
    DomainList: list(domain("Domain"), "Other domains").optional(),
    KeyPassword: password("Password of JKS and PFX files").optional(),
    OrganizationName: text("Company").optional(),
    OrganizationDivision: text("Department").optional(),
    OrganizationAddress: text("Address").optional(),
    OrganizationCountry: text("Country, e.g. CN").optional(),
    OrganizationCity: text("City").optional(),
    OrganizationRegion: text("Province").optional(),
    PostalCode: text("Postal code").optional(),
    PhoneAreaCode: text("Landline area code").optional(),
    PhoneNumber: text("Landline").optional(),
    VerifyType: verifyType().optional(),
    AdminFirstName: text("Manager's given name").optional(),
    AdminLastName: text("Surname").optional(),
    AdminPhoneNum: text("Mobile").optional(),
    AdminEmail: text("Email").optional(),
    AdminPosition: text("Job title").optional(),
    ContactFirstName: text("Contact's given name").optional(),
    ContactLastName: text("Surname").optional(),
    ContactEmail: text("Email").optional(),
    ContactNumber: text("Mobile").optional(),
    ContactPosition: text("Job title").optional(),
    IsDV: flag("DV certificate").optional(),
  }),
  example: {
    CertificateId: "8xZ3kQ1p",
    CsrType: "online",
    CertificateDomain: "www.example.com",
    DomainList: ["shop.example.com"],
    OrganizationName: "Example Ltd",
    OrganizationCountry: "SG",
    OrganizationCity: "Singapore",
  },
  result: reply({ CertificateId: string() }),
  approvalQuestion: (p) => safe`Save the given applicant data in the order of certificate ${brief(p.CertificateId)}?`,
  plannedChanges: (p) => {
    const subject = certificateSubject(p.CertificateId);
    const lines = [planned(subject, "subject", describeApplicant(p) ?? safe`the given applicant data`)];
    if (p.CsrType !== undefined) lines.push(planned(subject, "key and CSR", describeCsrSource(p.CsrType)));
    return lines;
  },
  obstacles: ({ CertificateId: id }, found) =>
    firstObstacles(
      unlessOrdered(id, found, safe`there is no order to fill in`, safe`Choose a paid order (status 5).`),
      unlessStatus(id, found, awaitingDocuments, safe`its order takes no data now`, nextForOrder),
    ),
  checks: (p) => {
    const wanted = { commonName: p.CertificateDomain, domains: p.DomainList };
    return [...checkCertificate(p), ...checkCsr("parse", p.CsrType ?? "online", p.CsrContent, wanted)];
  },
  errors: codes(certificateErrors, "FailedOperation.ExceedsFreeLimit", "FailedOperation.InvalidCertificateStatusCode"),
});
