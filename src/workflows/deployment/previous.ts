import { Excluded, Failure } from "../../failure.js";
import type { Before, Job } from "../../jobs/job.js";
import type { OwnToolContext } from "../../own-tool.js";
import { nameInWords, type SafeText, safe, termInWords } from "../../visible.js";
import { storedAs } from "./stored.js";
import { type Pair, type Wanted, wantedFrom, wantedWithKey } from "./wanted.js";

/** A leaf that the edge served before a deployment. */
export type Leaf = NonNullable<Before["served"]>[number];

/** Finds a certificate with its key again, of which only the leaf was seen. */
export interface Finder {
  /** The certificate, or in words why it cannot be had. */
  find(leaf: Leaf): Promise<Wanted | SafeText>;
}

/** @param given a pair that the caller named for this */
export function finderFor(given: Pair | undefined, jobs: readonly Job[], context: OwnToolContext): Finder {
  const found = new Map<string, Promise<Wanted | SafeText>>();
  const find = async (leaf: Leaf): Promise<Wanted | SafeText> => {
    if (Date.parse(leaf.notAfter) <= context.now().getTime()) return safe`the previous certificate has expired`;
    const ways = [
      () => usable(given, {}, leaf, context),
      () => fromJobs(jobs, leaf, context),
      () => fromTencent(leaf, context),
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
      const finding = found.get(leaf.sha256) ?? find(leaf);
      found.set(leaf.sha256, finding);
      return finding;
    },
  };
}

/** The pair, if it is the one that is looked for. */
function usable(
  pair: Pair | undefined,
  source: Wanted["facts"]["source"],
  { sha256 }: Leaf,
  { now }: OwnToolContext,
): Wanted | undefined {
  if (pair === undefined) return undefined;
  const wanted = wantedFrom(pair, source, now());
  return wanted.facts.sha256 === sha256 ? wanted : undefined;
}

/** An earlier job may have deployed it from references that still lead to it. */
async function fromJobs(jobs: readonly Job[], leaf: Leaf, context: OwnToolContext): Promise<Wanted | undefined> {
  for (const { certificate } of jobs) {
    const { certificate: chain, privateKey: key } = certificate.source;
    if (certificate.sha256 !== leaf.sha256 || chain === undefined || key === undefined) continue;
    const wanted = await unlessRefused(async () => {
      const pair = {
        certificate: await context.resolve(chain, "certificate"),
        privateKey: await context.resolve(key, "private key"),
      };
      return usable(pair, certificate.source, leaf, context);
    });
    if (wanted !== undefined) return wanted;
  }
  return undefined;
}

/** It may lie at Tencent Cloud SSL, which hands it out with its key. */
async function fromTencent({ sha1, ...facts }: Leaf, context: OwnToolContext): Promise<Wanted | SafeText | undefined> {
  try {
    return await unlessRefused(async () => {
      const id = await storedAs({ facts, sha1 }, context);
      const wanted = id === undefined ? undefined : await wantedWithKey(id, context);
      return wanted?.facts.sha256 === facts.sha256 ? wanted : undefined;
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
