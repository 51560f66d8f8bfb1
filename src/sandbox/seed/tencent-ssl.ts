import { memoize } from "../../lib/memoize.js";
import type { Account } from "../account.js";
import { type CertificateIssuer, createCsr, type KeyKind } from "../authority.js";
import type { SandboxClock } from "../clock.js";
import { daysFrom, type KeyPair } from "../delivery.js";
import { applyToCa, type CaRequest, lifetimeOf, materialOf } from "../tencent-ssl/application.js";
import type { LoadBalancer } from "../tencent-ssl/bindings.js";
import { generateCsr } from "../tencent-ssl/csrs.js";
import { freeDays } from "../tencent-ssl/free-orders.js";
import { addCertificate, type NewCertificate } from "../tencent-ssl/lifecycle.js";
import type { LogType } from "../tencent-ssl/operation-log.js";
import { freeProduct, type Product, paidProduct } from "../tencent-ssl/products.js";
import { uin } from "../tencent-ssl/ssl-handler.js";
import {
  type CsrRecord,
  type Material,
  type Order,
  SslState,
  type Status,
  type StoredSslCertificate,
  type SubmittedData,
  status,
} from "../tencent-ssl/state.js";
import { reviewTime } from "../tencent-ssl/timing.js";
import { issueBetween, storefrontAge, storefrontNames, wholeHour } from "./demo-certificate.js";

type SeedContext = Pick<Account, "clock" | "ssl"> & { readonly authority: CertificateIssuer };

const paidDays = 199;

/** An order that went to the CA. */
interface SeededOrder {
  readonly product: Product;
  readonly names: readonly [string, ...string[]];
  readonly ageDays: number;
  readonly key: KeyKind;
  readonly status: Status;
  readonly submitted?: SubmittedData;
}

/**
 * Certificates in every state that a new user should see, and resources that use the one about to expire. Keys are
 * made in parallel; identifiers are assigned in a fixed order, so every sandbox starts the same.
 */
export async function seedSsl(
  clock: SandboxClock,
  authority: CertificateIssuer,
  storefront: KeyPair,
  name?: string,
): Promise<{ state: SslState; boundCertificateId: string }> {
  const seedContext: SeedContext = { clock, authority, ssl: new SslState(name) };
  const [uploaded, requested] = await Promise.all([
    Promise.all(uploads.map(async (upload) => ({ ...upload, material: await makeUpload(seedContext, upload) }))),
    makeRequests(),
    addCsrs(seedContext),
  ]);
  const expiring = materialOf(storefront.certificatePem, storefront.privateKeyPem);
  const bound = addUpload(seedContext, { alias: "storefront", ageDays: storefrontAge, material: expiring });
  for (const { alias, ageDays, material } of uploaded) addUpload(seedContext, { alias, ageDays, material });
  const root = materialOf(authority.rootPem, undefined);
  addUpload(seedContext, { alias: "sandbox root", ageDays: 200, kind: "CA", material: root });
  for (const { order, request } of requested) await addOrder(seedContext, order, request);
  addIdleOrders(seedContext);
  const binding = { certificateId: bound.id, changedAt: daysAgo(seedContext, 30) };
  seedContext.ssl.loadBalancers.push(...loadBalancersWith(binding));
  seedContext.ssl.cdnDomains.push({ name: "static.example.com", status: "online", ...binding });
  return { state: seedContext.ssl, boundCertificateId: bound.id };
}

/** Uploaded beside the certificate that is about to expire. */
const uploads = [
  { alias: "storefront, next", names: storefrontNames, ageDays: 1, daysLeft: 197 },
  { alias: "mail", names: ["mail.example.net"], ageDays: 40, daysLeft: 150 },
];

async function makeUpload(
  { clock, authority }: SeedContext,
  { names, ageDays, daysLeft }: (typeof uploads)[number],
): Promise<Material> {
  const hour = wholeHour(clock.now());
  const { certificatePem, privateKeyPem } = await issueBetween(authority, names, hour, -ageDays, daysLeft);
  return materialOf(certificatePem, privateKeyPem);
}

function addUpload(
  seedContext: SeedContext,
  { ageDays, ...given }: Omit<NewCertificate, "status"> & { readonly ageDays: number },
): StoredSslCertificate {
  return add(seedContext, "uploadFromYunAPI", ageDays, { ...given, status: status.issued });
}

const company: SubmittedData = {
  CsrType: "online",
  CertificateDomain: "secure.example.com",
  OrganizationName: "Example Ltd",
  OrganizationDivision: "Operations",
  OrganizationCity: "Singapore",
  OrganizationRegion: "Singapore",
  OrganizationCountry: "SG",
  ContactEmail: "ops@example.com",
};

const { issued, reviewing, awaitingLetter } = status;

