import { inQuotes, type SafeText, safe } from "../lib/safe-text.js";
import { ToolError, unsent } from "../lib/tool-error.js";
import { waitingReply } from "./approval-status.js";
import type { Difference } from "./current-state/current-state.js";
import type { Execution } from "./execution.js";
import { headlineLines, type Plan, sentences } from "./plan.js";
import { type LimitReached, questionLimits } from "./question-limits.js";
import type { ApprovalRequest } from "./request.js";

export interface Refused {
  readonly operation: { readonly name: string };
}

/**
 * Why a change was not carried out, for the model. None of these may contain what it takes to approve or say how to
 * avoid the question.
 */
const reasons = {
  "read-only": {
    happened: "Its operator runs this server in read-only mode.",
    next: "Tell the person that changes are switched off here.",
  },
  denied: {
    happened: "Its operator does not allow this operation here.",
    next: "Tell the person that the operator's policy excludes it.",
  },
  "purchases are off": {
    happened: "Its operator has not enabled purchases on this server.",
    next: "Tell the person that buying is switched off here; it can be done in the vendor's console.",
  },
  declined: {
    happened: "The person was asked and did not approve it.",
    next: "Tell the person that nothing was done. Do not ask again unless they bring it up.",
  },
  dismissed: {
    happened: "The question to the person was closed without an answer.",
    next: "Tell the person that nothing was done, and ask whether they still want it.",
  },
  "wrong name": {
    happened: "The person was asked to type a name and typed another one, so it does not count as approved.",
    next: "Tell the person that nothing was done; if they still want it, call again.",
  },
  cancelled: {
    happened: "The call was cancelled, or this server is shutting down.",
    next: "Call again if it is still wanted.",
  },
  "not answered": {
    happened: "The question to the person was not answered in time, or this computer's clock was set back meanwhile.",
    next: "Tell the person that nothing was done; if they still want it, call again.",
  },
  "no longer admitted": {
    happened: "The access token that it was called with was removed, has expired or allows something else now.",
    next: "Tell the person: log in again, or correct the client's token; then call again if it is still wanted.",
  },
  "much the same waits": {
    happened:
      "A call that differs from it only in case, spaces, order, how long it watches or what it found waits for a decision.",
    next: "Wait for that call's reply. If this one is also wanted, call again after it.",
  },
  "under way": {
    happened: "A call about the same thing is being carried out right now.",
    next: "Wait for that call's reply, read the present state, and call again if something is left to do.",
  },
  "nobody to ask": {
    happened:
      "It changes something or takes a private key out, so a person must approve it first, and there is no way to reach one from here.",
    next: "Tell the person: the README of cloudcert-mcp says how an operator lets this server ask.",
  },
  "too large to ask": {
    happened: "It is about more than the client's form can show, so no person was asked there.",
    next: "Tell the person: call again with fewer objects at a time; or the operator lets this server ask on its page or in a terminal, which list every object.",
  },
  "no record": {
    happened: "The audit log could not be written, and nothing is changed without a record.",
    next: "Tell the person; the operator finds the cause in this server's log.",
  },
  foreign: {
    happened:
      "The approval given with the call was not issued by this server in this session, or was forgotten because so many followed.",
    next: "Call again without it, to have the change planned again.",
  },
  altered: {
    happened:
      "The approval given with the call was issued for other arguments, another operation or another account, or the plan has changed.",
    next: "Call again without it, to have this change planned on its own.",
  },
  expired: {
    happened: "The approval given with the call is older than approvals may be.",
    next: "Call again without it, to have the change planned again.",
  },
  "clock set back": {
    happened: "This computer's clock was set back after the approval was asked for, which makes it void.",
    next: "Call again, without an approval from before, to have the change planned again.",
  },
  voided: {
    happened:
      "The approval given with the call is void: what it was about has changed since, or a newer plan took its place.",
    next: "Call again without it, to have the change planned again.",
  },
} satisfies Readonly<Record<string, { happened: string; next: string }>>;

export function refusal({ operation }: Refused, reason: keyof typeof reasons): ToolError {
  const { happened, next } = reasons[reason];
  return unsent("refused", `${operation.name} was not carried out. ${happened} Nothing was sent.`, next);
}

