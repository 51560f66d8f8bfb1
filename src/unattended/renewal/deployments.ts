import { z } from "zod";
import type { JsonObject } from "../../lib/json.js";
import { groupedBy } from "../../lib/lists.js";
import type { OpenJob, PlaceInUse } from "./estate.js";
import type { Successor } from "./successor.js";

/** One call of deploy_certificate. */
export interface PlannedDeployment {
  readonly successor: Successor;
  /** What is due and gets the successor by it. */
  readonly places: readonly PlaceInUse[];
  readonly args: JsonObject;
  /** The job that it goes on with. */
  readonly resumes?: OpenJob;
}

/** As many as deploy_certificate takes even if each is a target of its own. */
const placesAtMost = 50;

/** A place that is due, with what takes over there. */
export interface Renewable {
  readonly place: PlaceInUse;
  readonly successor: Successor;
}

/**
 * One call for each successor with all its places, those that its key has to be moved for apart; several if they are too many for one. A deployment of the same
 * certificate that was left unfinished goes on with its own targets, which identify it.
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
    for (let start = 0; start < left.length; start += placesAtMost) {
      const places = left.slice(start, start + placesAtMost);
      deployments.push({ successor, places, args: argsOf(successor, targetsFor(places)) });
    }
    return deployments;
  });
}

/** The same for each of its places on its own, as far as it is no job that was begun. */
export function oneByOne({ successor, places, resumes }: PlannedDeployment): PlannedDeployment[] {
  if (resumes !== undefined || places.length < 2) return [];
  return places.map((place) => ({ successor, places: [place], args: argsOf(successor, targetsFor([place])) }));
}

/** The same for some of its places. */
export function onlyFor({ successor }: PlannedDeployment, places: readonly PlaceInUse[]): PlannedDeployment {
  return { successor, places, args: argsOf(successor, targetsFor(places)) };
}

/** One target that fails keeps none of the others from being renewed. */
const argsOf = ({ given }: Successor, targets: readonly JsonObject[]): JsonObject => ({
  ...given,
  targets,
  on_failure: "continue",
});

function isIn({ service, domain, old_certificate_id: old }: PlaceInUse, target: JsonObject): boolean {
  if (target.service !== service) return false;
  const domains = z.array(z.string()).safeParse(target.domains).data ?? [];
  return domain === undefined ? target.old_certificate_id === old : domains.includes(domain);
}

/** Domains of one service and site are one target. */
function targetsFor(places: readonly PlaceInUse[]): JsonObject[] {
  const groups = new Map<string, { readonly at: JsonObject; readonly domains: string[] }>();
  for (const { domain, held: _, several: __, ...at } of places) {
    const key = JSON.stringify(at);
    const group: { at: JsonObject; domains: string[] } = groups.get(key) ?? { at, domains: [] };
    if (domain !== undefined) group.domains.push(domain);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ at, domains }) => ({ ...at, ...(domains.length > 0 && { domains }) }));
}
