import type { Account } from "../account.js";
import { type CertificateIssuer, parseCsr } from "../authority.js";
import { parseKnownCertificate } from "../certificate.js";
import type { Identifiers } from "./identifiers.js";
import { invalidParam } from "./lookup.js";
import type { Application, DomainProof, Material, ProofMethod } from "./state.js";
import { day, second } from "./timing.js";

/** A CSR, with its key if the cloud made it. */
export interface CaRequest {
  readonly csrPem: string;
  readonly privateKeyPem: string | undefined;
}

interface CertificateLifetime {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/**
 * Sends an order to the CA. The CA signs at once, and the certificate is withheld until the review ends: the state of
 * an order can then be read without waiting for a signature.
 * @throws {CloudError} if the CSR was not signed with its own key
 */
export async function applyToCa(
  { authority, ssl }: Pick<Account, "ssl"> & { readonly authority: CertificateIssuer },
  order: Pick<Application, "names" | "method" | "appliedAt"> & { request: CaRequest; lifetime: CertificateLifetime },
): Promise<Application> {
  const { request, lifetime, ...applied } = order;
  const { csrPem, privateKeyPem } = request;
  const { certificatePem } = await authority.sign({ csrPem, names: order.names, ...lifetime }).catch(() => {
    throw invalidParam("The CSR cannot be signed: it does not fit its own key.");
  });
  return {
    ...applied,
    proofs: proofsFor(ssl.ids, order.names, order.method),
    orderNumber: ssl.ids.order(),
    csrPem,
    result: materialOf(certificatePem, privateKeyPem),
  };
}

export function materialOf(certificatePem: string, privateKeyPem: string | undefined): Material {
  return { certificatePem, privateKeyPem, parsed: parseKnownCertificate(certificatePem) };
}

/** Certificates start at midnight UTC, which is 08:00:00 in UTC+8 (docs/cloud-behaviour.md 3.1). */
export function midnightOf(date: Date): Date {
  const midnight = new Date(date);
  midnight.setUTCHours(0, 0, 0, 0);
  return midnight;
}

/** From midnight to one second before `days` have passed. */
export function lifetimeOf(days: number, now: Date): CertificateLifetime {
  const notBefore = midnightOf(now);
  return { notBefore, notAfter: new Date(notBefore.getTime() + days * day - second) };
}

/** The longest validity of publicly trusted certificates issued at `now` (CA/Browser Forum, ballot SC-081). */
export function maxLifetimeDays(now: Date): number {
  const date = now.toISOString().slice(0, 10);
  if (date >= "2029-03-15") return 47;
  if (date >= "2027-03-15") return 100;
  return date >= "2026-03-15" ? 200 : 398;
}

/**
 * A customer's own CSR, which must be for `domain` if that is known.
 * @throws {CloudError} if it is missing, does not parse or is for another domain
 */
export function customerCsr(csrPem: string | undefined, csrType: string, domain: string | undefined): string {
  if (!csrPem) throw invalidParam(`CsrContent is needed with CsrType ${csrType}.`);
  const parsed = parseCsr(csrPem);
  if (parsed === undefined) throw invalidParam("The CSR does not parse.");
  if (domain !== undefined && domain.toLowerCase() !== parsed.commonName.toLowerCase()) {
    throw invalidParam(`The CSR is for ${parsed.commonName}, not for ${domain}.`);
  }
  return csrPem;
}

/** One proof per domain; a wildcard is proven at its base domain. */
function proofsFor(ids: Identifiers, names: readonly string[], method: ProofMethod): DomainProof[] {
  const domains = new Set(names.map((name) => name.replace(/^\*\./, "")));
  return [...domains].map((domain) => (method === "FILE" ? fileProof(ids, domain) : recordProof(ids, domain)));
}

function recordProof(ids: Identifiers, domain: string): DomainProof {
  const subDomain = `_${ids.hex(32)}`;
  const value = `${ids.hex(32)}.${ids.hex(32)}.${ids.proofSuffix()}.trust-provider.com`;
  return { domain, type: "CNAME", key: `${subDomain}.${domain}`, value, path: undefined, subDomain };
}

/** Its form is not documented; this is the form of the CA behind the DNS proof. */
function fileProof(ids: Identifiers, domain: string): DomainProof {
  const value = `${ids.hex(64)}\ntrust-provider.com\n${ids.proofSuffix()}`;
  const key = `${ids.hex(32).toUpperCase()}.txt`;
  return { domain, type: "FILE", key, value, path: "/.well-known/pki-validation/", subDomain: "" };
}
