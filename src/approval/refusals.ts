import type { Decision } from "../audit/entry.js";
import { formatDuration, inQuotes } from "../lib/safe-text.js";
import { LapsedApprovalError, ToolError, UnseenTargetError, unapproved } from "../lib/tool-error.js";
import { describeFormFailure, waitingReply } from "./approval-status.js";
import type { Difference, Unseen } from "./current-state/read-current-state.js";
import { type ApprovalDeadline, maxPause } from "./deadlines.js";
import type { Execution } from "./execution.js";
import { headlineLines, type Plan, sentences } from "./plan.js";
import { type LimitReached, questionLimits } from "./question-limits.js";
import type { ApprovalRequest, FormFailure } from "./request.js";

export interface Refused {
  readonly operation: { readonly name: string };
}

/**
 * Why a change was not carried out, for the model. None of these may contain what it takes to approve or say how to
 * avoid the question.
 */
const reasons = {
  "read-only": {
    happened: "The server is running in read-only mode.",
    next: "Tell the person that changes are switched off here.",
  },
  denied: {
    happened: "The operator's policy does not allow this operation.",
    next: "Tell the person that the operator decides which operations are allowed here.",
  },
  "purchases are off": {
    happened: "Purchases are not enabled on this server.",
    next: "Tell the person that purchases are switched off here; they can be made in the vendor's console.",
  },
  declined: {
    happened: "The person was asked and did not approve it.",
    next: "Tell the person that nothing was done. Do not ask again unless they bring it up.",
  },
  dismissed: {
    happened: "The question to the person was closed without an answer.",
    next: "Tell the person that nothing was done, and ask whether they still want it.",
  },
  cancelled: {
    happened: "The call was cancelled, or this server is shutting down.",
    next: "Call again if it is still wanted.",
  },
  "not answered": {
    happened:
      "The question to the person was not answered in time, or this computer's clock was set back in the meantime.",
    next: "Tell the person that nothing was done; if they still want it, call again.",
  },
  "no longer admitted": {
    happened: "The access token used for this call was revoked, has expired, or its permissions have changed.",
    next: "Tell the person: log in again, or correct the client's token; then call again if it is still wanted.",
  },
  "much the same waits": {
    happened:
      "A nearly identical call is already waiting for a decision; it differs only in letter case, whitespace, order, watch time or what it found.",
    next: "Wait for that call's reply. If this one is also wanted, call again afterwards.",
  },
  "under way": {
    happened: "A call about the same thing is being carried out right now.",
    next: "Wait for that call's reply, read the current state, and call again if something is left to do.",
  },
  "nobody to ask": {
    happened:
      "It changes something or takes a private key out, so a person must approve it first, and there is no way to reach one from here.",
    next: "Tell the person: the README of cloudcert-mcp explains how an operator enables this server to ask.",
  },
  unattended: {
    happened:
      "It changes something or takes a private key out, so a person must approve it first. No standing approval covers it, and this run asks nobody.",
    next: "Have a person asked: leave out --unattended, or give renew and the deploy hook --ask. Or give a standing approval; docs/unattended.md says how.",
  },
  "dry run": {
    happened: "This is a dry run, which asks nobody and sends nothing.",
    next: "Leave out --dry-run to have a person asked.",
  },
  "too large to ask": {
    happened: "It covers more than the client's form can show, so no person was asked there.",
    next: "Tell the person. Call again with fewer objects at a time, or ask the operator to let this server ask on its page or in a terminal, which list every object.",
  },
  "no record": {
    happened: "The audit log could not be written, and nothing is changed without a record.",
    next: "Tell the person; the operator can find the cause in this server's log.",
  },
  foreign: {
    happened:
      "The approval given with the call was not issued by this server in this session, or has been discarded because too many were issued after it.",
    next: "Call again without it, to have the change planned again.",
  },
  altered: {
    happened:
      "The approval given with the call was issued for other arguments, another operation or another account, or the plan has changed.",
    next: "Call again without it, to have this change planned on its own.",
  },
  expired: {
    happened: "The approval given with the call has expired.",
    next: "Call again without it, to have the change planned again.",
  },
  "clock set back": {
    happened: "This computer's clock was set back after the approval was asked for, which voids the approval.",
    next: "Call again, without an approval from before, to have the change planned again.",
  },
  voided: {
    happened:
      "The approval given with the call is void: what it covers has changed since, or a newer plan has replaced it.",
    next: "Call again without it, to have the change planned again.",
  },
} satisfies Readonly<Record<string, { happened: string; next: string }>>;

