import type { Warning } from "../catalogue/operation.js";
import type { Rollout } from "../catalogue/rollout.js";
import { loss } from "../catalogue/warnings.js";
import { certificateInWords } from "../edge/in-words.js";
import { ownWords, type SafeText, safe, termInWords } from "../visible.js";
import { calledIn, isRecent, leafIn, type SentRequest, timeOf } from "./requests.js";

/** A resource that a call is about, as far as its requests are looked for. */
export interface Resource {
  readonly id: string;
  readonly domain?: string | undefined;
}

/** What was sent to the resources within the time of a rollout. */
export function rolloutOf(
  resources: readonly Resource[],
  requests: readonly SentRequest[],
  now: Date,
): Omit<Rollout, "warnings"> {
  const about = (id: string) => requests.filter(({ target }) => target.id === id);
  return {
    newest: newestOf(
      resources.map(({ id }) => id),
      requests,
    ),
    arriving: new Map(
      resources.flatMap(({ id, domain }) => {
        const recent = about(id).filter((each) => isRecent(each, now));
        const leaves = recent.flatMap(({ expected, target: { before } }) => [
          expected,
          ...(before?.served ?? []).map(({ sha256 }) => sha256),
          ...(before?.none ? ["none"] : []),
        ]);
        return domain === undefined || leaves.length === 0 ? [] : [[domain, [...new Set(leaves)].sort()] as const];
      }),
    ),
  };
}

/**
 * The same for a single operation: of each resource the newest request counts that the edge does not show yet.
 * @param isServed whether all of a domain that can be seen serves a leaf, or nothing where that is "none"
 */
export async function rolloutBefore(
  resources: readonly (Resource & { readonly name: SafeText })[],
  requests: readonly SentRequest[],
  now: Date,
  isServed: (domain: string, expected: string) => Promise<boolean>,
): Promise<Rollout> {
  const warnings = await Promise.all(
    resources.map(async ({ id, domain, name }) => {
      const newest = requests.find(({ target }) => target.id === id);
      if (newest === undefined || !isRecent(newest, now) || newest.target.state === "served") return [];
      const { expected } = newest;
      if (domain !== undefined && expected !== "unknown" && (await isServed(domain, expected))) return [];
      return [stillRollingOut(name, newest, requests)];
    }),
  );
  // The operation itself will be the newest: its approval has to be found by the same call afterwards.
  return { ...rolloutOf(resources, requests, now), newest: "", warnings: warnings.flat() };
}

/** Names the newest request for each target; another name later means that something was sent meanwhile. */
export function newestOf(targetIds: readonly string[], requests: readonly SentRequest[]): string {
  return targetIds
    .map((id) => {
      const newest = requests.find(({ target }) => target.id === id);
      return newest === undefined ? "" : `${newest.job.id} ${newest.at} ${newest.expected}`;
    })
    .join();
}

/** "deployment 1a2b3c4d"; and whose, where that is not certain. */
export function senderOf({ job, isOwn }: SentRequest): string {
  return isOwn ? calledIn(job) : `${calledIn(job)} (under another access key, or of an earlier version)`;
}

/** "example.com until 2027-03-01, SHA-256 3f9a… (deployment 1a2b3c4d, accepted 2026-04-01 10:01:05 UTC)". */
export function inWords(request: SentRequest, requests: readonly SentRequest[]): string {
  return `${broughtBy(request, requests)} (${senderOf(request)}, ${sentInWords(request)})`;
}

/** What a person is told of a target to which something else is on its way, with what to do about it. */
export function stillRollingOut(target: SafeText, request: SentRequest, requests: readonly SentRequest[]): Warning {
  const { kind, id, key } = request.job;
  const sent = ownWords(sentInWords(request));
  const other = request.isOwn ? safe`` : safe`, under another access key or of an earlier version`;
  const [what, until] =
    kind === "operation"
      ? [safe`what ${ownWords(key)} set (${sent}${other})`, safe`check_served_certificate shows when it has arrived`]
      : [
          safe`a ${ownWords(kind)} (job ${termInWords(id)}, ${sent}${other})`,
          safe`wait_for deployment ${termInWords(id)}`,
        ];
  const brings = ownWords(broughtBy(request, requests));
  return loss(
    safe`${target}: ${what} is still rolling out here. Better wait for it first (${until}): this replaces it. It brings ${brings}.`,
  );
}

const sentInWords = ({ isAccepted, at }: SentRequest) =>
  `${isAccepted ? "accepted" : "sent with unknown outcome"} ${timeOf(at)}`;

function broughtBy({ expected, job }: SentRequest, requests: readonly SentRequest[]): string {
  if (expected === "none") return "no HTTPS";
  const { certificateId: id } = job.certificate;
  if (expected === "unknown") return id === undefined ? "a certificate that is not known here" : `certificate ${id}`;
  const known = leafIn(expected, requests);
  return known === undefined ? `certificate SHA-256 ${expected.slice(0, 16)}…` : certificateInWords(known);
}
