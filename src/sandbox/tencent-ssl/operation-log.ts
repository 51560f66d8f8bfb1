/** Documented log entry types that the operations offered here write (docs/cloud-behaviour.md 3.7), and their verbs. */
const verbs = {
  apply: "applies for",
  applyVIP: "buys",
  submitInfo: "submits documents for",
  uploadConfirmLetter: "uploads a confirmation letter for",
  cancel: "cancels",
  Resubmit: "reopens",
  replace: "reissues",
  delete: "deletes",
  revoke: "asks to revoke",
  download: "downloads",
  uploadFromYunAPI: "uploads",
  updateAlias: "renames",
  changeProject: "moves",
  domainValidationPassed: "validates the domains of",
  issued: "issues",
} as const;

export type LogType = keyof typeof verbs;

/** Who did what to which certificate. */
export interface LogEntry {
  readonly type: LogType;
  readonly certificateId: string;
  readonly at: Date;
  /** Absent if the service acted by itself. */
  readonly user?: string;
}

export function sentenceOf({ type, certificateId, user }: LogEntry): string {
  return `User [uin: ${user ?? "--"}] ${verbs[type]} certificate [id: ${certificateId}]`;
}
