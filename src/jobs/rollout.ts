import type { Warning } from "../catalogue/operation.js";
import type { Rollout } from "../catalogue/rollout.js";
import { noHttps, type StoreRequest } from "../catalogue/serving.js";
import { loss, outage } from "../catalogue/warnings.js";
import type { Expectation } from "../certificates/sent-chain.js";
import { formatId, formatMoment, joined, type SafeText, safe, verbatim } from "../lib/safe-text.js";
import { describeServedCertificate, formatFingerprint } from "../tls-check/descriptions.js";
import { isSeen } from "./job.js";
import {
  arriving,
  certificateIdsSet,
  isRecent,
  jobLabel,
  leavesAround,
  recordedLeaf,
  type SentRequest,
  timeOf,
} from "./requests.js";

/** A resource that a call is about, with what is needed to find its requests. */
interface Resource {
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
  const ids = resources.map(({ id }) => id);
  return {
    newest: newestOf(ids, requests),
    lastSet: new Map(
      ids.flatMap((id) => {
        const [newest] = about(id);
        if (newest === undefined || !newest.isAccepted || !isRecent(newest, now)) return [];
        const { expected, expectation: leaf, target, at } = newest;
        if (expected === "unknown") return [];
        const words = describeSent(newest, requests);
        return [[id, { leaf, name: target.copy, words, at: formatMoment(new Date(timeOf(at))) }] as const];
      }),
    ),
    arriving: new Map(
      resources.flatMap(({ id, domain }) => {
        const recent = about(id).filter((each) => isRecent(each, now));
        const leaves = recent.flatMap(leavesAround);
        return domain === undefined || leaves.length === 0 ? [] : [[domain, leaves] as const];
      }),
    ),
  };
}

/**
 * Like {@link rolloutOf}, but for a single operation: for each resource, the newest request that the edge does not show
 * yet.
 * @param isServed whether everything visible of a domain serves a leaf with its chain, or nothing for {@link noHttps}
 */
export async function rolloutBefore(
  resources: readonly (Resource & { readonly name: SafeText })[],
  requests: readonly SentRequest[],
  now: Date,
  isServed: (domain: string, expected: Expectation) => Promise<boolean>,
): Promise<Rollout> {
  const pending = await Promise.all(
    resources.map(async ({ id, domain, name }) => {
      const newest = requests.find(({ target }) => target.id === id);
      if (newest === undefined || !isRecent(newest, now) || isSeen(newest.target)) return [];
      const { expected, expectation } = newest;
      if (domain !== undefined && expected !== "unknown" && (await isServed(domain, expectation))) return [];
      return [{ target: name, request: newest }];
    }),
  );
  // The operation itself will be the newest request, and the same call must still find its approval afterwards.
  return { ...rolloutOf(resources, requests, now), newest: "", warnings: stillRollingOut(pending.flat(), requests) };
}

/** Identifies the newest request for each target; a different value later means that something was sent in between. */
export function newestOf(targetIds: readonly string[], requests: readonly SentRequest[]): string {
  return targetIds
    .map((id) => {
      const newest = requests.find(({ target }) => target.id === id);
      return newest === undefined ? "" : `${newest.job.id} ${newest.at} ${newest.expected}`;
    })
    .join();
}

/** "deployment 1a2b3c4d", and whose it is if that is uncertain. */
export function senderOf({ job, isOwn }: SentRequest): SafeText {
  const label = verbatim(jobLabel(job));
  return isOwn ? label : safe`${label} (under another access key)`;
}

/** "example.com until 2027-03-01, SHA-256 3f9a… (deployment 1a2b3c4d, accepted 2026-04-01T10:01:05Z)". */
export function describeRollout(request: SentRequest, requests: readonly SentRequest[]): SafeText {
  return safe`${describeSent(request, requests)} (${senderOf(request)}, ${describeSending(request)})`;
}

/** The warning about targets with something else on its way to them, once per job, with what to do about it. */
export function stillRollingOut(
  all: readonly { readonly target: SafeText; readonly request: SentRequest }[],
  requests: readonly SentRequest[],
): readonly Warning[] {
  const targetsOf = new Map<string, { readonly says: SafeText; readonly targets: SafeText[] }>();
  for (const { target, request } of all) {
    const says = safe`${describeRequest(request)} is still rolling out there, with ${describeSent(request, requests)}. This replaces it; it is better to wait first (${howToWait(request)}).`;
    const known = targetsOf.get(String(says));
    if (known === undefined) targetsOf.set(String(says), { says, targets: [target] });
    else known.targets.push(target);
  }
  return [...targetsOf.values()].map(({ says, targets }) => loss(safe`${joined(targets)}: ${says}`));
}

/** Warnings about certificates that are about to be ended and may still be on their way to resources. */
export function stillArriving(
  certificateIds: readonly string[],
  requests: readonly SentRequest[],
  now: Date,
): readonly Warning[] {
  return arriving(requests, now).flatMap((request) =>
    certificateIdsSet(request)
      .filter((id) => certificateIds.includes(id))
      .map((id) =>
        outage(
          safe`${describeRequest(request)} may still be bringing certificate ${formatId(id)} to ${verbatim(request.target.name)}; until it has arrived, that does not count as a use of it. It is better to wait first (${howToWait(request)}).`,
        ),
      ),
  );
}

/** Warnings about what was asked for lately: a second call makes another one, though no list may show the first. */
export function alreadyRequested(
  asked: readonly StoreRequest[],
  requests: readonly SentRequest[],
  now: Date,
): readonly Warning[] {
  return asked.flatMap(({ id, name }) => {
    const earlier = requests.find(({ target }) => target.id === id);
    if (earlier === undefined || !isRecent(earlier, now)) return [];
    return loss(
      safe`${name}: the same was asked for before (${describeSending(earlier)}), and may not be listed yet. This asks for another one.`,
    );
  });
}

function describeRequest(request: SentRequest): SafeText {
  const { kind, id, key } = request.job;
  const other = request.isOwn ? safe`` : safe`, under another access key`;
  const sent = safe`${describeSending(request)}${other}`;
  switch (kind) {
    case "operation":
      return safe`what ${formatId(key)} set (${sent})`;
    case "deployment":
      return safe`a deployment (job ${formatId(id)}, ${sent})`;
    case "rollback":
      return safe`a rollback (job ${formatId(id)}, ${sent})`;
    case "deletion":
      return safe`a deletion (job ${formatId(id)}, ${sent})`;
  }
}

function howToWait({ job: { kind, id } }: SentRequest): SafeText {
  return kind === "operation"
    ? safe`check_served_certificate shows when it has arrived`
    : safe`wait_for deployment ${formatId(id)}`;
}

function describeSending({ isAccepted, at }: SentRequest): SafeText {
  const when = formatMoment(new Date(timeOf(at)));
  return isAccepted ? safe`accepted ${when}` : safe`sent with unknown outcome ${when}`;
}

function describeSent(request: SentRequest, requests: readonly SentRequest[]): SafeText {
  const { expected } = request;
  if (expected === noHttps) return safe`no HTTPS`;
  if (expected === "unknown") {
    const ids = certificateIdsSet(request);
    return ids.length === 0
      ? safe`a certificate that is not known here`
      : safe`certificate ${joined(ids.map(formatId), safe` and `)}`;
  }
  const known = recordedLeaf(request.expectation, requests);
  return known === undefined ? safe`certificate ${formatFingerprint(expected)}` : describeServedCertificate(known);
}
