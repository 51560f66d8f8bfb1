import type { CertificateAuthority } from "./authority.js";
import { daysFrom, type KeyPair } from "./delivery.js";

/** A wildcard certificate that sites on all three clouds serve at the start; it is due for renewal. */

export const storefrontNames = ["example.com", "*.example.com"];

/** In days. */
export const storefrontAge = 178;
const daysLeft = 20;

export function issueDemoCertificate(authority: CertificateAuthority, now: Date): Promise<KeyPair> {
  const lifetime = { notBefore: daysFrom(now, -storefrontAge), notAfter: daysFrom(now, daysLeft) };
  return authority.issue({ names: storefrontNames, key: "EC-P256", ...lifetime });
}
