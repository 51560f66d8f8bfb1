import { z } from "zod";
import { readReply } from "../catalogue/documented.js";
import { listing, naming } from "../catalogue/naming.js";
import { flag, list, struct, text } from "../catalogue/params.js";
import { array, members, string } from "../catalogue/results.js";
import { tencentSsl } from "../catalogue/services.js";
import { describeAccelerationDomains } from "../catalogue/tencent-edgeone/describe-acceleration-domains.js";
import { describeZones } from "../catalogue/tencent-edgeone/describe-zones.js";
import { createCertificateBindResourceSyncTask } from "../catalogue/tencent-ssl/create-certificate-bind-resource-sync-task.js";
import { deleteCertificate } from "../catalogue/tencent-ssl/delete-certificate.js";
import { describeCertificate } from "../catalogue/tencent-ssl/describe-certificate.js";
import { describeCertificateBindResourceTaskResult } from "../catalogue/tencent-ssl/describe-certificate-bind-resource-task-result.js";
import { describeCertificateOperateLogs } from "../catalogue/tencent-ssl/describe-certificate-operate-logs.js";
import { describeCertificates } from "../catalogue/tencent-ssl/describe-certificates.js";
import { caution } from "../catalogue/warnings.js";
import type { Job, JobTarget } from "../jobs/job.js";
import { previousRuns } from "../jobs/previous-runs.js";
import { safe } from "../lib/escape-text.js";
import {
  defineTool,
  type JobPlan,
  type JsonObject,
  jobs,
  type PlannedTarget,
  type ReportedJob,
  type ToolContext,
} from "../pipeline/tool.js";
import { unusedAmong } from "./clean-up/unused.js";
import { onFailure, waitSeconds } from "./deployment/arguments.js";
import { linesOf, summaryOf } from "./deployment/report.js";
import { jobKey } from "./deployment/targets.js";
import { type ListedCertificate, listCertificates } from "./inventory/certificates.js";
import { select } from "./inventory/filter.js";
import { unusable } from "./read-with-retry.js";
import { lookAtDeletion } from "./wait-for/certificate.js";
import { pollUntilDone } from "./wait-for/poll.js";

/** More than a person reads in one question. */
const AT_MOST = 20;

const params = struct({
  certificate_ids: list(text("Id"), "Only of these", { min: 1, max: AT_MOST }).optional(),
  expired: flag("Only expired ones").optional(),
  on_failure: onFailure(),
  wait_seconds: waitSeconds(),
});
type Params = z.output<typeof params>;

/** A job without a certificate. */
const none = "none";

/** Plans the job with reads only; what may be in use is left out, and named. */
async function prepare(given: Params, context: ToolContext): Promise<JobPlan> {
  const { certificates, kept } = await unusedAmong(await candidatesFor(given, context), context);
  const chosen = certificates.slice(0, AT_MOST);
  const left = certificates.length - chosen.length;
  const targetPlans = chosen.map(deletionOf);
  const targets = targetPlans.map(({ target }) => target);
  const key = jobKey("deletion", { sha256: none }, targets);
  const said = [...kept, ...(left > 0 ? [safe`${left} more are unused; call again for them.`] : [])];
  return {
    question: safe`Delete ${naming(safe`unused certificate`, chosen.map(nameOf))} for good?`,
    warnings: said.map(caution),
    targetPlans,
    about: {
      kind: "deletion",
      key,
      certificate: { sha256: none, names: [], notAfter: context.now().toISOString(), source: {} },
    },
    earlier: previousRuns(await context.journal.read(), key, context.now()),
    continueOnFailure: given.on_failure === "continue",
    watchMs: (given.wait_seconds ?? 30) * 1_000,
    ...(said.length > 0 && { remarks: { kept: said.map(String) } }),
  };
}

