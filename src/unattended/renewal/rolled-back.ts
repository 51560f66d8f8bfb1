import { isSameLeaf, type LeafFingerprints } from "../../certificates/fingerprint.js";
import type { JobTarget } from "../../jobs/job.js";
import { isWorkedOn, type JournalContent, unfinished } from "../../jobs/journal.js";
import { rolledBackTargetsIn } from "../../jobs/rolled-back.js";
import { dayMs } from "../../lib/days.js";

/** A certificate that was deployed to a place and rolled back there, with nothing sent to the place since. */
export interface RolledBack {
  readonly service: string;
  readonly domain?: string;
  readonly old_certificate_id?: string;
  readonly sha256: string;
  readonly sha1?: string;
  readonly certificate_id?: string;
  /** The deployment that was rolled back. */
  readonly job: string;
}

/** All of them, by the journal. A later deployment to the same place removes an entry. */
export function rolledBackIn({ jobs, requests }: Pick<JournalContent, "jobs" | "requests">): RolledBack[] {
  const sentTo = ({ id }: JobTarget) => requests.filter(({ target }) => target.id === id);
  return rolledBackTargetsIn(jobs, sentTo).map(
    ({ target: { service, domain, oldCertificateId: old }, undone: { id, certificate } }) => {
      const stored = certificate.certificateId ?? certificate.storedAs;
      return {
        service,
        ...(domain && { domain }),
        ...(old && { old_certificate_id: old }),
        sha256: certificate.sha256,
        ...(certificate.sha1 && { sha1: certificate.sha1 }),
        ...(stored && { certificate_id: stored }),
        job: id,
      };
    },
  );
}

/** A job that nobody works on and that was changed this lately is taken up again, in milliseconds. */
export const resumeWithin = 3 * dayMs;

/** Deployments whose proof failed and that a rollback, which was cut short, took back only in part. */
export function unfinishedRollbacks({ jobs }: Pick<JournalContent, "jobs">, now: Date): string[] {
  return jobs.flatMap((rollback) => {
    const { kind, of, changedAt } = rollback;
    const isRecent = now.getTime() - Date.parse(changedAt) < resumeWithin;
    if (kind !== "rollback" || !isRecent || isWorkedOn(rollback) || unfinished(rollback).length === 0) return [];
    return jobs.flatMap(({ id, stopped }) => (id === of && stopped !== undefined ? [id] : []));
  });
}

/**
 * The rollback that took a certificate away from a place, if one did.
 * @param certificate its id in a store, and its fingerprints if they are known
 */
export function rollbackAt(
  { service, domain, old_certificate_id: old }: Pick<RolledBack, "service" | "domain" | "old_certificate_id">,
  { key, leaf }: { readonly key: string; readonly leaf?: LeafFingerprints | undefined },
  all: readonly RolledBack[],
): RolledBack | undefined {
  return all.find(
    (each) =>
      each.service === service &&
      (domain === undefined ? each.old_certificate_id === old : each.domain === domain) &&
      (each.certificate_id === key || (leaf !== undefined && isSameLeaf(each, leaf))),
  );
}
