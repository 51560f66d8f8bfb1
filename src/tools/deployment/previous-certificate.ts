import { storeIdIn } from "../../catalogue/store-ids.js";
import { isSameLeaf, isSha1 } from "../../certificates/fingerprint.js";
import { type Expectation, isSameChain, type SentChain, satisfies } from "../../certificates/sent-chain.js";
import type { Job, JobTarget, PreviousState } from "../../jobs/job.js";
import { memoize } from "../../lib/memoize.js";
import { formatId, formatName, SafeText, safe } from "../../lib/safe-text.js";
import { PolicyViolation, unlessFailed } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { formatFingerprint } from "../../tls-check/descriptions.js";
import { unlessExcluded } from "../cloud-reads.js";
import type { ListedCertificate } from "../inventory/certificates.js";
import { listStores } from "../inventory/stores.js";
import { idWithStore } from "../inventory/used-by.js";
import { chainInStore, desiredInStore, takesFrom } from "./alibaba-huawei-stores.js";
import { type DesiredCertificate, desiredFromPair, desiredWithKey, type Pair } from "./desired-certificate.js";
import { mayBeCopy } from "./old-certificate.js";
import { storedCopiesOf } from "./stored-copies.js";

/** A leaf that the edge served before a deployment. */
export type Leaf = NonNullable<PreviousState["served"]>[number];

/** Where to look for what a deployment replaced. */
export interface PreviousSearch {
  /** A pair that the caller supplied for this. */
  readonly given: Pair | undefined;
  /** What is rolled back: if only the chain changed, the same leaf with another chain will not do. */
  readonly replacement: Expectation;
  readonly jobs: readonly Job[];
  /** What the stores beside Tencent Cloud SSL list. */
  readonly listed: () => Promise<readonly ListedCertificate[]>;
  readonly context: ToolContext;
}

/** The certificate of a leaf with its key, or in the store of the service that served it; a text says why there is none. */
export async function findPrevious(
  leaf: Leaf,
  service: JobTarget["service"],
  search: PreviousSearch,
): Promise<DesiredCertificate | SafeText> {
  if (Date.parse(leaf.notAfter) <= search.context.now().getTime()) return safe`the previous certificate has expired`;
  const given = search.given && desiredFromPair(search.given, {}, search.context.now());
  if (given !== undefined && isAsBefore(given, leaf, search)) return given;
  const unproven: DesiredCertificate[] = [];
  const known =
    (await fromStore(leaf, service, search, unproven)) ??
    (await fromJobs(leaf, search)) ??
    (await fromTencent(leaf, search));
  const [copy] = unproven;
  const found = known === undefined || known instanceof SafeText ? (copy ?? known) : known;
  if (found !== undefined && !(found instanceof SafeText && given !== undefined)) return found;
  const [name] = leaf.names;
  const called = name === undefined ? safe`no name` : formatName(name);
  const fingerprint = formatFingerprint(leaf.sha256);
  if (given === undefined)
    return safe`the key of the previous certificate (${called}, ${fingerprint}) is not available here: pass certificate and private_key by reference`;
  return isSameLeaf(given.facts, leaf)
    ? safe`the given certificate is the previous one (${called}, ${fingerprint}), but with another chain: pass it with the chain that was served`
    : safe`the given certificate (${formatFingerprint(given.facts.sha256)}) is not the previous one (${called}, ${fingerprint}): pass that one and its key`;
}

function isAsBefore(desired: DesiredCertificate, leaf: Leaf, { replacement }: PreviousSearch): boolean {
  if (!isSameLeaf(desired.facts, leaf)) return false;
  const isOnlyChain = isSameLeaf(leaf, replacement) && leaf.chain !== undefined;
  return isOnlyChain ? isSameChain(desired.facts.chain, leaf.chain) : satisfies(desired.facts.chain, leaf.chain);
}

/**
 * In the store of the same cloud, which needs no key and no further copy: as an earlier job named it, or as it is listed.
 * @param unproven gets the listed copies whose store shows no chain: what has its chain with it is better
 */
