import { briefQuote, safe, verbatim } from "../../lib/safe-text.js";
import type { ArgumentCheck, GivenRequest, PairVerdicts } from "../certificate-arguments.js";
import { type Finding, finding, warning } from "../finding.js";
import type { Subject, Warning } from "../operation.js";
import { choice, domain, flag, keyedList, list, struct, text } from "../params.js";
import { unseenSubject } from "../planned-change.js";
import { describeOtherStore, otherStoreNext } from "../store-ids.js";
import { caution, loss } from "../warnings.js";

/* Inputs shared by several operations of Tencent Cloud SSL, and what is wrong with them. */

export const certificateId = (description = "Certificate ID") => text(description);

/** The certificate as the subject of a change. */
export const certificateSubject = (id: string): Subject => ({ kind: "certificate", id });

/** What happens to a private key that leaves the account. */
export const keyHeldHere = safe`also held in this server's memory until it ends; the assistant gets a reference`;

/** A deployment record; the documents make its id optional, and a call may omit it. */
export const deploymentSubject = (id: number | undefined): Subject =>
  id === undefined ? unseenSubject(safe`Deployment record (not given)`) : { kind: "deployment", id };

export const tags = () => keyedList("TagKey", struct({ TagKey: text("Key"), TagValue: text("Value") }), "Tags");

export const certificateIds = () => list(text("ID"), "Certificate IDs", { min: 1, max: 100 });

const proofs = "Domain validation: DNS_AUTO (Tencent Cloud DNS, same account), DNS or FILE by hand";

/** How the applicant proves control of the domain, for operations with a closed list. */
export const domainProof = () => choice(["DNS_AUTO", "DNS", "FILE"], proofs);

/** The same for operations whose lists differ: passed through (docs/cloud-behaviour.md 3.9). */
export const verifyType = () => text(proofs);

export function warnOfDnsChange(proof: string | undefined): readonly Warning[] {
  return proof === "DNS_AUTO" ? [caution(safe`A validation record is added to the domain's DNS zone.`)] : [];
}

/** Subject and key of a CSR record. */
export const csrSubject = () =>
  struct({
    Domain: domain("Domain"),
    Organization: text("Organization"),
    Department: text("Department"),
    Email: text("Email"),
    Province: text("Province"),
    City: text("City"),
    Country: text("ISO 3166 code, e.g. US"),
    EncryptAlgo: choice(["RSA", "ECC"], "Key type"),
    KeyParameter: choice(["2048", "4096", "prime256v1"], "RSA: 2048, 4096; ECC: prime256v1"),
  });

/** The same in a plausible call. */
export const csrExample = {
  Domain: "www.example.com",
  Organization: "Example Ltd",
  Department: "IT",
  Email: "it@example.com",
  Province: "Singapore",
  City: "Singapore",
  Country: "SG",
  EncryptAlgo: "ECC",
  KeyParameter: "prime256v1",
};

export const generationChoice = () => flag("Generate now; the record is then locked");

/** The vendor's own examples spell out the country, so such a value passes (docs/cloud-behaviour.md 3.9). */
export function warnOfCsr(given: { readonly Country?: string | undefined; readonly Generate: boolean }) {
  const { Country, Generate } = given;
  const warnings: Warning[] = [];
  if (Country !== undefined && !/^[A-Za-z]{2}$/.test(Country)) {
    warnings.push(caution(safe`Country ${briefQuote(Country)} is not a two-letter ISO 3166 code.`));
  }
  if (Generate) warnings.push(loss(safe`Once generated, the CSR record cannot be edited.`));
  return warnings;
}

/** One code covers most invalid arguments. */
export const invalidParamVerdict = { prevents: "FailedOperation.InvalidParam" };

/** The account has no certificate with this id. */
export const certificateNotFound = "FailedOperation.CertificateNotFound";

/**
 * Codes for certificates stored in Tencent Cloud SSL (docs/cloud-behaviour.md 3.2). It does not check dates or names.
 */
export const tencentVerdicts = {
  unreadable: { prevents: "FailedOperation.CertificateParseError" },
  brokenChain: { prevents: "FailedOperation.CertificateParseError" },
  badKey: { prevents: "FailedOperation.CertificateParseError" },
  mismatch: { prevents: "FailedOperation.CertificateMatchError" },
  standard: { sm2: false, otherwise: { prevents: "FailedOperation.CertificateEncryptInvalid" } },
} satisfies PairVerdicts;

/** docs/cloud-behaviour.md 3.1. */
export const certificateIdForm = /^[A-Za-z0-9]{8}$/;

/** The form of an id, if there is one. */
export function checkCertificateId(
  parameter: string,
  id: string | undefined,
  prevents = certificateNotFound,
): Finding[] {
  if (!id || certificateIdForm.test(id)) return [];
  const other = describeOtherStore(id);
  if (other !== undefined) return [finding(parameter, safe`${other}.`, { prevents }, String(otherStoreNext))];
  const says = "A certificate ID has 8 letters and digits.";
  return [finding(parameter, says, { prevents }, "find_certificates lists the ids by name.")];
}

/** The same for an id that must be there. */
export function checkRequiredId(parameter: string, id: string): Finding[] {
  if (id === "") return [finding(parameter, `${parameter} is empty.`, { prevents: certificateNotFound })];
  return checkCertificateId(parameter, id);
}

/** For operations on one certificate. */
export function checkCertificate({ CertificateId: id }: { readonly CertificateId: string }): Finding[] {
  return checkRequiredId("CertificateId", id);
}

/** A CSR, which only the value `needing` of CsrType needs. */
export function checkCsr(
  needing: string,
  type: string,
  pem: string | undefined,
  wanted: Pick<GivenRequest, "commonName" | "domains"> = {},
): readonly ArgumentCheck[] {
  const parameter = "CsrContent";
  if (type !== needing) {
    return pem ? [warning(parameter, safe`CsrContent is ignored: CsrType is ${verbatim(type)}.`)] : [];
  }
  if (!pem) return [finding(parameter, `CsrType ${type} needs CsrContent.`, invalidParamVerdict)];
  return [{ kind: "signing request", parameter, pem, ...wanted, verdict: invalidParamVerdict }];
}

/** The documents call these ids optional, but one is needed (docs/cloud-behaviour.md 3.5). */
export const missingRecord = (says: string) => finding("DeployRecordId", says, invalidParamVerdict);
