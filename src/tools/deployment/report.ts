import { noHttps } from "../../catalogue/serving.js";
import type { Job, JobTarget, PreviousState } from "../../jobs/job.js";
import type { JsonObject } from "../../lib/json.js";
import { present } from "../../lib/lists.js";
import type { ReportedJob, WatchResult } from "../../pipeline/tool.js";
import { deployWithChainAdvice, describeServedCertificate } from "../../tls-check/descriptions.js";
import { certificateForReply } from "../certificate-members.js";

/** The job and its certificate. A rollback removes that certificate, so each target names what is put back instead. */
export function reportHead({ id, kind, of, certificate, stopped }: ReportedJob, now: Date): JsonObject {
  const isOff = turnsOff({ kind, certificate });
  const head = {
    ...(id !== undefined && { job: id }),
    kind: isOff && kind !== "rollback" ? "https off" : kind,
    ...(of !== undefined && { takes_back: of }),
  };
  if (isOff) return head;
  const told = certificateForReply(certificate, now);
  return {
    ...head,
    ...(kind === "rollback" && { certificate_taken_back: told }),
    ...(kind === "deployment" && { certificate: told }),
    ...(stopped !== undefined && { stopped }),
  };
}

/** Whether a job turned HTTPS off, or takes such a one back: then it is about no certificate. */
export function turnsOff({ kind, certificate }: Pick<Job, "kind" | "certificate">): boolean {
  return kind !== "deletion" && certificate.sha256 === noHttps;
}

/** The outcome of a job for the model; only what was seen is called served. */
export function deploymentReport(job: ReportedJob, now: Date, watched?: WatchResult): JsonObject {
  return {
    ...reportHead(job, now),
    summary: summaryOf(job),
    targets: linesOf(job),
    ...(watched && { watch_ended: watched.why }),
    ...(job.left && { left: [...job.left] }),
    next: nextFor(job, watched),
  };
}

/** "3 served, 1 failed". */
export function summaryOf({ kind, targets }: Pick<Job, "kind" | "targets">): string {
  const states = targets.map((target) => outwardState(target, kind));
  const counts = [...new Set(states)].map((state) => `${states.filter((each) => each === state).length} ${state}`);
  return counts.join(", ");
}

/** One line per target, with what it had before and what is known about it. */
export function linesOf({ kind, targets }: Pick<Job, "kind" | "targets">): JsonObject[] {
  return targets.map((target) => {
    const { name, before, putsBack, recordId, resources, seen, says, supersedes, copy, code, requestId } = target;
    const { acceptedAt, wave } = target;
    return {
      target: name,
      state: outwardState(target, kind),
      ...((before || (acceptedAt && kind !== "deletion")) && {
        before: before ? describePrevious(before) : "not known",
      }),
      ...(putsBack && { put_back: putsBack }),
      ...(acceptedAt && { accepted_at: acceptedAt }),
      ...(recordId !== undefined && { record_id: recordId }),
      ...(resources && { resources }),
      ...(seen && { seen_at_edge: seen }),
      ...(says && { says }),
      ...(wave !== undefined && { wave }),
      ...(supersedes && { supersedes }),
      ...(copy && { new_copy: copy }),
      ...(code && { code }),
      ...(requestId && { request_id: requestId }),
    };
  });
}

function describePrevious({ certificateIds = [], served = [], none }: PreviousState): string {
  const ids = certificateIds.map((id) => `certificate ${id}`);
  return none ? "no HTTPS" : [...ids, ...served.map(describeServedCertificate)].join(" and ") || "no certificate";
}

/** What was sent and not answered may have been done, or may still be: neither success nor failure. For a rollback, success means that something was put back. */
function outwardState({ state, expected }: JobTarget, kind: Job["kind"]): string {
  if (state === "sending") return "outcome unknown";
  if (state === "served" && kind === "rollback") return "put back";
  if (state === "served" && kind === "deletion") return "deleted";
  if (state === "served" && expected === noHttps) return "off";
  return state === "pending" ? "not attempted" : state;
}

function nextFor(job: ReportedJob, watched: WatchResult | undefined): string {
  const { id, kind, targets, certificate, stopped } = job;
  const isOff = kind === "deployment" && turnsOff({ kind, certificate });
  const has = (...states: JobTarget["state"][]) => targets.some(({ state }) => states.includes(state));
  // A person has to choose: back, or on.
  if (stopped !== undefined)
    return `Tell the person what stopped it. roll_back (job ${id}) puts back what was done, in one plan. Or find the cause, then call again: what was sent is proven first, then only what is left is done.`;
  const isFollowed = watched?.canShowMore !== false;
  const open = present([
    has("sending") && "Outcome unknown: the same call first looks for what was sent, before anything is sent again.",
    has("failed", "not attempted", "pending") &&
      "Do what the failed targets say (explain_error tells more), then call again: only what is left is done.",
    has("accepted") &&
      isFollowed &&
      `Accepted is not ${isOff ? "off" : "served"} yet: wait_for (deployment, ${id === undefined ? "the job that is named there" : "this job"}) watches until it is.`,
    has("accepted") &&
      !isFollowed &&
      "Targets that stay accepted cannot be checked from here, and waiting shows no more: a person must look.",
    has("incomplete chain") && `An incomplete chain is served. ${deployWithChainAdvice}`,
    has("superseded") && "Superseded: a later job decides what is served there (list_jobs).",
  ]);
  if (open.length > 0) return open.join(" ");
  const back = kind === "rollback" || targets.every(({ state }) => state === "unchanged");
  // Whether the key of what was there before can be had is only known when it is looked for.
  const undone = isOff ? "puts HTTPS back" : "puts back what was there before";
  if (targets.some(({ untrusted }) => untrusted)) {
    return `Visitors are warned: what is served is not trusted (says). Deploy a certificate that is${back ? "" : `; or roll_back ${undone}`}.`;
  }
  const done =
    job.left === undefined
      ? "Nothing is left to do."
      : "These targets are done. left says what else there is, or was not looked at.";
  const beside = staysBeside(job);
  if (beside !== undefined) return `${done} ${beside}`;
  return `${done}${back ? "" : ` roll_back ${undone}; what it cannot, it says before it changes anything.`}`;
}

/** Whoever wants to drop the second certificate of a host deploys the other, and finds that nothing has changed. */
function staysBeside({ targets, certificate: { certificateId: own } }: ReportedJob): string | undefined {
  if (own === undefined) return undefined;
  const kept = targets.flatMap(({ state, beside = [] }) =>
    state === "unchanged" ? beside.flatMap(({ certificateId: id, wanted }) => (id && !wanted ? [id] : [])) : [],
  );
  if (kept.length === 0) return undefined;
  return `${[...new Set(kept)].join(", ")} stays beside it on a host that was unchanged: ModifyHostsCertificate with ${own} alone removes it.`;
}