async function fromStore(
  leaf: Leaf,
  service: JobTarget["service"],
  { jobs, replacement, listed, context }: PreviousSearch,
  unproven: DesiredCertificate[],
): Promise<DesiredCertificate | undefined> {
  // A store does not show the chain, so if only that changed, its copy is no proof of the one before.
  if (isSameLeaf(replacement, leaf)) return undefined;
  const deployed = jobs.flatMap(({ certificate: { storedAs, ...stored } }) =>
    storedAs !== undefined && isSameLeaf(stored, leaf) ? [storedAs] : [],
  );
  for (const id of new Set(deployed)) {
    const found = await takenFromStore(id, leaf, service, context);
    if (found !== undefined) return found;
  }
  if (service === "tencent-ssl" || service === "tencent-edgeone") return undefined;
  const likely = (await listed()).filter((each) => mayBeCopy(each, { names: leaf.names, ends: leaf.notAfter }));
  for (const id of likely.map(idWithStore)) {
    const found = await takenFromStore(id, leaf, service, context);
    const chain = found && (await chainShown(id, context));
    if (found === undefined || chain === "unread") continue;
    const copy = expectedAsSeen(found, leaf);
    // Nobody has deployed this copy from here, so its chain must not be shorter than what was served.
    if (satisfies(chain, leaf.chain)) return copy;
    if (chain === undefined) unproven.push(copy);
  }
  return undefined;
}

async function takenFromStore(id: string, leaf: Leaf, service: JobTarget["service"], context: ToolContext) {
  const store = storeIdIn(id);
  if (store === undefined || !takesFrom(store, service)) return undefined;
  const found = await unlessExcluded(unlessRefused(desiredInStore(store, context)));
  return found !== undefined && "facts" in found && isSameLeaf(found.facts, leaf) ? found : undefined;
}

/** The chain that the store shows of a copy; undefined where it shows none, which a read that failed does not say. */
async function chainShown(id: string, context: ToolContext): Promise<SentChain | "unread" | undefined> {
  const store = storeIdIn(id);
  return store && (await unlessFailed(chainInStore(store, context), () => "unread" as const));
}

/** A store may show only the SHA-1, and no chain: both are known from the edge, which has to show them again. */
function expectedAsSeen({ facts, ...found }: DesiredCertificate, { sha256, sha1, chain }: Leaf): DesiredCertificate {
  const known = isSha1(sha256) ? {} : { sha256, ...(sha1 !== undefined && { sha1 }) };
  return { ...found, facts: { ...facts, ...known, ...(chain && { chain }) } };
}

/** What the stores of Alibaba Cloud and Huawei Cloud list, read once and only if it is asked for. */
export function listedInStores(context: ToolContext): PreviousSearch["listed"] {
  return memoize(async () => (await listStores(context)).certificates);
}

/** An earlier job may have deployed it from references that still resolve to it. */
async function fromJobs(leaf: Leaf, search: PreviousSearch): Promise<DesiredCertificate | undefined> {
  const { jobs, context } = search;
  for (const { certificate } of jobs) {
    const { certificate: chain, privateKey: key } = certificate.source;
    if (!isSameLeaf(certificate, leaf) || chain === undefined || key === undefined) continue;
    const resolving = async () => {
      const pair = {
        certificate: await context.resolve(chain, "certificate"),
        privateKey: await context.resolve(key, "private key"),
      };
      return desiredFromPair(pair, certificate.source, context.now());
    };
    const desired = await unlessRefused(resolving());
    if (desired !== undefined && isAsBefore(desired, leaf, search)) return desired;
  }
  return undefined;
}

/** It may be at Tencent Cloud SSL, which returns it with its key. */
function fromTencent(leaf: Leaf, search: PreviousSearch): Promise<DesiredCertificate | SafeText | undefined> {
  const { jobs, context } = search;
  const searching = async () => {
    for (const { id } of (await storedCopiesOf(leaf, jobs, context)).usable) {
      const desired = await desiredWithKey(id, context);
      if (isAsBefore(desired, leaf, search)) return desired;
    }
    return undefined;
  };
  return unlessFailed(searching(), (error) => {
    if (!(error instanceof PolicyViolation)) return undefined;
    return safe`the key of the previous certificate may be at Tencent Cloud, but this server's policy excludes ${formatId(error.operation)}: pass certificate and private_key by reference`;
  });
}

/** A source that refuses must not prevent trying the next one. */
function unlessRefused(way: Promise<DesiredCertificate>): Promise<DesiredCertificate | undefined> {
  return unlessFailed(way, (error) => {
    if (error instanceof PolicyViolation) throw error;
    return undefined;
  });
}
