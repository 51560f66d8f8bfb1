import type { JobTarget } from "../../jobs/job.js";
import type { CarryOut, OwnToolContext, Step } from "../../own-tool.js";
import { deliveryFor, takesId } from "./deliveries.js";
import type { Ground } from "./delivery.js";
import type { Known } from "./earlier.js";
import type { KeyFetch } from "./key-fetch.js";
import type { Target } from "./targets.js";
import type { Wanted } from "./wanted.js";

/** What a job is going to do about one target: a step, or nothing. */
export interface Course {
  readonly target: JobTarget;
  readonly step?: Step;
  /** What has to give the key before the step can be sent. */
  readonly fetch?: KeyFetch;
}

/** How long after the cloud took a request the edge may still be on its way, in milliseconds. */
const rolloutWithinMs = 60 * 60_000;

/**
 * Looks at a target and decides. What an earlier run left behind comes first: a request of which nothing is known is
 * looked for before it is made again, and one that was accepted a while ago is given its time.
 * @param earlier what the journal says of this very certificate on this very target
 */
export async function courseFor(
  given: Target,
  wanted: Wanted,
  earlier: Known | undefined,
  ground: Ground,
): Promise<Course> {
  const delivery = deliveryFor(given.at);
  const known = earlier?.target;
  const target: Target = { ...given, at: { ...given.at, ...kept(earlier) } };
  if (known?.state === "sending" && earlier !== undefined) {
    const found = await delivery.tookEffect(target.at, wanted, ground, earlier.job.startedAt);
    if (found !== undefined) return { target: accepted({ ...target.at, ...found }, ground.context) };
  }
  if (known !== undefined && isOnItsWay(known, ground)) return { target: { ...target.at, state: known.state } };
  const sight = await delivery.look(target, wanted, ground);
  const before = target.at.before ?? sight.before;
  const at: JobTarget = { ...target.at, ...(before && { before }), ...(sight.says && { says: sight.says }) };
  // What this very job changed before stays its doing, so that it can be taken back.
  const isDoing = earlier?.takenUp === true && ["accepted", "served"].includes(earlier.target.state);
  if (sight.has) return { target: { ...at, state: isDoing ? "served" : "unchanged" } };
  const step = delivery.step({ ...target, at }, wanted, sight, ground);
  const { fetch } = wanted;
  if (fetch === undefined || takesId(at)) return { target: { ...at, state: "pending" }, step };
  return { target: { ...at, state: "pending" }, step: { ...step, pending: [fetch.key] }, fetch };
}

/** What has to be fetched before any of the steps is sent, each once. */
export function fetchesOf(courses: readonly Course[]): readonly KeyFetch[] {
  return [...new Set(courses.flatMap(({ fetch }) => fetch ?? []))];
}

/** Fetches all of it: whatever does not fit ends the job before a target was sent anything. */
export async function fetchKeys(courses: readonly Course[], carryOut: CarryOut): Promise<ReadonlyMap<string, string>> {
  const slots = new Map<string, string>();
  for (const fetch of fetchesOf(courses))
    for (const [slot, value] of await fetch.fetched(carryOut)) slots.set(slot, value);
  return slots;
}

/** What an earlier run knows of the target, and a new one goes by; one that came to its end is another story. */
function kept(earlier: Known | undefined): Partial<JobTarget> {
  if (earlier === undefined || (earlier.target.state === "served" && !earlier.takenUp)) return {};
  const { before, recordId, acceptedAt } = earlier.target;
  return { ...(before && { before }), ...(recordId !== undefined && { recordId }), ...(acceptedAt && { acceptedAt }) };
}

function isOnItsWay({ state, acceptedAt }: JobTarget, { context }: Ground): boolean {
  if (state !== "accepted" || acceptedAt === undefined) return false;
  return context.now().getTime() - Date.parse(acceptedAt) < rolloutWithinMs;
}

/** The target once the cloud has taken the request. What was said before the call is over. */
export function accepted({ says: _, code: __, ...target }: JobTarget, { now }: Pick<OwnToolContext, "now">): JobTarget {
  return { ...target, state: "accepted", acceptedAt: now().toISOString() };
}
