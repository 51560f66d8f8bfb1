import { isSameLeaf, type LeafFingerprints } from "../certificates/fingerprint.js";
import type { Job, JobTarget } from "./job.js";
import { isSentLater, type SentRequest, sendingOf, wasSent } from "./requests.js";

/** A target whose deployment was rolled back, with nothing sent to it since that stayed. */
export interface RolledBackTarget {
  /** As the deployment recorded it. */
  readonly target: JobTarget;
  readonly undone: Job;
  readonly rollback: Job;
}

type Rollback = Pick<RolledBackTarget, "undone" | "rollback">;

/** The rollbacks that sent something, each with the deployment that it takes back. */
export function rollbacksIn(jobs: readonly Job[]): readonly Rollback[] {
  const byId = new Map(jobs.map((job) => [job.id, job]));
  return jobs.flatMap((rollback) => {
    const undone = rollback.of === undefined ? undefined : byId.get(rollback.of);
    const isSent = rollback.kind === "rollback" && rollback.targets.some(wasSent);
    return undone?.kind === "deployment" && isSent ? [{ undone, rollback }] : [];
  });
}

/** Those of which something stays rolled back: a deployment may have been resumed since, and have sent all of it again. */
export function standingRollbacksIn(jobs: readonly Job[]): readonly Rollback[] {
  return rollbacksIn(jobs).filter((each) => each.undone.targets.some((target) => isRolledBack(target, each)));
}

/**
 * All of them. A later request to the same target removes an entry, unless it was rolled back, too: then the target is
 * back where it was.
 * @param sentTo all requests to a target, whoever sent them, newest first
 */
export function rolledBackTargetsIn(
  jobs: readonly Job[],
  sentTo: (target: JobTarget) => readonly SentRequest[],
): readonly RolledBackTarget[] {
  const rollbacks = rollbacksIn(jobs);
  const wasRolledBack = ({ job, target }: SentRequest) =>
    rollbacks.some((each) => job.id === each.rollback.id || (job.id === each.undone.id && isRolledBack(target, each)));
  return rollbacks.flatMap((each) => {
    const { undone, rollback } = each;
    return (
      undone.targets
        // What stopped before it reached a place and was taken back elsewhere is not tried there either.
        .filter((target) => (wasSent(target) ? isRolledBack(target, each) : undone.stopped !== undefined))
        .filter((target) => {
          const last = sentTo(target).find((request) => !wasRolledBack(request));
          return last === undefined || last.at < Date.parse(undone.startedAt);
        })
        .map((target) => ({ target, undone, rollback }))
    );
  });
}

/**
 * Whether the rollback took, or may have taken, back what its deployment sent to the target last: the deployment may have
 * been resumed since.
 */
function isRolledBack(deployed: JobTarget, { undone, rollback }: Rollback): boolean {
  const { id, oldCertificateId: old } = deployed;
  const sent = sendingOf(undone, deployed);
  return rollback.targets.some(
    (target) =>
      // What may have gone back is not sent there anew either.
      wasSent(target) &&
      !isSentLater(sent, sendingOf(rollback, target)) &&
      // What used the old certificate uses the new one when it is rolled back, and is found by that.
      (target.id === id || (old !== undefined && target.oldCertificateId === undone.certificate.certificateId)),
  );
}

/** Whether a job was about this certificate, as far as its record knows it: by its leaf, or by its id in a store. */
export function isAboutCertificate(
  { certificate }: Pick<Job, "certificate">,
  { leaf, id }: { readonly leaf?: LeafFingerprints | undefined; readonly id?: string | undefined },
): boolean {
  const stored = [certificate.certificateId, certificate.storedAs];
  return (id !== undefined && stored.includes(id)) || (leaf !== undefined && isSameLeaf(certificate, leaf));
}
