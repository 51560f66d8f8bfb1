import type { Rollout } from "../../catalogue/rollout.js";
import type { Before } from "../../jobs/job.js";
import { idsGiven, leafIn, type SentRequest } from "../../jobs/requests.js";
import { rolloutOf, stillRollingOut } from "../../jobs/rollout.js";
import type { Course } from "./course.js";
import type { Sight } from "./delivery.js";
import type { Earlier } from "./earlier.js";
import { targetInWords } from "./targets.js";

/** What was sent to the targets of a job, and may still be on its way there. */
export function rolloutTo(courses: readonly Course[], { requests }: Pick<Earlier, "requests">, now: Date): Rollout {
  const overtaken = courses.flatMap(({ target, overtakes }) =>
    overtakes === undefined ? [] : [{ target: targetInWords(target), request: overtakes }],
  );
  return {
    ...rolloutOf(
      courses.map(({ target }) => target),
      requests,
      now,
    ),
    warnings: stillRollingOut(overtaken, requests),
  };
}

/** What the target would have come to serve without the next request; undefined where that is not certain. */
export function beforeOf(
  request: SentRequest,
  { requests }: Pick<Earlier, "requests">,
  sight: Sight,
): Before | undefined {
  const { expected, chain, isAccepted, target } = request;
  if (!isAccepted) return undefined;
  if (expected === "none") return { none: true };
  if (target.service === "tencent-edgeone") return edgeoneBefore(request, sight);
  const known = leafIn(expected, requests);
  if (known === undefined) return undefined;
  const { chain: _, ...rest } = known;
  return { served: [{ ...rest, ...(chain && { chain }) }] };
}

/** The cloud lists what it was told last, unless its list is behind. */
function edgeoneBefore(request: SentRequest, sight: Sight): Before | undefined {
  const ids = idsGiven(request);
  return ids.length > 0 ? { certificateIds: [...ids] } : sight.before;
}
