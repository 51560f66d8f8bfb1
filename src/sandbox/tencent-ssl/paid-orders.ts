import { commitCertificateInformation } from "../../catalogue/tencent-ssl/commit-certificate-information.js";
import { createCertificate } from "../../catalogue/tencent-ssl/create-certificate.js";
import { submitCertificateInformation } from "../../catalogue/tencent-ssl/submit-certificate-information.js";
import type { Account } from "../account.js";
import { createCsr } from "../authority.js";
import { CloudError } from "../refusal.js";
import { applyToCa, type CaRequest, customerCsr, lifetimeOf, maxLifetimeDays } from "./application.js";
import { isDomainName, isWildcard } from "./domain-names.js";
import { localTime } from "./format.js";
import { addCertificate, reviewStatusFor, setStatus } from "./lifecycle.js";
import { invalidParam, ownedCertificate, wrongStatus } from "./lookup.js";
import { type Product, paidProduct } from "./products.js";
import { logCall, type ParamsOf, sslHandler } from "./ssl-handler.js";
import { type Order, type ProofMethod, type StoredSslCertificate, type SubmittedData, status } from "./state.js";

export const paidOrderHandlers = [
  sslHandler(createCertificate, create),
  sslHandler(submitCertificateInformation, submit),
  sslHandler(commitCertificateInformation, commit),
];

function create(params: ParamsOf<typeof createCertificate>, account: Account) {
  const product = paidProduct(params.ProductId);
  if (product === undefined) throw invalidParam(`Product ${params.ProductId} needs SM2 keys: the sandbox has none.`);
  if (params.DomainNum > 1 && !product.multiDomain) {
    throw new CloudError("InvalidParameterValue", `${product.name} covers one domain.`);
  }
  const certificate = addCertificate(account, {
    order: { product, domainCount: params.DomainNum, months: 12 * params.TimeSpan },
    status: status.awaitingDocuments,
    tags: params.Tags ?? [],
  });
  logCall(account, "applyVIP", certificate.id);
  const today = localTime(account.clock.now()).slice(0, 10);
  return { CertificateIds: [certificate.id], DealIds: [account.ssl.ids.deal(today)], ResourceIds: null };
}

function submit({ CertificateId: id, ...submitted }: ParamsOf<typeof submitCertificateInformation>, account: Account) {
  const { certificate, order } = openOrder(account, id);
  refuseWrongDomains(order, submitted);
  if (submitted.CsrType === "parse") customerCsr(submitted.CsrContent, "parse", submitted.CertificateDomain);
  order.submitted = submitted;
  order.application = undefined;
  certificate.ownKeyPassword = submitted.KeyPassword !== undefined;
  logCall(account, "submitInfo", id);
  return { CertificateId: id };
}

async function commit(
  { CertificateId: id, VerifyType }: ParamsOf<typeof commitCertificateInformation>,
  account: Account,
) {
  const { certificate, order } = openOrder(account, id);
  const { product, submitted = {} } = order;
  const names = namesFor(product, submitted);
  refuseMissingOrganization(product, submitted);
  const method = proofMethodFor(VerifyType ?? submitted.VerifyType ?? "DNS", names);
  const now = account.clock.now();
  const days = Math.min(Math.floor((order.months / 12) * 365), maxLifetimeDays(now));
  order.application = await applyToCa(account, {
    names,
    method,
    request: await signingRequestFor(submitted, names),
    lifetime: lifetimeOf(days, now),
    appliedAt: now,
  });
  setStatus(certificate, product.level === "DV" ? reviewStatusFor(method) : status.awaitingLetter, now);
  logCall(account, "submitInfo", id);
  return { OrderId: order.application.orderNumber, Status: certificate.status };
}

/** The order, while it is waiting for documents. */
function openOrder(account: Account, id: string): { certificate: StoredSslCertificate; order: Order } {
  const certificate = ownedCertificate(account, id);
  const { order } = certificate;
  if (order === undefined || certificate.status !== status.awaitingDocuments) {
    throw wrongStatus(id, "is not waiting for documents");
  }
  return { certificate, order };
}

function refuseWrongDomains({ product, domainCount }: Order, submitted: SubmittedData): void {
  const { CertificateDomain: main, DomainList: others = [] } = submitted;
  const names = main === undefined ? others : [main, ...others];
  for (const name of names) {
    if (!isDomainName(name)) throw invalidParam(`${name} is not a domain name.`);
    if (isWildcard(name) && !product.wildcard) throw invalidParam(`${product.name} cannot cover a wildcard.`);
  }
  if (names.length > domainCount) throw invalidParam(`Only ${domainCount} domain(s) were bought.`);
  if (product.wildcard && !product.multiDomain && main !== undefined && !isWildcard(main)) {
    throw invalidParam(`${product.name} is for a wildcard such as *.${main}.`);
  }
}

/** A wildcard certificate also covers the domain itself. */
function namesFor(product: Product, { CertificateDomain: main, DomainList: others = [] }: SubmittedData): string[] {
  if (main === undefined) throw invalidParam("SubmitCertificateInformation has not said which domain this is for.");
  const bare = product.wildcard && !product.multiDomain ? [main.slice("*.".length)] : [];
  return [...new Set([main, ...bare, ...others].map((name) => name.toLowerCase()))];
}

/** The organisation data that the CA certifies; everything else is flagged optional (docs/cloud-behaviour.md 3.9). */
function refuseMissingOrganization({ level }: Product, submitted: SubmittedData): void {
  if (level === "DV") return;
  for (const field of ["OrganizationName", "OrganizationCity", "OrganizationRegion", "OrganizationCountry"] as const) {
    if (!submitted[field]) throw invalidParam(`An ${level} order needs ${field}.`);
  }
}

/** A file proves only the name that serves it, which excludes wildcards (CA/Browser Forum, ballot SC-45). */
function proofMethodFor(given: string, names: readonly string[]): ProofMethod {
  const method = (["DNS_AUTO", "DNS", "FILE"] as const).find((known) => known === given.toUpperCase());
  if (method === undefined) throw invalidParam(`${given} is not a way to prove a domain here.`);
  if (method === "FILE" && names.some(isWildcard)) throw invalidParam("FILE cannot prove a wildcard.");
  return method;
}

/** The customer's own CSR, or else a new key held by the cloud. */
async function signingRequestFor(submitted: SubmittedData, names: readonly string[]): Promise<CaRequest> {
  const { CsrType, CsrContent, OrganizationCountry: C, OrganizationRegion: ST, OrganizationCity: L } = submitted;
  if (CsrType === "parse" && CsrContent) return { csrPem: CsrContent, privateKeyPem: undefined };
  const { OrganizationName: O, OrganizationDivision: OU } = submitted;
  return createCsr({ C, ST, L, O, OU, CN: names[0] ?? "" }, names, "RSA-2048");
}
