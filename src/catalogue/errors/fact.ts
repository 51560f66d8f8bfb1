/**
 * What an error code means, in our words. The kind decides the default next step, whether a repeat can help, and what
 * the error implies about the account's state (docs/cloud-behaviour.md 1.4).
 */
export type ErrorKind =
  | "input"
  | "state"
  | "not-found"
  | "quota"
  | "permission"
  | "credential"
  | "clock"
  | "throttled"
  | "busy"
  | "temporary"
  | "unsupported";

export interface ErrorFact {
  readonly kind: ErrorKind;
  /** What happened: one short sentence. */
  readonly means: string;
  /** What to do about it, if the kind's own advice is not specific enough. */
  readonly next?: string;
  /** HTTP status, for the clouds that vary it (Alibaba Cloud, Huawei Cloud). */
  readonly status?: number;
  /** The cloud may have done part of the work before it failed. */
  readonly mayHaveChanged?: true;
}

export type ErrorTable = Readonly<Record<string, ErrorFact>>;