type Reason = keyof typeof reasons;

/** What a person's approval does not lift. */
const notLiftedByApproval: ReadonlySet<Reason> = new Set([
  "read-only",
  "denied",
  "purchases are off",
  "no longer admitted",
  "much the same waits",
  "under way",
  "no record",
]);

/** @param cause what the operator needs to know, and a model does not */
export function refusal({ operation }: Refused, reason: Reason, cause?: unknown): ToolError {
  const { happened, next } = reasons[reason];
  const details = {
    kind: reason === "cancelled" ? "cancelled" : "refused",
    changed: "no",
    sent: false,
    next,
    awaitsPerson: !notLiftedByApproval.has(reason),
  } as const;
  return new ToolError(
    { ...details, happened: `${operation.name} was not carried out. ${happened} Nothing was sent.` },
    { cause },
  );
}

/** Why a question that was decided or closed leads to nothing. */
export function refusalAfter(refused: Refused, request: ApprovalRequest, verdict: Exclude<Decision, "approved">) {
  if (verdict !== "wrong name") return refusal(refused, verdict);
  const { typed = "" } = request.plan;
  const what = /^\d+$/.test(typed) ? "a number" : "a name";
  return unapproved(
    `${refused.operation.name} was not carried out. The person was asked to type ${what} and typed ${request.ending?.typed}, so it does not count as approved. Nothing was sent.`,
    "Tell the person that nothing was done; if they still want it, call again.",
  );
}

/** The client's form was the only way to ask, and led to no decision. */
export function formFailed({ operation }: Refused, why: FormFailure): ToolError {
  return unapproved(
    `${operation.name} was not carried out. A person must approve it, and this client's form is the only way to ask one here. ${describeFormFailure(why)} Nothing was sent.`,
    "Tell the person what happened to the form, and that an answer they may have given does not count. Call again to ask once more. The README of cloudcert-mcp explains how an operator enables this server to ask in another way.",
  );
}

/** What is said of a call that may still go on to somebody whose token was withdrawn meanwhile. */
export function endedWithToken(refused: Refused, ended: ToolError): ToolError {
  const { kind, ongoing, changed, happened: before } = ended.details;
  const { happened, next } = reasons["no longer admitted"];
  if (ongoing?.state === "being carried out") {
    const goesOn = `${refused.operation.name} was approved and started before that, so it is still carried out and recorded.`;
    const look = `${next} First read what it has changed.`;
    return new ToolError({ kind: "refused", happened: `${happened} ${goesOn}`, changed: "unknown", next: look });
  }
  if (ongoing !== undefined) return refusal(refused, "no longer admitted");
  const isGivenUp = kind === "cancelled" && changed === "no";
  return isGivenUp ? new ToolError({ ...ended.details, happened: `${happened} ${before}`, next }) : ended;
}

export function waiting({ operation }: Refused, request: ApprovalRequest): ToolError {
  return new ToolError(waitingReply(operation.name, { name: "waiting", request }));
}

/** Like {@link waiting}, but with what a host needs to ask a person itself. */
export function tokenOffered(refused: Refused, request: ApprovalRequest, plan: Plan, token: string): ToolError {
  const { language: _, ...shown } = plan;
  return new ToolError({
    ...waiting(refused, request).details,
    next: "Show the person the plan. Once they agree, make the same call with its argument approval set to the token.",
    approval: {
      token,
      expiresAt: new Date(request.expiresAt).toISOString(),
      plan: { headline: sentences(plan, headlineLines(plan)), ...shown },
    },
  });
}

