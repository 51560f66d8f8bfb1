import { certificateInWords, completeIt } from "../../edge/in-words.js";
import type { Job, JobTarget } from "../../jobs/job.js";
import type { Members } from "../../own-tool.js";

/** What became of a job, as the model reads it: only what was seen is called served. */
export function reportOf(job: Pick<Job, "certificate" | "targets"> & { readonly id?: string }): Members {
  const { id, certificate, targets } = job;
  return {
    ...(id !== undefined && { job: id }),
    certificate: certificateInWords(certificate),
    ...(certificate.certificateId && { certificate_id: certificate.certificateId }),
    fingerprint: certificate.sha256,
    summary: summaryOf(targets),
    targets: linesOf(targets),
    next: nextFor(targets, id),
  };
}

/** "3 served, 1 failed". */
export function summaryOf(targets: readonly JobTarget[]): string {
  const states = targets.map(outwardState);
  const counts = [...new Set(states)].map((state) => `${states.filter((each) => each === state).length} ${state}`);
  return counts.join(", ");
}

/** A target a line of its own, with what is known of it. */
export function linesOf(targets: readonly JobTarget[]): Members[] {
  return targets.map((target) => {
    const { name, recordId, says, code, requestId, supersedes } = target;
    return {
      target: name,
      state: outwardState(target),
      ...(recordId !== undefined && { record_id: recordId }),
      ...(says && { says }),
      ...(supersedes && { supersedes }),
      ...(code && { code }),
      ...(requestId && { request_id: requestId }),
    };
  });
}

/** A request of which nothing is known is no success. */
function outwardState({ state }: JobTarget): string {
  if (state === "sending") return "failed";
  return state === "pending" ? "not attempted" : state;
}

function nextFor(targets: readonly JobTarget[], id: string | undefined): string {
  const has = (...states: JobTarget["state"][]) => targets.some(({ state }) => states.includes(state));
  const parts: string[] = [];
  if (has("failed", "sending", "not attempted", "pending")) {
    parts.push("Put right what failed (explain_error), then make the same call again: it does only what is left.");
  }
  if (has("accepted")) {
    const job = id === undefined ? "the job that is named there" : "this job";
    parts.push(`Accepted is not served yet: wait_for (deployment, ${job}) watches until it is.`);
  }
  if (has("incomplete chain")) parts.push(`An incomplete chain is served. ${completeIt}`);
  if (has("superseded")) parts.push("Superseded: a later job decides what is served there (list_jobs).");
  return parts.join(" ") || `Nothing is left to do.${id === undefined ? "" : " roll_back takes a deployment back."}`;
}
