import type { SafeText } from "../lib/safe-text.js";
import type { BoundResource } from "./tencent-ssl/bound-resources.js";

/* What documented reads report about a call's objects before a person is asked. Unreported values are undefined. */

/** What uses a certificate. */
export interface Use {
  readonly total: number;
  /** By name, as far as they could be read. */
  readonly resources: readonly BoundResource[];
  /** Whether everything was counted. */
  readonly isWhole: boolean;
}

export interface CertificateState {
  /** docs/cloud-behaviour.md 3.2. */
  readonly status: number | undefined;
  readonly remark: string | undefined;
  readonly projectId: string | undefined;
  /** Milliseconds since the epoch, like the other times. */
  readonly endsAt: number | undefined;
  readonly appliedAt: number | undefined;
  readonly isUploaded: boolean;
  /** Whether it is a client CA's certificate rather than a server's. */
  readonly isCa: boolean | undefined;
  readonly isFree: boolean;
  /** Whether its order was filled in. */
  readonly isFilledIn: boolean | undefined;
  /** Id of the certificate that a reissue replaced it with. */
  readonly replacedBy: string | undefined;
  /** Set if it was requested and could be read. */
  readonly use: Use | undefined;
}

export interface CsrState {
  readonly isGenerated: boolean;
  /** The editable members. */
  readonly members: Readonly<Record<string, string | undefined>>;
}

/** Number of resources of a record in each state. */
export interface DeploymentState {
  readonly succeeded: number;
  readonly failed: number;
  readonly running: number;
  readonly waiting: number;
}

/** What the edges of the domains that may serve a certificate serve now. */
export interface EdgeSighting {
  /** Domains that serve it at some address. */
  readonly serving: readonly string[];
  /** Number of domains that were looked at, and serve something else or nothing. */
  readonly clear: number;
  /** What could not be seen, one sentence each. */
  readonly unseen: readonly SafeText[];
}

/** Undefined for objects that could not be read. */
export interface CurrentState {
  /** Milliseconds since the epoch. */
  readonly now: number;
  certificate(id: string): CertificateState | undefined;
  /** Where a certificate is still served, if that was asked. */
  edges(id: string): EdgeSighting | undefined;
  csr(id: number): CsrState | undefined;
  deployment(id: number): DeploymentState | undefined;
  /** Ids of the certificates of an EdgeOne host. */
  host(zone: string, host: string): readonly string[] | undefined;
  /** Whether a domain of Huawei Live redirects HTTP to HTTPS. */
  redirect(project: string, domain: string): boolean | undefined;
  /** Id of the stored copy of the certificate to upload; `none` if there is none. */
  readonly stored: { readonly id: string } | "none" | undefined;
}
