import type { z } from "zod";
import type { itemStatus } from "../../catalogue/tencent-ssl/record-replies.js";
import type { submitCertificateInformation } from "../../catalogue/tencent-ssl/submit-certificate-information.js";
import type { SandboxCertificate } from "../certificate.js";
import type { Binding, BoundResources, CdnDomain, LoadBalancer } from "./bindings.js";
import { Identifiers } from "./identifiers.js";
import type { LogEntry } from "./operation-log.js";
import type { Product } from "./products.js";

/** Documented certificate states that the operations offered here can lead to (docs/cloud-behaviour.md 3.2). */
export const status = {
  reviewing: 0,
  issued: 1,
  failed: 2,
  expired: 3,
  validating: 4,
  awaitingDocuments: 5,
  cancelling: 6,
  cancelled: 7,
  awaitingLetter: 8,
  revoking: 9,
  revoked: 10,
  reissuing: 11,
  awaitingRevocationLetter: 12,
} as const;

export type Status = (typeof status)[keyof typeof status];

export type ProofMethod = "DNS_AUTO" | "DNS" | "FILE";

/** What the CA must find at a domain before it issues. */
export interface DomainProof {
  readonly domain: string;
  readonly type: "CNAME" | "FILE";
  /** Name of the record, or of the file. */
  readonly key: string;
  readonly value: string;
  /** Directory of the file. */
  readonly path: string | undefined;
  /** What `key` adds to `domain`. */
  readonly subDomain: string;
}

/** A certificate and, where the cloud holds it, its key. */
export interface Material {
  readonly certificatePem: string;
  readonly privateKeyPem: string | undefined;
  readonly parsed: SandboxCertificate;
}

/** The CSR and the certificate made from it, withheld until the review ends. */
export interface Application {
  /** The main domain comes first. */
  readonly names: readonly string[];
  readonly method: ProofMethod;
  readonly proofs: readonly DomainProof[];
  readonly orderNumber: string;
  readonly csrPem: string;
  readonly appliedAt: Date;
  readonly result: Material;
}

/** Applicant data of a paid order, under the documented names. */
export type SubmittedData = Omit<z.output<(typeof submitCertificateInformation)["params"]>, "CertificateId">;

export interface Order {
  /** Whether whoever ordered a free certificate took the application back. */
  withdrawn?: boolean;
  readonly product: Product;
  readonly domainCount: number;
  readonly months: number;
  submitted?: SubmittedData;
  /** Absent until the order is sent to the CA, and again after new documents were submitted. */
  application?: Application | undefined;
}

interface Tag {
  readonly TagKey: string;
  readonly TagValue: string;
}

export interface StoredSslCertificate {
  readonly id: string;
  readonly kind: "SVR" | "CA";
  /** Absent for an uploaded certificate. */
  readonly order?: Order;
  readonly insertedAt: Date;
  readonly tags: readonly Tag[];
  readonly allowDownload: boolean;
  /** The certificate that this one reissues. */
  readonly replacedFor?: string;
  /** The certificate that this one renews. */
  readonly renewalOf?: string;
  alias: string;
  projectId: number;
  /** The customer chose a password for the key. */
  ownKeyPassword: boolean;
  status: Status;
  statusSince: Date;
  validatedAt?: Date;
  /** Present once issued or uploaded. */
  material?: Material;
  replacedBy?: string | undefined;
  renewedBy?: string;
  /** Expiry reminders are off. */
  silenced: boolean;
}

type CsrSubject = Readonly<
  Record<"Domain" | "Organization" | "Department" | "Email" | "Province" | "City" | "Country", string>
>;

export interface CsrRecord {
  readonly id: number;
  readonly createdAt: Date;
  subject: CsrSubject;
  encryptAlgo: "RSA" | "ECC";
  keyParameter: "2048" | "4096" | "prime256v1";
  remark: string;
  keyPassword: string | undefined;
  /** Once set, the record is locked. */
  generated?: { readonly csrPem: string; readonly privateKeyPem: string };
}

/** Looks up the resources that use a certificate. */
export interface BindingTask {
  readonly id: string;
  readonly certificateId: string;
  readonly startedAt: Date;
  /** `resources` is undefined if the certificate no longer existed. */
  outcome?: { readonly at: Date; readonly resources: BoundResources | undefined };
}

/** A deletion that first checks whether the certificate is in use. */
export interface DeletionTask {
  readonly certificateId: string;
  readonly startedAt: Date;
  /** Absent while it runs. `bound` are the domains of the resources that prevented it. */
  outcome?: { readonly at: Date; readonly isBound: boolean; readonly bound: readonly string[] };
}

/** An answer of a list by product, before it is cut into pages. */
interface HostListAnswer {
  readonly at: Date;
  readonly rows: readonly { readonly members: Readonly<Record<string, unknown>> }[];
}

/** An account's content in the SSL service, and the cloud resources that use its certificates. */
export class SslState {
  readonly ids: Identifiers;
  readonly certificates = new Map<string, StoredSslCertificate>();
  readonly csrs = new Map<number, CsrRecord>();
  readonly bindingTasks = new Map<string, BindingTask>();
  readonly deletionTasks = new Map<string, DeletionTask>();
  /** Answers of the lists by product, which may be given again. */
  readonly hostLists = new Map<string, HostListAnswer>();
  readonly deployments = new Map<number, Deployment>();
  /** Start of each running resource search of a one-click update, by its subject. */
  readonly searches = new Map<string, Date>();
  readonly loadBalancers: LoadBalancer[] = [];
  readonly cdnDomains: CdnDomain[] = [];
  readonly log: LogEntry[] = [];
  #lastChange: Promise<unknown> = Promise.resolve();

  constructor(name?: string) {
    this.ids = new Identifiers(name);
  }

  /** Runs one change at a time: a check and its consequence stay together while a key is being made. */
  inTurn<Result>(change: () => Result | Promise<Result>): Promise<Result> {
    const turn = this.#lastChange.then(change);
    this.#lastChange = turn.catch(() => undefined);
    return turn;
  }
}

export type ItemStatus = (typeof itemStatus)[keyof typeof itemStatus];

export interface DeploymentItem {
  readonly id: number;
  readonly binding: Binding;
  readonly createdAt: Date;
  /** In a rollback: the finished item that it reverts. */
  readonly undoes?: DeploymentItem;
  status: ItemStatus;
  error: string;
  updatedAt: Date;
  /** When it was queued, and how long it waits. */
  queuedAt: Date;
  wait: number;
}

/** A record of resources that switch from one certificate to another. */
export interface Deployment {
  readonly id: number;
  readonly kind: "update" | "rollback";
  readonly oldCertificateId: string;
  readonly newCertificateId: string;
  readonly createdAt: Date;
  readonly resourceTypes: readonly string[];
  readonly regions: readonly string[];
  readonly items: readonly DeploymentItem[];
}
