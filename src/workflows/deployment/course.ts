import type { JobTarget } from "../../jobs/job.js";
import { calledIn, isRecent, type SentRequest, timeOf } from "../../jobs/requests.js";
import { inWords, senderOf } from "../../jobs/rollout.js";
import type { CarryOut, OwnToolContext, Step } from "../../own-tool.js";
import { deliveryFor, takesId } from "./deliveries.js";
import type { Ground, Sight } from "./delivery.js";
import type { Earlier, Expected, Known } from "./earlier.js";
import { beforeOf } from "./in-flight.js";
import type { KeyFetch } from "./key-fetch.js";
import { seenAtEdge } from "./seen-at-edge.js";
import { hostOf, type Target } from "./targets.js";
import type { Wanted } from "./wanted.js";

/** What a job is going to do about one target: a step, or nothing. */
export interface Course {
  readonly target: JobTarget;
  readonly step?: Step;
  /** What has to give the key before the step can be sent. */
  readonly fetch?: KeyFetch;
  /** What is still on its way there, and replaced by the step. */
  readonly overtakes?: SentRequest;
}

/** How a target is brought to serve something. */
export interface Way {
  /** Id of the certificate at Tencent Cloud SSL, where it has one. */
  readonly certificateId?: string | undefined;
  look(at: JobTarget): Promise<Sight>;
  /** What is known once a request of which nothing was known is found to have taken effect since then (ISO 8601). */
  tookEffect(at: JobTarget, since: string): Promise<Partial<JobTarget> | undefined>;
  step(at: JobTarget, sight: Sight): Step;
}

/** Looks at a target and decides how it comes to serve the certificate. */
export async function courseFor(given: Target, wanted: Wanted, earlier: Earlier, ground: Ground): Promise<Course> {
  const delivery = deliveryFor(given.at);
  const course = await decide(given.at, wanted.facts.sha256, earlier, ground, {
    certificateId: wanted.facts.certificateId,
    look: (at) => delivery.look({ ...given, at }, wanted, ground),
    tookEffect: (at, since) => delivery.tookEffect(at, wanted, ground, since),
    step: (at, sight) => delivery.step({ ...given, at }, wanted, sight, ground),
  });
  const { target, step } = course;
  const { fetch } = wanted;
  if (step === undefined || fetch === undefined || takesId(target)) return course;
  return { ...course, step: { ...step, pending: [fetch.key] }, fetch };
}

/**
 * The one place that decides whether there is something to do. What the cloud accepted counts as much as what is seen: a
 * target has a certificate only if that is the newest that was accepted for it, too. What an earlier run left behind
 * comes first: a request of which nothing is known is looked for before it is made again, and one that was accepted a
 * while ago is given its time.
 * @param sha256 what it is to serve, or "none" for no HTTPS
 */
export async function decide(
  given: JobTarget,
  sha256: string,
  earlier: Earlier,
  ground: Ground,
  way: Way,
): Promise<Course> {
  const { context } = ground;
  const expected: Expected = { sha256, forceRedirect: given.forceRedirect, certificateId: way.certificateId };
  const atWork = earlier.atWork(given.id);
  if (atWork !== undefined) return blocked(given, `${atWork.kind} ${atWork.id} is at work on it: wait_for it first`);
  const known = earlier.of(given.id, expected);
  const target: JobTarget = { ...given, ...kept(known) };
  if (known?.target.state === "sending") {
    const since = known.target.sentAt ?? known.job.startedAt;
    const found = await way.tookEffect({ ...target, supersedes: known.target.supersedes }, since);
    if (found !== undefined) return { target: accepted({ ...target, ...found }, context) };
  }
  const onItsWay = known !== undefined && isOnItsWay(known, ground) ? known : undefined;
  // What has become of a one-click update is told by its record, which the job follows.
  if (onItsWay !== undefined && given.service === "tencent-ssl") return awaited(target, onItsWay);
  const sight = await way.look(target);
  if (onItsWay !== undefined && !hasCome(sight, onItsWay) && !contradicts(sight, target, earlier)) {
    return awaited(target, onItsWay);
  }
  if (sight.blocked !== undefined) return blocked(target, sight.blocked);
  const other = sight.tellsAll === true ? undefined : earlier.other(target.id, expected);
  if (sight.has && other === undefined) {
    return { target: await had(target, sha256, known, sight, earlier.otherBefore(target.id, expected), ground) };
  }
  const overtaken = other === undefined || (await hasArrived(target, other, ground)) ? undefined : other;
  const before = target.before ?? (overtaken === undefined ? sight.before : beforeOf(overtaken, earlier, sight));
  const supersedes = overtaken && inWords(overtaken, earlier.requests);
  const { supersedes: _, ...anew } = target;
  const at: JobTarget = {
    ...anew,
    ...(before && { before }),
    ...(sight.says && { says: sight.says }),
    ...(supersedes && { supersedes }),
    state: "pending",
  };
  return { target: at, step: way.step(at, sight), ...(overtaken && { overtakes: overtaken }) };
}

