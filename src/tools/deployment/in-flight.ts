import type { PreviousState } from "../../jobs/job.js";
import { idsGiven, leafIn, type SentRequest } from "../../jobs/requests.js";
import type { ObservedState } from "./deployer.js";
import type { PreviousRuns } from "./previous-runs.js";

/** What the target would have served without the next request; undefined if that is uncertain. */
export function beforeOf(
  request: SentRequest,
  { requests }: Pick<PreviousRuns, "requests">,
  observed: ObservedState,
): PreviousState | undefined {
  const { expected, chain, isAccepted, target } = request;
  if (!isAccepted) return undefined;
  if (expected === "none") return { none: true };
  if (target.service === "tencent-edgeone") return edgeoneBefore(request, observed);
  const known = leafIn(expected, requests);
  if (known === undefined) return undefined;
  const { chain: _, ...rest } = known;
  return { served: [{ ...rest, ...(chain && { chain }) }] };
}

/** The cloud lists what was last set, unless its list lags behind. */
function edgeoneBefore(request: SentRequest, observed: ObservedState): PreviousState | undefined {
  const ids = idsGiven(request);
  return ids.length > 0 ? { certificateIds: [...ids] } : observed.before;
}
