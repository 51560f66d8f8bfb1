import { randomInt } from "node:crypto";

/** A chain in PEM, and the key of its leaf. */
export interface KeyPair {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/** A certificate and its key, as a domain serves it. */
export interface DeliveryCertificate extends KeyPair {
  /** Id in the cloud's certificate service, if the certificate is stored there. */
  readonly id?: string;
  readonly name?: string | undefined;
  /** How it came to the domain, in Alibaba Cloud's words; an upload if absent. */
  readonly certType?: "cas";
}

/** A pair of SM2 certificates that Huawei Live can serve in addition to the international one. */
export interface SmCertificates {
  readonly sign: DeliveryCertificate;
  readonly enc: DeliveryCertificate;
}

/** A domain of Alibaba CDN, DCDN or VOD, or of Huawei Live, and its settings. */
export interface DeliveryDomain {
  /** `.example.com` stands for every name below example.com, in Alibaba Cloud's notation. */
  readonly name: string;
  https: boolean;
  /** Present while HTTPS is on. */
  certificate?: DeliveryCertificate | undefined;
  smCertificates?: SmCertificates | undefined;
  /** Whether HTTP is redirected; a setting of Huawei Live. */
  forceRedirect: boolean;
  /** How the last change was rolled out; a setting of Alibaba Cloud. */
  env: "production" | "staging";
  changedAt: Date;
}

export interface StoredCertificate extends DeliveryCertificate {
  readonly id: string;
  readonly name: string;
}

/** A cloud's certificate service: Alibaba's Certificate Management Service, Huawei's Cloud Certificate Manager. */
export class CertificateStore {
  certificates: readonly StoredCertificate[] = [];

  /** Assigns the certificate an id, and a name if it has none. */
  add(certificate: Omit<DeliveryCertificate, "id">): StoredCertificate {
    const id = this.#freeId();
    return this.insert({ ...certificate, id, name: certificate.name ?? `cert-${id}` });
  }

  insert(certificate: StoredCertificate): StoredCertificate {
    this.certificates = [...this.certificates, certificate];
    return certificate;
  }

  byId(id: string): StoredCertificate | undefined {
    return this.certificates.find((certificate) => certificate.id === id);
  }

  byName(name: string): StoredCertificate | undefined {
    return this.certificates.find((certificate) => certificate.name === name);
  }

  #freeId(): string {
    const id = String(randomInt(10_000_000, 100_000_000));
    return this.byId(id) === undefined ? id : this.#freeId();
  }
}

/** A domain without HTTPS. */
export function plainDomain(name: string, changedAt: Date): DeliveryDomain {
  return { name, https: false, forceRedirect: false, env: "production", changedAt };
}

export function domainServing(certificate: DeliveryCertificate, name: string, changedAt: Date): DeliveryDomain {
  return { ...plainDomain(name, changedAt), https: true, certificate };
}

/** The name that a certificate must cover to be served on `domain`. */
export function nameToCover(domain: string): string {
  return domain.startsWith(".") ? `*${domain}` : domain;
}

export function domainsByName(...domains: readonly DeliveryDomain[]): Map<string, DeliveryDomain> {
  return new Map(domains.map((domain) => [domain.name, domain]));
}

/** ISO 8601 without fractions, as several services write it. */
export const isoSeconds = (date: Date) => `${date.toISOString().slice(0, 19)}Z`;

/** As some lists write it. The format has no zone; UTC here (inferred). */
export const spacedTime = (date: Date) => date.toISOString().slice(0, 19).replace("T", " ");

export function daysFrom(now: Date, days: number): Date {
  return new Date(now.getTime() + days * 24 * 3600 * 1000);
}
