import { choice, identifier, integer, struct } from "../catalogue/params.js";
import { members, record, string } from "../catalogue/results.js";
import { describeCertificate } from "../catalogue/tencent-ssl/describe-certificate.js";
import { describeCertificateBindResourceTaskResult } from "../catalogue/tencent-ssl/describe-certificate-bind-resource-task-result.js";
import { describeCertificateDetailWithoutKey } from "../catalogue/tencent-ssl/describe-certificate-detail.js";
import { describeDeleteCertificatesTaskResult } from "../catalogue/tencent-ssl/describe-delete-certificates-task-result.js";
import { describeHostUpdateRecord } from "../catalogue/tencent-ssl/describe-host-update-record.js";
import { describeHostUpdateRecordDetail } from "../catalogue/tencent-ssl/describe-host-update-record-detail.js";
import { unusable } from "../lib/tool-error.js";
import { type ApprovalProgress, defineTool, jobsService, type ToolContext } from "../pipeline/tool.js";
import { bindingsIn, readBindingTasks } from "./certificate-usage.js";
import { pollDeployment } from "./deployment/watch.js";
import { pollDeletion, pollIssuance } from "./wait-for/certificate.js";
import { type PollResult, pollUntilDone } from "./wait-for/poll.js";
import { isDeletionTask, pollDeletionTask, pollRevocation } from "./wait-for/revocation.js";
import { pollRollback, pollUpdate } from "./wait-for/update-record.js";

const stateOf: Readonly<Record<ApprovalProgress["state"], PollResult["state"]>> = {
  waiting: "still running",
  "being carried out": "still running",
  approved: "done",
  "carried out": "done",
  over: "failed",
};

/** Checks whether a person has decided on a waiting call. It executes nothing: repeating the call does. */
async function pollApproval(id: string, context: ToolContext): Promise<PollResult> {
  const progress = await context.approvalProgress(id);
  if (progress === undefined) {
    throw unusable(`There is no approval ${id}, or it has been forgotten.`, "Repeat the call that it was for.");
  }
  return { state: stateOf[progress.state], says: progress.says };
}

/** Checks a task that looks up which resources use a certificate. */
async function pollBindings(taskId: string, context: ToolContext): Promise<PollResult> {
  const [result] = await readBindingTasks([taskId], context);
  const bindings = result && bindingsIn(result);
  if (bindings === undefined) return { state: "still running", says: `Task ${taskId} is still looking for resources.` };
  if (bindings.state === "unknown") return { state: "failed", says: `Task ${taskId}: ${bindings.why}.` };
  const found = bindings.state === "in use" ? bindings.counts : undefined;
  return {
    state: "done",
    says: `Task ${taskId} found ${found ?? "no resource"}.`,
    details: { bindings: found ?? "none", ...(bindings.at !== undefined && { bindings_as_of: bindings.at }) },
  };
}

const kinds = [
  "certificate",
  "update",
  "rollback",
  "bindings",
  "deletion",
  "revocation",
  "deployment",
  "approval",
] as const;

/** Creates the function that polls what `id` names. */
type CreatePoll = (id: string, context: ToolContext) => () => Promise<PollResult>;

/** Wraps a poll that keeps no state between calls. */
const statelessPoll = (poll: (id: string, context: ToolContext) => Promise<PollResult>): CreatePoll => {
  return (id, context) => () => poll(id, context);
};

const polls: Readonly<Record<(typeof kinds)[number], CreatePoll>> = {
  certificate: statelessPoll(pollIssuance),
  update: pollUpdate,
  rollback: statelessPoll(pollRollback),
  bindings: statelessPoll(pollBindings),
  deletion: (id, context) => (isDeletionTask(id) ? statelessPoll(pollDeletionTask) : pollDeletion)(id, context),
  revocation: statelessPoll(pollRevocation),
  deployment: pollDeployment,
  approval: statelessPoll(pollApproval),
};

const defaultSeconds = 45;

/** How long the final poll may take, in milliseconds. */
const FINAL_POLL = 2_000;

function describeWaitEnd(state: PollResult["state"], ms: number, requestedSeconds: number): string {
  const waited = Math.round(ms / 1_000);
  switch (state) {
    case "done":
      return "it has happened";
    case "failed":
      return "it will not happen now";
    case "needs a person":
      return "waiting changes nothing: a person has to act";
    case "still running": {
      const shortened =
        waited < requestedSeconds ? ` of the ${requestedSeconds} s requested: clients abandon longer calls` : "";
      return `${waited} s have passed${shortened}; call again to keep waiting`;
    }
  }
}

export const waitFor = defineTool({
  name: "wait_for",
  title: "Wait for a long-running operation",
  service: jobsService,
  summary:
    "Follow a long-running operation at Tencent Cloud SSL, a deployment to the edge or an approval. If still running, call again.",
  effect: "read",
  uses: [
    describeCertificate,
    describeCertificateDetailWithoutKey,
    describeHostUpdateRecord,
    describeHostUpdateRecordDetail,
    describeCertificateBindResourceTaskResult,
    describeDeleteCertificatesTaskResult,
  ],
  params: struct({
    what: choice(
      kinds,
      "certificate: issuance; update or rollback: one-click record; bindings: lookup task; deletion (mainland: TaskId) or revocation of a certificate; deployment: job; approval: approval_id",
    ),
    id: identifier("ID of the certificate, record, task or job; update without a record yet: old certificate"),
    timeout_seconds: integer("Default 45; 0: just look", { min: 0, max: 600 }).optional(),
  }),
  result: members({ state: string(), says: string(), details: record({}) }),
  run: async ({ what, id, timeout_seconds: seconds = defaultSeconds }, context) => {
    const ms = Math.min(seconds * 1_000, Math.max(0, context.timeLeft() - FINAL_POLL));
    const finding = await pollUntilDone(polls[what](id, context), ms, context);
    const { state, says, details } = finding;
    const over = state === "still running" ? ` Still running after ${Math.round(ms / 1_000)} s.` : "";
    return {
      state,
      says: `${says}${over}`,
      wait_ended: describeWaitEnd(state, ms, seconds),
      ...(details && { details }),
    };
  },
});
