/** The log cannot be written or read; its message is for the operator and names the file. */
export class AuditError extends Error {}

/** There is nothing at the given path. */
export class NoAuditLog extends AuditError {}

export function systemCodeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
