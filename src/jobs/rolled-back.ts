import type { Job, JobTarget } from "./job.js";
import { type SentRequest, wasSent } from "./requests.js";

/** A target whose deployment was rolled back, with nothing sent to it since. */
export interface RolledBackTarget {
  /** As the deployment recorded it. */
  readonly target: JobTarget;
  readonly undone: Job;
  readonly rollback: Job;
}

/** The rollbacks that sent something, each with the deployment that it takes back. */
export function rollbacksIn(jobs: readonly Job[]): readonly Pick<RolledBackTarget, "undone" | "rollback">[] {
  const byId = new Map(jobs.map((job) => [job.id, job]));
  return jobs.flatMap((rollback) => {
    const undone = rollback.of === undefined ? undefined : byId.get(rollback.of);
    const isSent = rollback.kind === "rollback" && rollback.targets.some(wasSent);
    return undone?.kind === "deployment" && isSent ? [{ undone, rollback }] : [];
  });
}

/**
 * All of them. A later request to the same target removes an entry.
 * @param newestTo the newest request to a target, whoever sent it
 */
export function rolledBackTargetsIn(
  jobs: readonly Job[],
  newestTo: (target: JobTarget) => SentRequest | undefined,
): readonly RolledBackTarget[] {
  return rollbacksIn(jobs).flatMap(({ undone, rollback }) => {
    const isRolledBack = ({ id, oldCertificateId: old }: JobTarget) =>
      rollback.targets.some(
        (target) =>
          // What may have gone back is not sent there anew either.
          wasSent(target) &&
          // What used the old certificate uses the new one when it is rolled back, and is found by that.
          (target.id === id || (old !== undefined && target.oldCertificateId === undone.certificate.certificateId)),
      );
    return (
      undone.targets
        // What stopped before it reached a place and was taken back elsewhere is not tried there either.
        .filter((target) => (wasSent(target) ? isRolledBack(target) : undone.stopped !== undefined))
        .filter((target) => {
          const last = newestTo(target);
          const isBefore = last === undefined || last.at < Date.parse(undone.startedAt);
          return isBefore || last.job.id === undone.id || last.job.id === rollback.id;
        })
        .map((target) => ({ target, undone, rollback }))
    );
  });
}
