/** The log cannot be written or read; its message is for the operator and names the file. */
export class AuditError extends Error {}

/** There is nothing at the given path. */
export class NoAuditLog extends AuditError {}
