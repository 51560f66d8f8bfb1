import { expectationOf, type Job, type JobTarget } from "../jobs/job.js";
import { encodeSighting, type SeenServed, type Sighting, sightingFrom } from "../jobs/sightings.js";
import { sha256Hex } from "../lib/sha256.js";
import { isPattern } from "../tls-check/host-name.js";
import { tlsReportOrReason } from "../tls-check/served.js";
import type { TlsReport } from "../tls-check/tls-check.js";
import type { CallContext } from "./call-context.js";
import type { ToolContext } from "./tool.js";

/* Keeps, as evidence, what targets were seen serving: the sightings in the journal, their digests in the audit log. */

/** How old the last check before a request may be, in milliseconds: the gate has usually just made one. */
const MAX_CHECK_AGE = 60_000;

/** Looks at what a target serves before something is sent to it, and keeps that. */
export async function observeBefore(
  job: Pick<Job, "id" | "certificate">,
  target: JobTarget,
  context: ToolContext,
): Promise<void> {
  const { domain } = target;
  if (domain === undefined || isPattern(domain)) return;
  const { tlsCheck, now } = context;
  const time = now().getTime();
  const tlsReport = tlsCheck.recent?.(domain, time - MAX_CHECK_AGE, time) ?? (await tlsReportOrReason(domain, context));
  const seen = typeof tlsReport === "string" ? undefined : sightingOf(job, target, "before", tlsReport);
  if (seen !== undefined) await context.recordSightings([seen]);
}

/** A sighting of a target, for the journal. */
export function sightingOf(
  job: Pick<Job, "id" | "certificate">,
  target: JobTarget,
  when: Sighting["when"],
  tlsReport: TlsReport,
): SeenServed | undefined {
  const { sha256: expected } = expectationOf(job, target);
  return sightingFrom(tlsReport, { job: job.id, target: target.name, domain: tlsReport.domain, when, expected });
}

/**
 * Keeps sightings in the journal, and then their digests in the audit log: a digest whose sighting is missing means that the
 * journal was changed. It never fails: what was sent was sent, whether or not it was seen.
 */
export async function recordSightings(
  seen: readonly SeenServed[],
  { gate, journal, report }: Pick<CallContext, "gate" | "journal" | "report">,
): Promise<void> {
  const [first] = seen;
  if (first === undefined) return;
  try {
    const kept = seen.map((each) => journal.redacted(each));
    if (!(await journal.sightings.add(first.sighting.job, kept))) return;
    await gate.recordSightings(
      kept.map(({ sighting }) => {
        const { job, target, domain, when } = sighting;
        return { job, target, domain, when, look: sha256Hex(encodeSighting(sighting)) };
      }),
    );
  } catch (error) {
    report(error);
  }
}
