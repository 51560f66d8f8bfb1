import { programCommand } from "../lib/program-command.js";
import type { ToolErrorDetails } from "../lib/tool-error.js";
import type { CallStage } from "./channel.js";
import type { PendingApproval } from "./pending-approval.js";
import type { ApprovalRequest, ChannelKind, FormFailure } from "./request.js";

/* The state of calls and approvals in words for a model: where a person decides, but nothing that would let the model decide. */

/** The reply for a call that has reached this stage and continues. */
export function waitingReply(name: string, stage: CallStage, remarks: readonly string[] = []): ToolErrorDetails {
  const { happened, next, ongoing } = textsOf(name, stage);
  return {
    kind: "waiting",
    happened: [happened, ...remarks].join(" "),
    changed: stage.name === "sending" ? "unknown" : "no",
    ...(stage.name !== "sending" && { sent: false }),
    next,
    ongoing,
  };
}

function textsOf(
  name: string,
  stage: CallStage,
): Pick<ToolErrorDetails, "happened" | "next"> & Required<Pick<ToolErrorDetails, "ongoing">> {
  switch (stage.name) {
    case "planning":
      return {
        happened: `${name} is still being planned: what it would change is being read. Nobody has been asked yet, and nothing was sent.`,
        next: "Make the same call again: it goes on from here, and a person is asked once the plan is made.",
        ongoing: { state: "planning" },
      };
    case "waiting": {
      const { until, ...about } = aboutApproval(stage.request);
      return {
        happened: `${name} is waiting for approval, until ${until}. ${askedWhere(stage.request)} Nothing was sent.`,
        next: "Tell the person that this waits for their decision, and where. Then make the same call again: it keeps waiting and uses the decision. wait_for (approval, this approval_id) only tells whether it is decided.",
        ongoing: { state: "waiting for approval", ...about },
      };
    }
    case "approved": {
      const { until, ...about } = aboutApproval(stage.request);
      return {
        happened: `${name} has been approved but not started yet. Nothing was sent.`,
        next: `Make the same call again, before ${until}: it uses the approval and carries it out.`,
        ongoing: { state: "approved", ...about },
      };
    }
    case "sending": {
      const { progress } = stage;
      return {
        happened: `${name} was approved and is being carried out${progress === undefined ? "" : ` (job ${progress.job}, ${progress.position})`}; its result is not known yet.`,
        next: `Make the same call again: it does nothing twice and returns the result.${progress === undefined ? "" : ` It goes on by itself; wait_for (deployment, ${progress.job}) tells how far it is.`}`,
        ongoing: { state: "being carried out", ...(progress && { job: progress.job }) },
      };
    }
  }
}

function aboutApproval({ plan, expiresAt }: ApprovalRequest) {
  const until = new Date(expiresAt).toISOString();
  return { until, approval_id: plan.id, decide_until: until };
}

const shownAt: Readonly<Record<ChannelKind, string>> = {
  form: "in the form of this client",
  page: "on the page that was opened in their browser",
  terminal: "in a terminal",
  team: "on this server's approval page",
};

const foundAt: Readonly<Record<ChannelKind, string>> = {
  form: "in the form of this client",
  page: "by the link in this server's log",
  terminal: `with \`${programCommand("approve")}\` in a terminal of the same user`,
  team: "on this server's approval page",
};

/**
 * Names places that were not shown to the person only if there is no other: they are for the person, not for a model.
 */
function askedWhere(request: ApprovalRequest): string {
  const { formFailure } = request;
  const where = placesIn(request);
  return formFailure === undefined ? where : `${describeFormFailure(formFailure)} ${where}`;
}

/** What became of the client's form, in a sentence. */
export function describeFormFailure(failure: FormFailure): string {
  switch (failure.kind) {
    case "answered at once":
      return "The client's form answered faster than a person can, so it does not count.";
    case "neither yes nor no":
      return "The client's form answered, but with neither yes nor no, so it does not count.";
    case "text for the checkbox":
      return "The client's form answered with text in place of the checkbox, so it does not count.";
    case "name missing":
      return "The client's form answered yes, but without what has to be typed to approve this, so it does not count.";
    case "error":
      return `The client did not show its form${failure.code === undefined ? "" : ` (error ${failure.code})`}.`;
  }
}

function placesIn({ places, formFailure }: ApprovalRequest): string {
  const team = places.get("team");
  if (team !== undefined) {
    const where = team.address === undefined ? shownAt.team : `at ${team.address} (after logging in)`;
    return `The team decides ${where}, and has not decided yet.`;
  }
  const offered = [...places];
  const shown = offered.flatMap(([place, it]) => (it.shown ? [shownAt[place]] : []));
  if (shown.length > 0) return `A person has been asked ${shown.join(" and ")}, and has not decided yet.`;
  const found = offered.map(([place]) => foundAt[place]).reverse();
  if (found.length === 0) return "Nobody has been asked yet.";
  const wayToDecide = `The person decides ${found.join(", or ")}.`;
  // A person may have seen the form and answered it.
  if (formFailure !== undefined && formFailure.kind !== "answered at once")
    return `It is not shown anywhere else. ${wayToDecide}`;
  const nowhere = places.has("page")
    ? "no form and no browser showed it to a person"
    : "a terminal shows it only on request";
  return `Nobody could be asked yet: ${nowhere}. ${wayToDecide}`;
}

export const approvedMeanwhile =
  "A person approved this after the same call had been answered or given up; this call used their approval.";

/** For a reply after an earlier question about the same call led to nothing. */
export function askedAnew(before: PendingApproval): string {
  return `A person was asked again: the earlier question ${endOf(before)}.`;
}

function endOf({ question, deadline }: PendingApproval): string {
  const { verdict, channel } = question?.request.ending ?? {};
  switch (verdict) {
    case "approved":
      return deadline.passed ? "was approved, but no call used that in time" : "was approved, but became void";
    case "declined":
      return "was declined";
    case "wrong name":
      return "was answered with the wrong name, which approves nothing";
    case "dismissed":
      return channel === "none" ? "was withdrawn" : "was closed without an answer";
    case undefined:
      return "was not answered in time";
  }
}

/** The state of an approval, also in words. */
export interface ApprovalProgress {
  readonly state: "waiting" | "approved" | "over" | "being carried out" | "carried out";
  readonly says: string;
}

export function approvalProgress(pending: PendingApproval): ApprovalProgress | undefined {
  const { question, execution, over } = pending;
  if (question === undefined) return undefined;
  const { request } = question;
  const { operation } = request.plan;
  const { until } = aboutApproval(request);
  const of = (state: ApprovalProgress["state"], says: string) => ({ state, says: `${operation} ${says}` });
  if (execution !== undefined) {
    return execution.endedAt === undefined
      ? of("being carried out", "was approved and is being carried out.")
      : of("carried out", `was approved and carried out. ${execution.description}.`);
  }
  if (over || (request.verdict !== undefined && request.verdict !== "approved")) {
    return of("over", `${endOf(pending)}. Nothing was sent. Make the same call again only if it is still wanted.`);
  }
  if (request.verdict === "approved") {
    const next = `make the same call again, before ${until}: it uses the approval and carries it out`;
    return of("approved", `has been approved. Nothing was sent: ${next}.`);
  }
  return of("waiting", `is waiting for approval, until ${until}. ${askedWhere(request)} Nothing was sent.`);
}
