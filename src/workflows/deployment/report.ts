import { certificateInWords } from "../../edge/in-words.js";
import type { Job, JobTarget } from "../../jobs/job.js";
import type { Members } from "../../own-tool.js";

/** What became of a job, as the model reads it: only what was seen is called served. */
export function reportOf(job: Pick<Job, "certificate" | "targets"> & { readonly id?: string }): Members {
  const states = job.targets.map(outwardState);
  const counts = [...new Set(states)].map((state) => `${states.filter((each) => each === state).length} ${state}`);
  return {
    ...(job.id !== undefined && { job: job.id }),
    certificate: {
      names: certificateInWords(job.certificate),
      sha256: job.certificate.sha256,
      ...(job.certificate.certificateId && { certificate_id: job.certificate.certificateId }),
    },
    summary: counts.join(", "),
    targets: job.targets.map(targetLine),
    next: nextFor(job.targets),
  };
}

/** A request of which nothing is known is no success. */
function outwardState({ state }: JobTarget): string {
  return state === "sending" ? "failed" : state === "pending" ? "not attempted" : state;
}

function targetLine(target: JobTarget): Members {
  const { name, recordId, says, code, requestId } = target;
  return {
    target: name,
    state: outwardState(target),
    ...(recordId !== undefined && { record_id: recordId }),
    ...(says && { says }),
    ...(code && { code }),
    ...(requestId && { request_id: requestId }),
  };
}

function nextFor(targets: readonly JobTarget[]): string {
  const has = (...states: JobTarget["state"][]) => targets.some(({ state }) => states.includes(state));
  const parts: string[] = [];
  if (has("failed", "sending", "not attempted", "pending")) {
    parts.push("Put right what failed (explain_error), then make the same call again: it does only what is left.");
  }
  if (has("accepted")) {
    parts.push("Accepted is not served yet: wait_for (deployment, this job) watches until it is.");
  }
  if (parts.length === 0) parts.push("Nothing is left to do. roll_back takes a deployment back.");
  return parts.join(" ");
}