/** A target to which the right thing was sent, and may not have come yet. */
function awaited(target: JobTarget, { job, target: { acceptedAt = "" } }: Known): Course {
  const says = `accepted ${timeOf(Date.parse(acceptedAt))} by ${calledIn(job)}, and on its way`;
  return { target: { ...target, state: "accepted", says } };
}

/** A target to which nothing can be sent now. */
function blocked(target: JobTarget, says: string): Course {
  return { target: { ...target, state: "not attempted", says } };
}

/** Where something else was on its way before, what the edge shows may be from before that. */
function hasCome({ has, isAtEdge = false }: Sight, { target: { supersedes } }: Known): boolean {
  return has && isAtEdge && supersedes === undefined;
}

function isOnItsWay({ target: { state, acceptedAt = "" } }: Known, { context }: Ground): boolean {
  return state === "accepted" && isRecent({ at: Date.parse(acceptedAt) }, context.now());
}

/** Whether something is there that no recent request accounts for: somebody else has changed it since. */
function contradicts({ has, shows = [] }: Sight, { id }: JobTarget, earlier: Earlier): boolean {
  const explained = earlier.explained(id);
  return !has && shows.some((each) => !explained.has(each));
}

/** Whether every address serves what was asked for, so that it is on its way no longer. */
async function hasArrived(target: JobTarget, { expected }: SentRequest, { context }: Ground): Promise<boolean> {
  const host = hostOf(target);
  if (host === undefined || expected === "unknown") return false;
  return (await seenAtEdge(host, expected, context)).served === "everywhere";
}

/** The target where nothing has to be sent. */
async function had(
  target: JobTarget,
  sha256: string,
  known: Known | undefined,
  sight: Sight,
  unseen: SentRequest | undefined,
  { context }: Ground,
): Promise<JobTarget> {
  const before = target.before ?? sight.before;
  const notes = [sight.says, unseen && `${senderOf(unseen)}, sent ${timeOf(unseen.at)}, was never seen there`];
  const says = notes.filter(Boolean).join("; ");
  const at: JobTarget = { ...target, ...(before && { before }), ...(says && { says }) };
  // What this very job changed before stays its doing, so that it can be taken back.
  if (known?.takenUp && ["accepted", "served"].includes(known.target.state)) {
    return { ...at, state: sight.isAtEdge ? "served" : known.target.state };
  }
  const host = hostOf(target);
  if (sight.isAtEdge || host === undefined) return { ...at, state: "unchanged" };
  // What the cloud lists is what it was told; its edge may be behind.
  const seen = await seenAtEdge(host, sha256, context);
  return seen.another
    ? { ...at, state: "accepted", says: `the cloud lists it; ${seen.says}` }
    : { ...at, state: "unchanged" };
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
  const { before, recordId, acceptedAt, sentAt, supersedes } = earlier.target;
  return {
    ...(before && { before }),
    ...(recordId !== undefined && { recordId }),
    ...(acceptedAt && { acceptedAt }),
    ...(sentAt && { sentAt }),
    ...(supersedes && { supersedes }),
  };
}

/** The target once the cloud has taken the request. What was said before the call is over. */
export function accepted({ says: _, code: __, ...target }: JobTarget, { now }: Pick<OwnToolContext, "now">): JobTarget {
  return { ...target, state: "accepted", acceptedAt: now().toISOString() };
}
