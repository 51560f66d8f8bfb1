import { applyCertificate } from "../../catalogue/tencent-ssl/apply-certificate.js";
import type { Account } from "../account.js";
import { createCsr, type KeyKind } from "../authority.js";
import { CloudError } from "../refusal.js";
import { applyToCa, lifetimeOf, maxLifetimeDays } from "./application.js";
import { hasEnded, isExpiring, mainNameOf } from "./certificate-facts.js";
import { isDomainName, isWildcard, mainDomainOf } from "./domain-names.js";
import { keyKindOf } from "./keys.js";
import { addCertificate, reviewStatusFor } from "./lifecycle.js";
import { invalidParam, ownedCertificate } from "./lookup.js";
import { freeProduct } from "./products.js";
import { logCall, type ParamsOf, sslHandler } from "./ssl-handler.js";
import { type Order, type StoredSslCertificate, status } from "./state.js";

type Params = ParamsOf<typeof applyCertificate>;

/** Limits of free certificates at a time; the documents mention limits without numbers. */
const freeLimit = { perAccount: 50, perMainDomain: 20 };

/** Documented by example: 91 days, called 3 months (docs/cloud-behaviour.md 3.1). */
export const freeDays = 91;

export const freeOrderHandlers = [sslHandler(applyCertificate, apply)];

async function apply(params: Params, account: Account) {
  refuseUnsupported(params);
  const key = keyKindFor(params);
  const renewed = renewedBy(params, account);
  refuseOverLimit(account, params.DomainName);

  const now = account.clock.now();
  const domain = params.DomainName.toLowerCase();
  const names = namesFor(domain);
  const order: Order = { product: freeProduct, domainCount: 1, months: 3 };
  order.application = await applyToCa(account, {
    names,
    method: params.DvAuthMethod,
    request: await createCsr({ CN: domain }, names, key),
    lifetime: lifetimeOf(Math.min(freeDays, maxLifetimeDays(now)), now),
    appliedAt: now,
  });
  const certificate = addCertificate(account, {
    order,
    status: reviewStatusFor(params.DvAuthMethod),
    ownKeyPassword: params.CsrKeyPassword !== undefined,
    alias: params.Alias ?? "",
    projectId: params.ProjectId ?? 0,
    ...(renewed && { renewalOf: renewed.id }),
  });
  if (renewed !== undefined) renewed.renewedBy = certificate.id;
  logCall(account, "apply", certificate.id);
  return { CertificateId: certificate.id };
}

/** Does not check that the domain's DNS is hosted here, as DNS_AUTO requires: the sandbox has no DNS. */
function refuseUnsupported(params: Params): void {
  if (!isDomainName(params.DomainName)) throw invalidParam(`${params.DomainName} is not a domain name.`);
  if (isWildcard(params.DomainName)) throw invalidParam("A free certificate cannot cover a wildcard.");
  if (params.DnsNames?.length) throw invalidParam("DnsNames is not supported yet.");
  if ((params.PackageType ?? "83") !== "83") throw invalidParam("The only free certificate is package type 83.");
  if ((params.ValidityPeriod ?? "3") !== "3") throw invalidParam("A free certificate is valid for 3 months.");
  if (params.DeleteDnsAutoRecord && params.DvAuthMethod !== "DNS_AUTO") {
    throw invalidParam("DeleteDnsAutoRecord goes with DNS_AUTO only.");
  }
  if (params.PackageId) {
    throw new CloudError(
      "FailedOperation.PackageNotFound",
      "The account has no benefit package: they are discontinued.",
    );
  }
}

function keyKindFor({ CsrEncryptAlgo: algorithm = "RSA", CsrKeyParameter: parameter }: Params): KeyKind {
  const key = keyKindOf(algorithm, parameter ?? (algorithm === "RSA" ? "2048" : ""));
  if (key === undefined) throw invalidParam(`${algorithm} does not go with key parameter ${parameter ?? "(none)"}.`);
  return key;
}

/** The certificate to renew, which must be in its last 30 days. */
function renewedBy({ OldCertificateId: id }: Params, account: Account): StoredSslCertificate | undefined {
  if (!id) return undefined;
  const old = ownedCertificate(account, id);
  if (!isExpiring(old, account.clock.now())) {
    throw new CloudError("FailedOperation.CertificateInvalid", `Certificate ${id} is not in its last 30 days.`);
  }
  return old;
}

function refuseOverLimit({ ssl }: Account, domain: string): void {
  const free = [...ssl.certificates.values()].filter(
    (certificate) => certificate.order?.product.free && !hasEnded(certificate) && certificate.status !== status.expired,
  );
  if (free.length >= freeLimit.perAccount) {
    throw new CloudError(
      "FailedOperation.ExceedsFreeLimit",
      `${freeLimit.perAccount} free certificates are the limit.`,
    );
  }
  const main = mainDomainOf(domain.toLowerCase());
  const same = free.filter((certificate) => mainDomainOf(mainNameOf(certificate) ?? "") === main);
  if (same.length >= freeLimit.perMainDomain) {
    throw new CloudError(
      "FailedOperation.MainDomainCertificateCountLimit",
      `${freeLimit.perMainDomain} free certificates below ${main} are the limit.`,
    );
  }
}

/** A registered domain gets its www name as well, as in the vendor's example. */
function namesFor(domain: string): string[] {
  return domain === mainDomainOf(domain) ? [domain, `www.${domain}`] : [domain];
}