/** Why a person is not asked now, and when they may be asked. */
const limits: Readonly<Record<LimitReached["limit"], { happened: string; next: (wait: string) => string }>> = {
  open: {
    happened: `${questionLimits.open} questions are already waiting for a person, the most allowed at once.`,
    next: (wait) => `The call is possible again once one of them is decided, in ${wait} at the latest.`,
  },
  minute: {
    happened: `A person was asked ${questionLimits.perMinute} questions within a minute, the most allowed.`,
    next: later,
  },
  day: {
    happened: `A person was asked ${questionLimits.perDay} questions within a day, the most allowed.`,
    next: later,
  },
  declined: {
    happened: "The person has declined this very change.",
    next: (wait) => `Do not ask again unless the person raises it; the call is possible again in ${wait}.`,
  },
  noes: {
    happened: "The person has declined several questions in a row, or left them unanswered.",
    next: (wait) => `Ask in the conversation what is wanted; the call is possible again in ${wait}.`,
  },
};

function later(wait: string): string {
  return `The call is possible again in ${wait}.`;
}

export function limitReached({ operation }: Refused, { limit, wait }: LimitReached): ToolError {
  const { happened, next } = limits[limit];
  return unapproved(
    `${operation.name} was not carried out, and nobody was asked. ${happened} Nothing was sent.`,
    `Tell the person. ${next(String(formatDuration(wait)))}`,
  );
}

/** The approval was used by another call for the same thing. */
export function alreadyCarriedOut(
  { operation }: Refused,
  execution: Execution | undefined,
  ago: number | undefined,
): ToolError {
  const isRunning = execution === undefined || ago === undefined;
  const when = isRunning ? "is being carried out right now" : `was carried out ${formatDuration(ago)} ago`;
  return new ToolError({
    kind: "refused",
    happened: `${operation.name} was not carried out a second time: its approval was valid once and has been used. The same call ${when}.${isRunning ? "" : ` ${execution.description}.`} Nothing was sent a second time.`,
    changed: !isRunning && execution.changed === "unknown" ? "unknown" : "by the other call",
    sent: false,
    next: isRunning
      ? "Wait for that call's reply, and read the current state."
      : "Tell the person, and read the current state. If it is wanted again, call again.",
  });
}

/** What was shown as "now" has changed. */
export function stateChanged({ operation }: Refused, found: readonly Difference[]): ToolError {
  return unapproved(
    `${operation.name} was not carried out. What the person was shown has changed since, so their approval is void. ${listOf(found)}. Nothing was sent.`,
    "Tell the person what is different; if the change is still wanted, call again to have it planned again.",
  );
}

/** What was shown as "now" of one target of a job has changed, so that target is not touched. */
export function targetChanged({ operation }: Refused, found: readonly Difference[]): ToolError {
  const { details } = unapproved(
    `${operation.name} was not sent: what a person was shown there has changed since the plan was made. ${listOf(found)}. Nothing was changed there.`,
    "Tell the person what is different; call again for a plan that shows it.",
  );
  return new LapsedApprovalError(details);
}

/** Whether what was shown as "now" of one target of a job is still so is not known, so that target is not touched. */
export function targetNotSeen({ operation }: Refused, unseen: readonly Unseen[]): ToolError {
  const found = unseen.map(({ what, now }) => `${what}: ${quotedOnce(now)}`).join("; ");
  const { details } = unapproved(
    `${operation.name} was not sent: whether what a person was shown there is still so could not be seen. ${found}. Nothing was changed there.`,
    "Tell the person; call again, which looks again.",
  );
  return new UnseenTargetError(details);
}

/** Too much time passed since the request before, as while a computer sleeps: a person may not expect any more. */
export function pausedTooLong({ operation }: Refused, { clockSetBack }: Pick<ApprovalDeadline, "clockSetBack">) {
  const why = clockSetBack
    ? "This computer's clock was set back since the request before it"
    : `More than ${maxPause / 60_000} minutes passed since the request before it`;
  const { details } = unapproved(
    `${operation.name} was not sent. ${why}, which ends the approval. What was sent before stays as it is; nothing more is sent.`,
    "Tell the person what was done and what was not; call again to have the rest planned again.",
  );
  return new LapsedApprovalError({ ...details, endsApproval: true });
}

const listOf = (found: readonly Difference[]) =>
  found.map(({ what, shown, now }) => `${what}: was ${quotedOnce(shown)}, is now ${quotedOnce(now)}`).join("; ");

const alreadyQuoted = /^"[^"\\]*(?:\\.[^"\\]*)*"$/s;

/** In quotation marks; a remark already has them. */
function quotedOnce(text: string): string {
  return alreadyQuoted.test(text) ? text : String(inQuotes(text));
}