/** What is said of a call that may still go on to somebody whose token was withdrawn meanwhile. */
export function endedWithToken(refused: Refused, ended: ToolError): ToolError {
  const { kind, ongoing, changed, happened: before } = ended.details;
  const { happened, next } = reasons["no longer admitted"];
  if (ongoing?.state === "being carried out") {
    const goesOn = `${refused.operation.name} was approved and begun before that: it is carried out and recorded all the same.`;
    const look = `${next} Read first what it has changed.`;
    return new ToolError({ kind: "refused", happened: `${happened} ${goesOn}`, changed: "unknown", next: look });
  }
  if (ongoing !== undefined) return refusal(refused, "no longer admitted");
  const isGivenUp = kind === "cancelled" && changed === "no";
  return isGivenUp ? new ToolError({ ...ended.details, happened: `${happened} ${before}`, next }) : ended;
}

export function waiting({ operation }: Refused, request: ApprovalRequest): ToolError {
  return new ToolError(waitingReply(operation.name, { name: "waiting", request }));
}

/** The same, with what a host needs to ask a person itself. */
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
const limits: Readonly<Record<LimitReached["limit"], { happened: string; next?: string }>> = {
  open: {
    happened: `${questionLimits.open} questions already wait for a person, the most allowed at the same time.`,
    next: "once one of them is decided, at the latest",
  },
  minute: { happened: `A person was asked ${questionLimits.perMinute} questions within a minute, the most allowed.` },
  day: { happened: `A person was asked ${questionLimits.perDay} questions within a day, the most allowed.` },
  declined: { happened: "The person has declined this very change.", next: "if the person brings it up," },
  noes: {
    happened: "The person has turned down several questions in a row, or left them without an answer.",
    next: "after asking in the conversation what is wanted,",
  },
};

export function limited({ operation }: Refused, { limit, wait }: LimitReached): ToolError {
  const { happened, next } = limits[limit];
  return unsent(
    "refused",
    `${operation.name} was not carried out, and nobody was asked. ${happened} Nothing was sent.`,
    `Tell the person. The call may be made again ${next === undefined ? "" : `${next} `}in ${spanInWords(wait)}.`,
  );
}

/** The approval was used by another call for the same thing. */
export function alreadyCarriedOut(
  { operation }: Refused,
  execution: Execution | undefined,
  ago: number | undefined,
): ToolError {
  const under = execution === undefined || ago === undefined;
  const when = under ? "is being carried out right now" : `was carried out ${spanInWords(ago)} ago`;
  return new ToolError({
    kind: "refused",
    happened: `${operation.name} was not carried out a second time: its approval was valid once and has been used. The same call ${when}.${under ? "" : ` ${execution.inWords}.`} Nothing was sent a second time.`,
    changed: !under && execution.changed === "unknown" ? "unknown" : "by the other call",
    sent: false,
    next: under
      ? "Wait for that call's reply, and read the present state."
      : "Tell the person, and read the present state. If it is wanted again, call again.",
  });
}

/** "42 seconds", "3 minutes", "5 hours"; at least one second. */
export function spanInWords(ms: number): SafeText {
  const [one, many, length] =
    ms < 90_000
      ? ([safe`second`, safe`seconds`, 1_000] as const)
      : ms < 5_400_000
        ? ([safe`minute`, safe`minutes`, 60_000] as const)
        : ([safe`hour`, safe`hours`, 3_600_000] as const);
  const count = Math.max(1, Math.ceil(ms / length));
  return safe`${count} ${count === 1 ? one : many}`;
}

/** What was shown as "now" has changed. */
export function drifted({ operation }: Refused, found: readonly Difference[]): ToolError {
  const list = found.map(({ what, shown, now }) => `${what}: was ${marked(shown)}, is now ${marked(now)}`).join("; ");
  return unsent(
    "refused",
    `${operation.name} was not carried out. What the person was shown has changed since, so their approval is void. ${list}. Nothing was sent.`,
    "Tell the person what is different; if the change is still wanted, call again to have it planned again.",
  );
}

const markedAlready = /^"[^"\\]*(?:\\.[^"\\]*)*"$/s;

/** In quotation marks; a remark already has them. */
function marked(text: string): string {
  return markedAlready.test(text) ? text : String(inQuotes(text));
}
