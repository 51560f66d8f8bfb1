import { Excluded, Failure } from "../../failure.js";
import type { Before, Job } from "../../jobs/job.js";
import type { OwnToolContext } from "../../own-tool.js";
import { doesFor, type Expectation, isSameChain } from "../../preflight/sent-chain.js";
import { nameInWords, type SafeText, safe, termInWords } from "../../visible.js";
import { copiesOf } from "./stored.js";
import { type Pair, type Wanted, wantedFrom, wantedWithKey } from "./wanted.js";

/** A leaf that the edge served before a deployment. */
export type Leaf = NonNullable<Before["served"]>[number];

/** Finds a certificate with its key again, of which only the leaf was seen. */
export interface Finder {
  /** The certificate, or in words why it cannot be had. */
  find(leaf: Leaf): Promise<Wanted | SafeText>;
}

/**
 * @param given a pair that the caller named for this
 * @param replacement what is taken back: where only the chain was changed, the same leaf with another chain is no way back
 */
export function finderFor(
  given: Pair | undefined,
  replacement: Expectation,
  jobs: readonly Job[],
  context: OwnToolContext,
): Finder {
  const isAsBefore = (wanted: Wanted, leaf: Leaf) => {
    if (wanted.facts.sha256 !== leaf.sha256) return false;
    const isOnlyChain = leaf.sha256 === replacement.sha256 && leaf.chain !== undefined;
    return isOnlyChain ? isSameChain(wanted.facts.chain, leaf.chain) : doesFor(wanted.facts.chain, leaf.chain);
  };
  const found = new Map<string, Promise<Wanted | SafeText>>();
  const find = async (leaf: Leaf): Promise<Wanted | SafeText> => {
    if (Date.parse(leaf.notAfter) <= context.now().getTime()) return safe`the previous certificate has expired`;
    const ways = [
      () => usable(given, {}, leaf, isAsBefore, context),
      () => fromJobs(jobs, leaf, isAsBefore, context),
      () => fromTencent(leaf, jobs, isAsBefore, context),
    ];
    for (const way of ways) {
      const wanted = await way();
      if (wanted !== undefined) return wanted;
    }
    const [name] = leaf.names;
    const called = name === undefined ? safe`no name` : nameInWords(name);
    return safe`the key of the previous certificate (${called}, SHA-256 ${termInWords(leaf.sha256.slice(0, 16))}…) is not at hand: pass certificate and private_key by reference`;
  };
  return {
    find: (leaf) => {
      const key = JSON.stringify([leaf.sha256, leaf.chain]);
      const finding = found.get(key) ?? find(leaf);
      found.set(key, finding);
      return finding;
    },
  };
}

type IsAsBefore = (wanted: Wanted, leaf: Leaf) => boolean;

/** The pair, if it is the one that is looked for. */
function usable(
  pair: Pair | undefined,
  source: Wanted["facts"]["source"],
  leaf: Leaf,
  isAsBefore: IsAsBefore,
  { now }: OwnToolContext,
): Wanted | undefined {
  if (pair === undefined) return undefined;
  const wanted = wantedFrom(pair, source, now());
  return isAsBefore(wanted, leaf) ? wanted : undefined;
}

/** An earlier job may have deployed it from references that still lead to it. */
async function fromJobs(
  jobs: readonly Job[],
  leaf: Leaf,
  isAsBefore: IsAsBefore,
  context: OwnToolContext,
): Promise<Wanted | undefined> {
  for (const { certificate } of jobs) {
    const { certificate: chain, privateKey: key } = certificate.source;
    if (certificate.sha256 !== leaf.sha256 || chain === undefined || key === undefined) continue;
    const wanted = await unlessRefused(async () => {
      const pair = {
        certificate: await context.resolve(chain, "certificate"),
        privateKey: await context.resolve(key, "private key"),
      };
      return usable(pair, certificate.source, leaf, isAsBefore, context);
    });
    if (wanted !== undefined) return wanted;
  }
  return undefined;
}

/** It may lie at Tencent Cloud SSL, which hands it out with its key. */
async function fromTencent(
  leaf: Leaf,
  jobs: readonly Job[],
  isAsBefore: IsAsBefore,
  context: OwnToolContext,
): Promise<Wanted | SafeText | undefined> {
  try {
    return await unlessRefused(async () => {
      const { sha1, ...facts } = leaf;
      for (const { id } of (await copiesOf({ facts, sha1 }, jobs, context)).usable) {
        const wanted = await wantedWithKey(id, context);
        if (isAsBefore(wanted, leaf)) return wanted;
      }
      return undefined;
    });
  } catch (error) {
    if (!(error instanceof Excluded)) throw error;
    return safe`the key of the previous certificate may be at Tencent Cloud, but this server's policy excludes ${termInWords(error.operation)}: pass certificate and private_key by reference`;
  }
}

/** A way that does not lead there is not the last one. */
async function unlessRefused(way: () => Promise<Wanted | undefined>): Promise<Wanted | undefined> {
  try {
    return await way();
  } catch (error) {
    if (!(error instanceof Failure) || error.facts.kind === "cancelled" || error instanceof Excluded) throw error;
    return undefined;
  }
}
