import type { Warning } from "../../catalogue/operation.js";
import { caution } from "../../catalogue/warnings.js";
import type { JobTarget } from "../../jobs/job.js";
import type { JournalContent } from "../../jobs/journal.js";
import { isAboutCertificate, type RolledBackTarget, rolledBackTargetsIn } from "../../jobs/rolled-back.js";
import { groupedBy } from "../../lib/lists.js";
import { formatDay, formatId, safe } from "../../lib/safe-text.js";
import type { DesiredCertificate } from "./desired-certificate.js";
import type { TargetPlan } from "./target-plan.js";
import { describeTarget, nameTargets } from "./targets.js";

/** What took the certificate back from a target, if nobody has deployed anything there since. */
export type FindRollback = (target: JobTarget) => RolledBackTarget | undefined;

/** Finds where this certificate was rolled back, by the journal. */
export function rollbacksOf(
  { facts }: Pick<DesiredCertificate, "facts">,
  { jobs, requests }: Pick<JournalContent, "jobs" | "requests">,
): FindRollback {
  const sentTo = ({ id }: JobTarget) => requests.filter(({ target }) => target.id === id);
  const same = rolledBackTargetsIn(jobs, sentTo).filter(({ undone }) =>
    isAboutCertificate(undone, { leaf: facts, id: facts.certificateId ?? facts.storedAs }),
  );
  return (target) => same.find((each) => isSamePlace(each.target, target));
}

function isSamePlace(one: JobTarget, other: JobTarget): boolean {
  if (takesAlong(one, other) || takesAlong(other, one)) return true;
  if (one.service !== other.service || one.domain !== other.domain) return false;
  return one.domain !== undefined || one.oldCertificateId === other.oldCertificateId;
}

/** Whether a one-click update reaches a host of EdgeOne, which has, or had, the certificate that it replaces. */
function takesAlong({ oldCertificateId: old, resourceTypes }: JobTarget, { service, before }: JobTarget): boolean {
  if (old === undefined || service !== "tencent-edgeone") return false;
  return resourceTypes?.includes("teo") !== false && before?.certificateIds?.includes(old) === true;
}

/** That a person, or a wave that was not proven, decided against the certificate where it would be served again. */
export function rolledBackWarnings(targetPlans: readonly TargetPlan[], rollbackAt: FindRollback): Warning[] {
  const found = targetPlans.flatMap(({ target, step }) => {
    const back = step === undefined ? undefined : rollbackAt(target);
    return back === undefined ? [] : [{ ...back, target }];
  });
  return [...groupedBy(found, ({ rollback }) => rollback.id).values()].flatMap((group) =>
    group.slice(0, 1).map(({ undone, rollback }) => {
      const targets = nameTargets(group.map(({ target }) => describeTarget(target)));
      const day = formatDay(rollback.startedAt);
      return caution(
        safe`Job ${formatId(undone.id)}, which was to serve this certificate on ${targets}, was rolled back on ${day} by job ${formatId(rollback.id)}.`,
      );
    }),
  );
}
