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

/** What usually causes a code, in our words. */
export interface Diagnosis {
  /**
   * Likely causes, most frequent first. Their order follows public reports (issue trackers of the SDKs and of
   * certificate tools) if there are any; otherwise it is an inference from the documents.
   */
  readonly causes: readonly string[];
  /** What to check; absent if the kind's own list is specific enough. */
  readonly checks?: readonly string[];
  /** Whether a repeat helps, if the code differs from its kind. */
  readonly retry?: string;
}

/** Without causes of its own, a code has those of its kind. */
export interface ErrorFact extends Partial<Diagnosis> {
  readonly kind: ErrorKind;
  /** What happened: one short sentence. */
  readonly means: string;
  /** What to do about it, if the kind's own advice is not specific enough. */
  readonly next?: string;
  /** HTTP status, for the clouds that vary it (Alibaba Cloud, Huawei Cloud); 400 if absent. */
  readonly status?: number;
  /** The cloud may have done part of the work before it failed. */
  readonly mayHaveChanged?: true;
}

/** What codes of a form have in common; used if no table has the code. */
export interface CodePattern {
  readonly form: RegExp;
  readonly fact: ErrorFact;
}

export type ErrorTable = Readonly<Record<string, ErrorFact>>;
