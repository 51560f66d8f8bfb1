import { type Finding, finding } from "../finding.js";

/** Forms of identifiers (docs/cloud-behaviour.md 3.1). */

const certificateIdForm = /^[A-Za-z0-9]{8}$/;
const zoneForm = /^zone-[a-z0-9]+$/;

/** A certificate of Tencent Cloud SSL; without an id there is nothing to check. */
export function checkCertificateId(parameter: string, id: string | undefined, prevents: string): Finding[] {
  if (!id || certificateIdForm.test(id)) return [];
  return [finding(parameter, "A certificate ID has 8 letters and digits.", { prevents })];
}

export function checkZoneId(parameter: string, id: string): Finding[] {
  if (zoneForm.test(id)) return [];
  const says = 'A site ID begins with "zone-", followed by small letters and digits.';
  return [finding(parameter, says, { prevents: "ResourceUnavailable.ZoneNotFound" })];
}

/** For operations on one certificate of Tencent Cloud SSL. */
export function certificateIdIsWellFormed({ CertificateId: id }: { readonly CertificateId: string }): Finding[] {
  if (id === "") return [finding("CertificateId", "CertificateId is empty.", { prevents: certificateNotFound })];
  return checkCertificateId("CertificateId", id, certificateNotFound);
}

export const certificateNotFound = "FailedOperation.CertificateNotFound";
