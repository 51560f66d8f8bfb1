import type { Verification } from "../catalogue/operation.js";
import type { JsonObject } from "../lib/json.js";
import { PolicyViolation, ToolError } from "../lib/tool-error.js";
import { type CallInfo, changeNotSeen } from "./errors.js";
import type { Success } from "./protocols/protocol.js";

/** The read that shows whether the call was executed; undefined if none can tell for certain. */
export function verificationOf({ operation, params }: CallInfo): Verification | undefined {
  return operation.effect === "read" ? undefined : operation.verifyWith?.(params);
}

/**
 * Uses a documented read to find out the outcome of a change whose reply was lost.
 * @param read executes the read
 * @returns the success that the lost reply would have reported
 * @throws {ToolError} `lost` with what was found, if the change is not seen
 */
export async function reconcile(
  verification: Verification,
  lost: ToolError,
  read: () => Promise<JsonObject>,
): Promise<Success> {
  const { name } = verification.read;
  if (lost.details.code !== undefined && lost.details.code === verification.provingCode)
    return verifiedSuccess(verification, lost);
  try {
    if (verification.matches(await read())) return verifiedSuccess(verification, lost);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    if (error.details.code !== undefined && error.details.code === verification.provingCode)
      return verifiedSuccess(verification, lost);
    const { details } = changeNotSeen(lost, name, error instanceof PolicyViolation ? "excluded" : "unread");
    // The key was exchanged between the request and the read.
    throw new ToolError({ ...details, ...(error.details.endsApproval && { endsApproval: true }) });
  }
  throw changeNotSeen(lost, name, "not");
}

function verifiedSuccess({ read, result }: Verification, lost: ToolError): Success {
  const { requestId } = lost.details;
  const note = `No clear reply came to the request, but ${read.name} shows afterwards that it was carried out.`;
  return { ok: true, result, notes: [note], verifiedAfter: lost, ...(requestId !== undefined && { requestId }) };
}
