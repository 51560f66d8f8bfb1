import type { Warning } from "../../catalogue/operation.js";
import { loss } from "../../catalogue/warnings.js";
import { certificateInWords } from "../../edge/in-words.js";
import type { Before, JobTarget } from "../../jobs/job.js";
import { calledIn, type SentRequest, timeOf } from "../../jobs/requests.js";
import { ownWords, safe } from "../../visible.js";
import type { Sight } from "./delivery.js";
import type { Earlier } from "./earlier.js";
import { targetInWords } from "./targets.js";

/** What was sent and is not seen yet, for those who have to know of it. */

/** "deployment 1a2b3c4d"; and whose, where that is not certain. */
export function senderOf({ job, isOwn }: SentRequest): string {
  return isOwn ? calledIn(job) : `${calledIn(job)} (under another access key, or of an earlier version)`;
}

/** "example.com until 2027-03-01, SHA-256 3f9a… (deployment 1a2b3c4d, accepted 2026-04-01T10:01:05Z)". */
export function inWords(request: SentRequest, { leaf }: Pick<Earlier, "leaf">): string {
  const { expected, isAccepted, at, job } = request;
  const what = expected === "none" ? "no HTTPS" : certificateOf(expected, job.certificate.certificateId, leaf);
  return `${what} (${senderOf(request)}, ${isAccepted ? "accepted" : "sent with unknown outcome"} ${timeOf(at)})`;
}

function certificateOf(expected: string, id: string | undefined, leaf: Earlier["leaf"]): string {
  if (expected === "unknown") return id === undefined ? "a certificate that is not known here" : `certificate ${id}`;
  const known = leaf(expected);
  return known === undefined ? `certificate SHA-256 ${expected.slice(0, 16)}…` : certificateInWords(known);
}

/** What a person is told of a target to which something else is on its way. */
export function inFlightIn(target: JobTarget): Warning[] {
  const { supersedes } = target;
  if (supersedes === undefined) return [];
  const what = safe`${targetInWords(target)}: on its way there, and not seen everywhere yet`;
  return [loss(safe`${what}, is ${ownWords(supersedes)}. This replaces it.`)];
}

/** What the target would have come to serve without the next request; undefined where that is not certain. */
export function beforeOf(request: SentRequest, { leaf }: Pick<Earlier, "leaf">, sight: Sight): Before | undefined {
  const { expected, isAccepted, target } = request;
  if (!isAccepted) return undefined;
  if (expected === "none") return { none: true };
  if (target.service === "tencent-edgeone") return edgeoneBefore(request, sight);
  const known = leaf(expected);
  return known === undefined ? undefined : { served: [known] };
}

/** The cloud lists what it was told last, unless its list is behind. */
function edgeoneBefore({ job, expected }: SentRequest, sight: Sight): Before | undefined {
  const { certificateId, sha256 } = job.certificate;
  return expected === sha256 && certificateId !== undefined ? { certificateIds: [certificateId] } : sight.before;
}
