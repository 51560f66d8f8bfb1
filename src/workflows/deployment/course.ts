import type { Warning } from "../../catalogue/operation.js";
import { sentAlone } from "../../edge/in-words.js";
import { isSeen, type JobTarget } from "../../jobs/job.js";
import { calledIn, isRecent, keeps, ownIdIn, type SentRequest, timeOf } from "../../jobs/requests.js";
import { inWords, senderOf } from "../../jobs/rollout.js";
import type { CarryOut, OwnToolContext, Step } from "../../own-tool.js";
import type { Expectation } from "../../preflight/sent-chain.js";
import type { SafeText } from "../../visible.js";
import { deliveryFor, takesId } from "./deliveries.js";
import type { Ground, Sight } from "./delivery.js";
import type { Earlier, Expected, Known } from "./earlier.js";
import { beforeOf } from "./in-flight.js";
import type { KeyFetch } from "./key-fetch.js";
import { seenAtEdge } from "./seen-at-edge.js";
import { hostOf, type Target, targetInWords } from "./targets.js";
import type { Wanted } from "./wanted.js";

/** What a job is going to do about one target: a step, or nothing. */
export interface Course {
  readonly target: JobTarget;
  readonly step?: Step;
  /** What a person should know before that. */
  readonly warnings?: readonly Warning[];
  /** What has to give the key before the step can be sent. */
  readonly fetch?: KeyFetch;
  /** What should be known of the target now, in a sentence. */
  readonly says?: SafeText | undefined;
  /** What is still on its way there, and replaced by the step. */
  readonly overtakes?: SentRequest;
}

/** How a target is brought to serve something. */
export interface Way {
  /** Id of the certificate at Tencent Cloud SSL, where it has one. */
  readonly certificateId?: string | undefined;
  /** Whether an intermediate is missing from what is to be served. */
  readonly incomplete?: boolean | undefined;
  look(at: JobTarget): Promise<Sight>;
  /** What is known once a request of which nothing was known is found to have taken effect since then (ISO 8601). */
  tookEffect(at: JobTarget, since: string): Promise<Partial<JobTarget> | undefined>;
  step(at: JobTarget, sight: Sight): Step;
}

/** Looks at a target and decides how it comes to serve the certificate. */
export async function courseFor(given: Target, wanted: Wanted, earlier: Earlier, ground: Ground): Promise<Course> {
  const delivery = deliveryFor(given.at);
  const course = await decide(given.at, wanted.facts, earlier, ground, {
    certificateId: wanted.facts.certificateId,
    incomplete: wanted.incomplete,
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
 * @param wanted what it is to serve, or "none" for no HTTPS
 */
export async function decide(
  given: JobTarget,
  wanted: Expectation,
  earlier: Earlier,
  ground: Ground,
  way: Way,
): Promise<Course> {
  const { context } = ground;
  const { sha256, chain } = wanted;
  const expected: Expected = { sha256, chain, forceRedirect: given.forceRedirect, certificateId: way.certificateId };
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
  const sent = sight.tellsAll === true ? undefined : earlier.other(target.id, expected);
  const other = sent !== undefined && keeps(sight, ownIdIn(sent)) ? undefined : sent;
  if (sight.has && other === undefined) {
    const unseen = earlier.otherBefore(target.id, expected);
    return { target: await had(target, { ...wanted, incomplete: way.incomplete }, known, sight, unseen, ground) };
  }
  const overtaken = other === undefined || (await hasArrived(target, other, ground)) ? undefined : other;
  const before = target.before ?? (overtaken === undefined ? sight.before : beforeOf(overtaken, earlier, sight));
  const supersedes = overtaken && inWords(overtaken, earlier.requests);
  const { supersedes: _, beside: __, ...anew } = target;
  const at: JobTarget = {
    ...anew,
    ...(before && { before }),
    ...(sight.says && { says: String(sight.says) }),
    ...(supersedes && { supersedes: String(supersedes) }),
    ...besideIn(sight),
    state: "pending",
  };
  return {
    target: at,
    step: { ...way.step(at, sight), called: targetInWords(at) },
    says: sight.says,
    ...(overtaken && { overtakes: overtaken }),
    ...(sight.warnings && { warnings: sight.warnings }),
  };
}

const besideIn = ({ beside = [] }: Sight) => (beside.length > 0 ? { beside: [...beside] } : {});

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
async function hasArrived(
  target: JobTarget,
  { expected, chain, target: of }: SentRequest,
  { context }: Ground,
): Promise<boolean> {
  const host = hostOf(target);
  if (host === undefined || expected === "unknown") return false;
  return (await seenAtEdge(host, { sha256: expected, chain }, context, of.beside)).served === "everywhere";
}

/** The target where nothing has to be sent. */
async function had(
  target: JobTarget,
  wanted: Expectation & Pick<Way, "incomplete">,
  known: Known | undefined,
  sight: Sight,
  unseen: SentRequest | undefined,
  { context }: Ground,
): Promise<JobTarget> {
  const before = target.before ?? sight.before;
  const notes = [sight.says, unseen && `${senderOf(unseen)}, sent ${timeOf(unseen.at)}, was never seen there`];
  const says = notes.filter(Boolean).join("; ");
  const at: JobTarget = { ...target, ...(before && { before }), ...(says && { says }), ...besideIn(sight) };
  const incomplete = (why: string): JobTarget => {
    return { ...at, state: "incomplete chain", says: [says, why].filter(Boolean).join("; ") };
  };
  if (sight.incomplete) return incomplete(sentAlone);
  // What this very job changed before stays its doing, so that it can be taken back.
  if (known?.takenUp && (known.target.state === "accepted" || isSeen(known.target))) {
    return { ...at, state: sight.isAtEdge ? "served" : known.target.state };
  }
  const host = hostOf(target);
  if (sight.isAtEdge) return { ...at, state: "unchanged" };
  // Where nobody can look, what is known of the chain counts.
  const isKnown = wanted.incomplete === true && target.domain !== undefined;
  const unlooked: JobTarget = isKnown ? incomplete(sentAlone) : { ...at, state: "unchanged" };
  if (host === undefined) return unlooked;
  // What the cloud lists is what it was told; its edge may be behind.
  const seen = await seenAtEdge(host, wanted, context, at.beside);
  if (seen.another) return { ...at, state: "accepted", says: `the cloud lists it; ${seen.says}` };
  if (seen.served !== "everywhere") return unlooked;
  return seen.incomplete ? incomplete(seen.says) : { ...at, state: "unchanged" };
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
  if (earlier === undefined || (isSeen(earlier.target) && !earlier.takenUp)) return {};
  const { before, beside, recordId, acceptedAt, sentAt, supersedes } = earlier.target;
  return {
    ...(before && { before }),
    ...(beside && { beside }),
    ...(recordId !== undefined && { recordId }),
    ...(acceptedAt && { acceptedAt }),
    ...(sentAt && { sentAt }),
    ...(supersedes && { supersedes: String(supersedes) }),
  };
}

/** The target once the cloud has taken the request. What was said before the call is over. */
export function accepted({ says: _, code: __, ...target }: JobTarget, { now }: Pick<OwnToolContext, "now">): JobTarget {
  return { ...target, state: "accepted", acceptedAt: now().toISOString() };
}
