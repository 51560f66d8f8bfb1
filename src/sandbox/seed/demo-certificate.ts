import { memoize } from "../../lib/memoize.js";
import { CertificateAuthority, type CertificateIssuer } from "../authority.js";
import { daysFrom, type KeyPair } from "../delivery.js";

/* A wildcard certificate that sites on all three clouds serve at the start; it is due for renewal. */

export const storefrontNames = ["example.com", "*.example.com"];

/** In days. */
export const storefrontAge = 178;
const daysLeft = 20;

/** Certificates of the demo begin and end with the hour, so that sandboxes which start within it can share them. */
export function wholeHour(now: Date): Date {
  return new Date(now.getTime() - (now.getTime() % 3_600_000));
}

/**
 * The authority of an account whose sandbox starts within this hour, and an issuer that has it issue each certificate
 * of the demo once in a process: this takes most of the time that a sandbox needs to start.
 */
export const demoAuthority = memoize(
  async (hour: Date, _account: string): Promise<{ authority: CertificateAuthority; issuer: CertificateIssuer }> => {
    const authority = await CertificateAuthority.create(hour);
    const issue: CertificateIssuer["issue"] = memoize((order) => authority.issue(order), JSON.stringify);
    const sign: CertificateIssuer["sign"] = memoize((order) => authority.sign(order), JSON.stringify);
    return { authority, issuer: { issue, sign, rootPem: authority.rootPem } };
  },
  (hour, account) => `${hour.getTime()} ${account}`,
);

export function issueDemoCertificate(authority: CertificateIssuer, now: Date): Promise<KeyPair> {
  return issueBetween(authority, storefrontNames, now, -storefrontAge, daysLeft);
}

/** A certificate that begins and ends so many days from now. */
export function issueBetween(
  authority: CertificateIssuer,
  names: readonly string[],
  now: Date,
  from: number,
  until: number,
): Promise<KeyPair> {
  return authority.issue({ names, notBefore: daysFrom(now, from), notAfter: daysFrom(now, until), key: "EC-P256" });
}