const orders: readonly SeededOrder[] = [
  { product: freeProduct, names: ["blog.example.com"], ageDays: 30, key: "RSA-2048", status: issued },
  // Waits for its record and is issued soon.
  { product: freeProduct, names: ["preview.example.org"], ageDays: 0, key: "EC-P256", status: reviewing },
  // Never proven, and closed by now.
  { product: freeProduct, names: ["staging.example.invalid"], ageDays: 9, key: "EC-P256", status: reviewing },
  { product: paidProductOf(48), names: ["legacy.example.org"], ageDays: 211, key: "EC-P256", status: issued },
  {
    product: paidProductOf(43),
    names: ["secure.example.com"],
    ageDays: 2,
    key: "EC-P256",
    status: awaitingLetter,
    submitted: company,
  },
];

function paidProductOf(id: number): Product {
  const product = paidProduct(id);
  if (product === undefined) throw new Error(`Product ${id} is not sold`);
  return product;
}

/** Made once in a process: an RSA key takes most of the time that a sandbox needs to start. */
const makeRequests = memoize(() =>
  Promise.all(
    orders.map(async (order) => {
      const [commonName] = order.names;
      return { order, request: await createCsr({ CN: commonName }, order.names, order.key) };
    }),
  ),
);

async function addOrder(seedContext: SeedContext, seeded: SeededOrder, request: CaRequest): Promise<void> {
  const { product, names, ageDays, submitted } = seeded;
  const appliedAt = daysAgo(seedContext, ageDays);
  const lifetime = lifetimeOf(product.free ? freeDays : paidDays, appliedAt);
  const application = await applyToCa(seedContext, { names, method: "DNS", request, lifetime, appliedAt });
  const order: Order = { product, domainCount: 1, months: product.free ? 3 : 12, application };
  if (submitted !== undefined) order.submitted = submitted;
  const issuedAt = new Date(appliedAt.getTime() + reviewTime.DNS);
  const certificate = add(seedContext, product.free ? "apply" : "submitInfo", ageDays, {
    order,
    status: seeded.status,
  });
  if (seeded.status === status.issued) {
    certificate.material = application.result;
    certificate.validatedAt = issuedAt;
    seedContext.ssl.log.push({ type: "issued", certificateId: certificate.id, at: issuedAt });
  }
}

/** One that awaits documents, and one that was cancelled. */
function addIdleOrders(seedContext: SeedContext): void {
  const order = (id: number): Order => ({ product: paidProductOf(id), domainCount: 1, months: 12 });
  add(seedContext, "applyVIP", 3, { order: order(44), status: status.awaitingDocuments, alias: "for the new shop" });
  add(seedContext, "cancel", 14, { order: order(25), status: status.cancelled });
}

function add(seedContext: SeedContext, type: LogType, ageDays: number, given: NewCertificate): StoredSslCertificate {
  const at = daysAgo(seedContext, ageDays);
  const certificate = addCertificate(seedContext, { ...given, insertedAt: at });
  seedContext.ssl.log.push({ type, certificateId: certificate.id, at, user: uin });
  return certificate;
}

function daysAgo({ clock }: SeedContext, days: number): Date {
  return daysFrom(clock.now(), -days);
}

/** One that is generated, and one that is not. */
async function addCsrs(seedContext: SeedContext): Promise<void> {
  const done = csrOf(seedContext, "www.example.org", "generated for another CA");
  const open = csrOf(seedContext, "api.example.org", "");
  await generateCsr(done, "EC-P256");
  for (const record of [done, open]) seedContext.ssl.csrs.set(record.id, record);
}

function csrOf({ ssl, clock }: SeedContext, domain: string, remark: string): CsrRecord {
  return {
    id: ssl.ids.csr(),
    createdAt: clock.now(),
    subject: {
      Domain: domain,
      Organization: "Example Ltd",
      Department: "Operations",
      Email: "ops@example.org",
      Province: "Singapore",
      City: "Singapore",
      Country: "SG",
    },
    encryptAlgo: "ECC",
    keyParameter: "prime256v1",
    remark,
    keyPassword: undefined,
  };
}

/** One with SNI and a certificate for each name, and one with a single certificate. */
function loadBalancersWith(binding: { readonly certificateId: string; readonly changedAt: Date }): LoadBalancer[] {
  const unbound = { ...binding, certificateId: undefined };
  return [
    {
      id: "lb-5k2v8q1t",
      name: "storefront-sg",
      region: "ap-singapore",
      listeners: [
        {
          id: "lbl-3f7w2n9a",
          name: "https",
          port: 443,
          protocol: "HTTPS",
          sni: true,
          ...unbound,
          rules: [
            { locationId: "loc-8h4d1s6p", domain: "www.example.com", url: "/", ...binding },
            { locationId: "loc-2m9c5x7b", domain: "shop.example.com", url: "/", ...binding },
          ],
        },
      ],
    },
    {
      id: "lb-9d3m7x0c",
      name: "storefront-hk",
      region: "ap-hongkong",
      listeners: [
        {
          id: "lbl-6r1y4j8e",
          name: "https",
          port: 443,
          protocol: "HTTPS",
          sni: false,
          ...binding,
          rules: [{ locationId: "loc-7t3k9v2g", domain: "www.example.com", url: "/", ...unbound }],
        },
      ],
    },
  ];
}
