/** Whether the account was, or may have been, altered by a call that did not succeed. */
export type Changed = "no" | "partly" | "unknown" | "by the other call";

/** Whose turn it is: the caller's arguments, the operator's set-up, the person who approves, or the cloud. */
export type ToolErrorKind = "input" | "configuration" | "refused" | "waiting" | "cloud" | "cancelled";

/** What a host needs to have a change approved at its own prompt, where the operator chose that. */
export interface OfferedApproval {
  readonly token: string;
  readonly expiresAt: string;
  /** What the person is to be shown. */
  readonly plan: unknown;
}

/** How a call stands that has to be answered before its end: no error, since the same call takes it up. */
export interface WaitingReply {
  readonly state: "planning" | "waiting for approval" | "approved" | "being carried out";
  /** Names the approval, for wait_for; knowing it approves nothing. */
  readonly approval_id?: string;
  /** Until when it can be decided, and used. */
  readonly decide_until?: string;
}

export interface ToolErrorDetails {
  readonly kind: ToolErrorKind;
  /** What happened, in one or two sentences. */
  readonly happened: string;
  readonly changed: Changed;
  /** What to do next. Never how to get around the gate. */
  readonly next: string;
  /** Whether any byte of the request may have left; absent where it never came to that. */
  readonly sent?: boolean;
  /** The vendor's error code, when there is one. */
  readonly code?: string;
  readonly requestId?: string;
  readonly httpStatus?: number;
  readonly approval?: OfferedApproval;
  readonly standing?: WaitingReply;
}

/** The one error that a tool call may end in. It holds no secret: whoever throws it sees to that. */
export class ToolError extends Error {
  readonly details: ToolErrorDetails;

  constructor(facts: ToolErrorDetails, options?: ErrorOptions) {
    super(facts.happened, options);
    this.details = facts;
  }
}

/** A request that the operator's policy excludes. It was neither signed nor sent. */
export class PolicyViolation extends ToolError {
  /** The operation's documented name. */
  readonly operation: string;
  /** What excludes it, to stand in brackets. */
  readonly why: string;

  constructor(operation: string, why: string, happened = `${operation} is excluded by this server's policy (${why}).`) {
    super({
      kind: "refused",
      happened: `${happened} Nothing was sent.`,
      changed: "no",
      sent: false,
      next: "Tell the person: what this server may use is for its operator to decide.",
    });
    this.operation = operation;
    this.why = why;
  }

  /** The same, as the caller of a tool reads it that needs the operation. */
  neededBy(tool: string): PolicyViolation {
    const { operation, why } = this;
    return new PolicyViolation(
      operation,
      why,
      `${tool} needs ${operation}, which this server's policy excludes (${why}).`,
    );
  }
}
/** A cloud's reply was larger than is read: asking for less may do. */
export class OversizedReplyError extends ToolError {}
