import type { Warning } from "../../catalogue/operation.js";
import { loss } from "../../catalogue/warnings.js";
import { certificateInWords } from "../../edge/in-words.js";
import type { Before } from "../../jobs/job.js";
import { calledIn, type SentRequest, timeOf } from "../../jobs/requests.js";
import { joined, ownWords, type SafeText, safe, termInWords } from "../../visible.js";
import type { Course } from "./course.js";
import type { Sight } from "./delivery.js";
import type { Earlier } from "./earlier.js";
import { idsGiven } from "./held.js";
import { targetInWords } from "./targets.js";

/** What was sent and is not seen yet, for those who have to know of it. */

/** "deployment 1a2b3c4d"; and whose, where that is not certain. */
export function senderOf({ job, isOwn }: SentRequest): SafeText {
  const called = ownWords(calledIn(job));
  return isOwn ? called : safe`${called} (under another access key, or of an earlier version)`;
}

/** "example.com until 2027-03-01, SHA-256 3f9a… (deployment 1a2b3c4d, accepted 2026-04-01T10:01:05Z)". */
export function inWords(request: SentRequest, { leaf }: Pick<Earlier, "leaf">): SafeText {
  const { expected, isAccepted, at } = request;
  const what = expected === "none" ? safe`no HTTPS` : certificateOf(expected, idsGiven(request), leaf);
  const when = ownWords(timeOf(at));
  return isAccepted
    ? safe`${what} (${senderOf(request)}, accepted ${when})`
    : safe`${what} (${senderOf(request)}, sent with unknown outcome ${when})`;
}

function certificateOf(expected: string, ids: readonly string[], leaf: Earlier["leaf"]): SafeText {
  if (expected === "unknown")
    return ids.length === 0
      ? safe`a certificate that is not known here`
      : safe`certificate ${joined(ids.map(termInWords), safe` and `)}`;
  const known = leaf(expected);
  return known === undefined
    ? safe`certificate SHA-256 ${termInWords(expected.slice(0, 16))}…`
    : certificateInWords(known);
}

/** What a person is told of a target to which something else is on its way. */
export function inFlightIn({ target, supersedes }: Pick<Course, "target" | "supersedes">): Warning[] {
  if (supersedes === undefined) return [];
  const what = safe`${targetInWords(target)}: on its way there, and not seen everywhere yet`;
  return [loss(safe`${what}, is ${supersedes}. This replaces it.`)];
}

/** What the target would have come to serve without the next request; undefined where that is not certain. */
export function beforeOf(request: SentRequest, { leaf }: Pick<Earlier, "leaf">, sight: Sight): Before | undefined {
  const { expected, chain, isAccepted, target } = request;
  if (!isAccepted) return undefined;
  if (expected === "none") return { none: true };
  if (target.service === "tencent-edgeone") return edgeoneBefore(request, sight);
  const known = leaf(expected);
  if (known === undefined) return undefined;
  const { chain: _, ...rest } = known;
  return { served: [{ ...rest, ...(chain && { chain }) }] };
}

/** The cloud lists what it was told last, unless its list is behind. */
function edgeoneBefore(request: SentRequest, sight: Sight): Before | undefined {
  const ids = idsGiven(request);
  return ids.length > 0 ? { certificateIds: [...ids] } : sight.before;
}
