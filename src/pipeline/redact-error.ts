import { withoutPersonalData } from "../lib/personal-data.js";
import { OversizedReplyError, PolicyViolation, ToolError } from "../lib/tool-error.js";
import type { Redactor } from "../secrets/redaction/redactor.js";

interface Masks {
  readonly redactor: Redactor;
  readonly maskPersonal: boolean;
}

/** Masks secrets, and personal data unless the operator shows it. */
export function masking({ redactor, maskPersonal }: Masks): (text: string) => string {
  return (text) => (maskPersonal ? withoutPersonalData(redactor.redact(text)) : redactor.redact(text));
}

/** Redacts codes and ids too: the cloud chooses them. Personal data is masked only in the cloud's words. */
export function redactError(failure: ToolError, masks: Masks): ToolError {
  // They name an operation and a setting or a size, all our own words; callers tell them from other failures.
  if (failure instanceof PolicyViolation || failure instanceof OversizedReplyError) return failure;
  const { redactor } = masks;
  const { kind, happened, next, code, requestId } = failure.details;
  const masked = {
    ...failure.details,
    happened: kind === "cloud" ? masking(masks)(happened) : redactor.redact(happened),
    next: redactor.redact(next),
    ...(code !== undefined && { code: redactor.redact(code) }),
    ...(requestId !== undefined && { requestId: redactor.redact(requestId) }),
  };
  return new ToolError(masked, { cause: failure.cause });
}

/**
 * What some work finds.
 * @throws {ToolError} redacted
 */
export async function redactingErrors<Found>(work: Promise<Found>, masks: Masks): Promise<Found> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof ToolError ? redactError(error, masks) : error;
  }
}
