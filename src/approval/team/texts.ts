import type { AskRefusal } from "../../access/rules.js";
import type { Warning } from "../../catalogue/operation.js";
import { caution, loss } from "../../catalogue/warnings.js";
import { formatMoment, inQuotes, safe } from "../../lib/safe-text.js";
import { ToolError, unapproved, unsent } from "../../lib/tool-error.js";
import type { ApprovalProgress } from "../approval-status.js";
import type { Refused } from "../refusals.js";
import type { TeamQuestion } from "./question.js";

/** Why a question may not be asked, for the model. None of these may say how to get around that. */
const reasons: Readonly<Record<AskRefusal, { readonly happened: string; readonly next: string }>> = {
  "not their account": {
    happened: "The person who calls may not change this account.",
    next: "Tell the person: the operator's rules say who may.",
  },
  "no rule": {
    happened: "The operator's rules let nobody approve this change.",
    next: "Tell the person: the operator decides what may be changed here.",
  },
  "not theirs to ask": {
    happened: "The operator's rules do not let the person who calls ask for this change.",
    next: "Tell the person: somebody else of their team can ask for it.",
  },
  "nobody can approve": {
    happened: "Under the operator's rules, too few other people could approve this for the person who calls.",
    next: "Tell the person: somebody else of their team can ask for it.",
  },
  "quiet hours": {
    happened: "These are quiet hours: no change can be asked for or approved. Reads still work.",
    next: "Tell the person. Call again after the quiet hours if it is still wanted.",
  },
};

export function notAsked({ operation }: Refused, why: AskRefusal): ToolError {
  const { happened, next } = reasons[why];
  return unsent(
    "refused",
    `${operation.name} was not carried out. ${happened} Nobody was asked and nothing was sent.`,
    next,
  );
}

export function notUsable({ operation }: Refused, why: "used" | "over" | "other rules"): ToolError {
  if (why === "other rules")
    return unapproved(
      `${operation.name} was not carried out. The operator's rules have changed since it was asked for, so its approval is void. Nothing was sent.`,
      "Tell the person; if it is still wanted, call again: it is then asked for under the current rules.",
    );
  if (why === "over")
    return unapproved(
      `${operation.name} was not carried out. Its approval has expired or was withdrawn. Nothing was sent.`,
      "Tell the person; if it is still wanted, call again.",
    );
  return new ToolError({
    kind: "refused",
    happened: `${operation.name} was not carried out a second time: its approval was valid once and has been used by the same call, here or at another server. Nothing was sent a second time.`,
    changed: "by the other call",
    sent: false,
    next: "Wait for that call's reply, and read the current state.",
  });
}

/** That the same was approved and begun a short time ago, whoever asked for it. */
export function usedBefore({ asker, usedAt, readAt }: TeamQuestion, { effect }: { readonly effect: string }): Warning {
  const what = effect === "purchase" ? safe`The same purchase` : safe`The same`;
  return loss(
    safe`${what} was approved for ${inQuotes(asker.name)} and begun at ${formatMoment(usedAt ?? readAt)}. Find out what came of it first.`,
  );
}

/** That somebody else waits for an answer about the same. */
export function alsoAsked({ asker }: TeamQuestion): Warning {
  return caution(safe`${inQuotes(asker.name)} has asked for the same, and that question is still pending.`);
}

/** The state of a question that was asked at another server, in words for a model. */
export function teamProgress(
  { state, plans, expiresAt, decisions }: TeamQuestion,
  address: string | undefined,
): ApprovalProgress {
  const until = expiresAt.toISOString();
  const progress = (reached: ApprovalProgress["state"], text: string) => ({
    state: reached,
    says: `${plans.en.operation} ${text}`,
  });
  const over = "Nothing was sent for it. Make the same call again only if it is still wanted.";
  switch (state) {
    case "open": {
      const where = address === undefined ? "on this server's approval page" : `at ${address}`;
      const given = decisions.length === 0 ? "" : ` ${decisions.length} approved so far.`;
      return progress(
        "waiting",
        `is waiting for approval, until ${until}. The team decides ${where}.${given} Nothing was sent.`,
      );
    }
    case "approved":
      return progress(
        "approved",
        `has been approved. Nothing was sent: make the same call again, before ${until}: it uses the approval and carries it out.`,
      );
    case "used":
      return progress(
        "being carried out",
        "was approved, and a call uses the approval or has used it. list_jobs and a read of the current state tell what came of it.",
      );
    case "declined":
    case "wrong name":
      return progress("over", `was declined. ${over}`);
    case "withdrawn":
      return progress("over", `was withdrawn. ${over}`);
    case "expired":
      return progress("over", `was not decided or not used in time. ${over}`);
  }
}
