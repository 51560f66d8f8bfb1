import type { BoundResource } from "./tencent-ssl/bound-resources.js";

/** What documented reads show of the objects of a call, before a person is asked. What was not told is undefined. */

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
  /** Milliseconds since the epoch, as are the others. */
  readonly endsAt: number | undefined;
  readonly appliedAt: number | undefined;
  readonly isUploaded: boolean;
  /** Of a client CA, not of a server. */
  readonly isCa: boolean | undefined;
  readonly isFree: boolean;
  /** Whether its order was filled in. */
  readonly isFilledIn: boolean | undefined;
  /** Id of the certificate that was reissued in its place. */
  readonly replacedBy: string | undefined;
  /** Present where it was asked after and could be found out. */
  readonly use: Use | undefined;
}

export interface CsrState {
  readonly isGenerated: boolean;
  /** Of the members that can be edited. */
  readonly members: Readonly<Record<string, string | undefined>>;
}

/** How many resources of a record are in which state. */
export interface DeploymentState {
  readonly succeeded: number;
  readonly failed: number;
  readonly running: number;
  readonly waiting: number;
}

/** Undefined where an object could not be read. */
export interface CurrentState {
  /** Milliseconds since the epoch. */
  readonly now: number;
  certificate(id: string): CertificateState | undefined;
  csr(id: number): CsrState | undefined;
  deployment(id: number): DeploymentState | undefined;
  /** Ids of the certificates of an EdgeOne host. */
  host(zone: string, host: string): readonly string[] | undefined;
  /** Id under which the certificate that is to be uploaded is stored already; `none` where it is not. */
  readonly stored: { readonly id: string } | "none" | undefined;
}
