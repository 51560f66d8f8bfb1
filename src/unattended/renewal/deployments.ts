import { z } from "zod";
import type { JsonObject } from "../../lib/json.js";
import { batches, groupedBy } from "../../lib/lists.js";
import { withDomainsTogether } from "../../tools/deployment/targets.js";
import type { OpenJob, PlaceInUse } from "./inventory.js";
import type { Successor } from "./successor.js";

/** One call of deploy_certificate. */
export interface PlannedDeployment {
  readonly successor: Successor;
  /** The places that are due and get the successor. */
  readonly places: readonly PlaceInUse[];
  readonly args: JsonObject;
  /** The unfinished job that it resumes. */
  readonly resumes?: OpenJob;
}

/** Small enough for deploy_certificate even if each place is a target of its own. */
const MAX_PLACES = 50;

/** A place that is due, and the certificate that takes over there. */
export interface Renewable {
  readonly place: PlaceInUse;
  readonly successor: Successor;
}

/**
 * The calls: one for each successor with all its places, split if they are too many. Places to which its key has to be
 * moved get a call of their own. An unfinished deployment of the same certificate is resumed with its own targets,
 * which identify it.
 */
export function deploymentsOf(due: readonly Renewable[], openJobs: readonly OpenJob[]): PlannedDeployment[] {
  const bySuccessor = groupedBy(due, ({ successor }) => `${successor.key} ${successor.movesKey}`);
  return [...bySuccessor.values()].flatMap((all) => {
    const [first] = all;
    if (first === undefined) return [];
    const { successor } = first;
    const deployments: PlannedDeployment[] = [];
    let left = all.map(({ place }) => place);
    for (const job of openJobs) {
      const { targets } = job;
      if (targets === undefined || (job.sha256 !== successor.key && job.certificate_id !== successor.key)) continue;
      const resumed = left.filter((place) => targets.some((target) => isIn(place, target)));
      if (resumed.length === 0) continue;
      left = left.filter((place) => !resumed.includes(place));
      deployments.push({ successor, places: resumed, args: argsOf(successor, targets), resumes: job });
    }
    for (const places of batches(left, MAX_PLACES)) {
      deployments.push({ successor, places, args: argsOf(successor, targetsFor(places)) });
    }
    return deployments;
  });
}

/** A call for each of its places; none if it resumes a job or has only one place. */
export function oneByOne(deployment: PlannedDeployment): PlannedDeployment[] {
  const { places, resumes } = deployment;
  return resumes !== undefined || places.length < 2 ? [] : places.map((place) => onlyFor(deployment, [place]));
}

/** The call for some of its places. */
export function onlyFor({ successor }: PlannedDeployment, places: readonly PlaceInUse[]): PlannedDeployment {
  return { successor, places, args: argsOf(successor, targetsFor(places)) };
}

/** Continues after a failed target, so that the others are still renewed. */
const argsOf = ({ given }: Successor, targets: readonly JsonObject[]): JsonObject => ({
  ...given,
  targets,
  on_failure: "continue",
});

function isIn(place: PlaceInUse, target: JsonObject): boolean {
  const { service, domain, zone_id: zone, old_certificate_id: old } = place;
  if (target.service !== service || target.zone_id !== zone) return false;
  const domains = z.array(z.string()).safeParse(target.domains).data ?? [];
  return domain === undefined ? target.old_certificate_id === old : domains.includes(domain);
}

function targetsFor(places: readonly PlaceInUse[]): JsonObject[] {
  return withDomainsTogether(places.map(({ domain, held: _, several: __, ...settings }) => ({ domain, settings })));
}