/** Those that the caller names, or all that are expired or uploaded; expired ones first. */
async function candidatesFor({ certificate_ids: ids, expired }: Params, context: ToolContext) {
  const { certificates, incomplete } = await listCertificates(context);
  if (ids === undefined) {
    const all = await select(certificates, {});
    return all.filter(
      ({ group, source }) => group === "expired" || (expired !== true && group === "issued" && source === "uploaded"),
    );
  }
  return ids.map((id) => {
    const found = certificates.find((each) => each.id === id);
    if (found !== undefined) return found;
    throw unusable(
      `${tencentSsl.title} lists no certificate ${id}.${incomplete ? ` ${incomplete}` : ""}`,
      "Take ids from find_certificates.",
    );
  });
}

const nameOf = ({ id, domains: [name] }: ListedCertificate) => (name === undefined ? id : `${id} (${name})`);

/** The cloud looks for uses once more, at the moment of the deletion. */
function deletionOf(certificate: ListedCertificate): PlannedTarget {
  const { id, domains } = certificate;
  const name = String(safe`Certificate ${listing([id])}`);
  const target: JobTarget = {
    id: `tencent-ssl/certificate/${id}`,
    service: "tencent-ssl",
    name: domains.length === 0 ? name : `${name} (${domains[0]})`,
    oldCertificateId: id,
    expected: "unknown",
    state: "pending",
  };
  return {
    target,
    step: { name: target.name, operation: deleteCertificate, params: { CertificateId: id, IsCheckResource: true } },
  };
}

/** Waits until each certificate is gone: the cloud first looks for resources that use it. */
async function watchDeletions(job: Job, context: ToolContext, timeoutMs: number) {
  let current = job;
  const look = async () => {
    const targets = [];
    for (const target of current.targets) {
      const isOpen = target.state === "accepted" && target.oldCertificateId !== undefined;
      const { state } = isOpen ? await lookAtDeletion(target.oldCertificateId ?? "", context)() : { state: undefined };
      targets.push(state === "done" ? { ...target, state: "served" as const } : target);
    }
    current = await context.journal.save({ ...current, targets });
    const open = targets.some(({ state }) => state === "accepted");
    return { state: open ? ("still running" as const) : ("done" as const), says: summaryOf(current) };
  };
  const { state } = await pollUntilDone(look, timeoutMs, context, { service: tencentSsl });
  const canShowMore = state === "still running";
  const why = canShowMore ? `the ${Math.round(timeoutMs / 1_000)} s allowed have passed` : "each is settled";
  return { job: current, watched: { why, canShowMore } };
}

function reportDeletions({ id, kind, targets }: ReportedJob): JsonObject {
  const has = (...states: JobTarget["state"][]) => targets.some(({ state }) => states.includes(state));
  return {
    ...(id !== undefined && { job: id }),
    summary: targets.length === 0 ? "nothing to delete" : summaryOf({ kind, targets }),
    targets: linesOf({ kind, targets }),
    next: has("accepted")
      ? "Accepted is not deleted yet: wait_for (deletion) each; one that stays is used by something."
      : has("failed", "sending", "not attempted")
        ? "Do what the failed ones say, then call again: only what is left is done."
        : "Nothing is left to do.",
  };
}

export const deleteUnusedCertificates = defineTool({
  name: "delete_unused_certificates",
  title: "Delete unused certificates",
  service: jobs,
  summary:
    "Delete stored certificates that nothing uses as far as every cloud tells, expired first, up to 20: one plan, one approval. kept says which stay and why.",
  effect: "destroy",
  params,
  uses: [
    describeCertificates,
    describeCertificate,
    describeCertificateOperateLogs,
    describeZones,
    describeAccelerationDomains,
    createCertificateBindResourceSyncTask,
    describeCertificateBindResourceTaskResult,
    deleteCertificate,
  ],
  result: members({
    job: string(),
    summary: string(),
    targets: array(members({})),
    kept: array(z.string()),
    next: string(),
  }),
  prepare,
  answered: async ({ reply }) => {
    const { RequestId: requestId } = readReply(deleteCertificate, reply) ?? {};
    return { ...(requestId && { requestId }) };
  },
  watch: watchDeletions,
  report: reportDeletions,
});
