/** Whether a failed call changed the account or may have. */
export type Changed = "no" | "partly" | "unknown" | "by the other call";

/** Where to act: the caller's arguments, the operator's setup, the person who approves, or the cloud. */
type ToolErrorKind = "input" | "configuration" | "refused" | "waiting" | "cloud" | "cancelled";

/** What a host needs to get a change approved at its own prompt, if the operator chose that. */
export interface OfferedApproval {
  readonly token: string;
  readonly expiresAt: string;
  /** To be shown to the person. */
  readonly plan: unknown;
}

/** The state of a call that had to be answered before it ended. Not an error: the same call continues it. */
interface OngoingCallState {
  readonly state: "planning" | "waiting for approval" | "approved" | "being carried out";
  /** Identifies the approval for wait_for; knowing it approves nothing. */
  readonly approval_id?: string;
  /** Until when it can be decided and used. */
  readonly decide_until?: string;
  /** The job that is being carried out, for wait_for. */
  readonly job?: string;
}

export interface ToolErrorDetails {
  readonly kind: ToolErrorKind;
  /** What happened, in one or two sentences. */
  readonly happened: string;
  readonly changed: Changed;
  /** What to do next. Never how to avoid the gate. */
  readonly next: string;
  /** Whether any byte of the request may have left; absent if no request was made. */
  readonly sent?: boolean;
  /** The vendor's error code, if any. */
  readonly code?: string;
  readonly requestId?: string;
  readonly httpStatus?: number;
  readonly approval?: OfferedApproval;
  readonly ongoing?: OngoingCallState;
  /** Whether what is missing is a person's approval. Decides exit codes, and is no part of a reply. */
  readonly awaitsPerson?: boolean;
  /** Whether nothing more may be sent under the same approval. Ends jobs, and is no part of a reply. */
  readonly endsApproval?: true;
}

/** Why something failed, for the caller; the log tells the operator more. */
export const becauseOfDefect = "because of a defect of this server; the operator can find it in the server's log.";

/** The only error that a tool call may end in. Its thrower must make sure that it holds no secret. */
export class ToolError extends Error {
  readonly details: ToolErrorDetails;

  constructor(facts: ToolErrorDetails, options?: ErrorOptions) {
    super(facts.happened, options);
    this.details = facts;
  }
}

/** The error of a call of which nothing was sent. */
export function unsent(kind: ToolErrorKind, happened: string, next: string): ToolError {
  return new ToolError({ kind, happened, changed: "no", sent: false, next });
}

/** The error of a change that was not sent because no person's approval of it counts now. */
export function unapproved(happened: string, next: string): ToolError {
  return new ToolError({ kind: "refused", happened, changed: "no", sent: false, next, awaitsPerson: true });
}

/** The arguments cannot be right; nothing was changed. */
export function unusable(happened: string, next = "Correct the arguments and call again."): ToolError {
  return new ToolError({ kind: "input", happened, changed: "no", next });
}

/** The call was cancelled; nothing was changed. */
export function cancelledCall(happened: string, request: { readonly sent?: boolean } = {}): ToolError {
  const next = "Call again if it is still wanted.";
  return new ToolError({ kind: "cancelled", happened, changed: "no", next, ...request });
}

/**
 * What is found, or what `instead` makes of the failure to find it.
 * @throws what nothing goes on after: a cancelled call, and a defect
 */
export async function unlessFailed<Found, Instead>(
  finding: Promise<Found>,
  instead: (failure: ToolError) => Instead,
): Promise<Found | Instead> {
  try {
    return await finding;
  } catch (error) {
    if (!(error instanceof ToolError) || error.details.kind === "cancelled") throw error;
    return instead(error);
  }
}

/** A request excluded by the operator's policy. It was neither signed nor sent. */
export class PolicyViolation extends ToolError {
  /** The operation's documented name. */
  readonly operation: string;
  /** What excludes it, to be put in brackets. */
  readonly why: string;

  constructor(operation: string, why: string, happened = `${operation} is excluded by this server's policy (${why}).`) {
    super({
      kind: "refused",
      happened: `${happened} Nothing was sent.`,
      changed: "no",
      sent: false,
      next: "Tell the person: the operator decides what this server may use.",
    });
    this.operation = operation;
    this.why = why;
  }

  /** The same for the caller of a tool that needs the operation. */
  neededBy(tool: string): PolicyViolation {
    const { operation, why } = this;
    return new PolicyViolation(
      operation,
      why,
      `${tool} needs ${operation}, which this server's policy excludes (${why}).`,
    );
  }
}

/** What was approved is no longer to be sent, because of what happened since. A job has not attempted such a target. */
export class LapsedApprovalError extends ToolError {}

/** A target could not be looked at again before it was to be sent. Nothing is known to have changed there. */
export class UnseenTargetError extends LapsedApprovalError {}

/** A cloud's reply was too large to read; asking for less may help. */
export class OversizedReplyError extends ToolError {}
