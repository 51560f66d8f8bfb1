import type { CertificateState, CsrState, DeploymentState, Use } from "../../catalogue/current-state.js";
import type { Aspect, Warning } from "../../catalogue/operation.js";
import type { BoundResource } from "../../catalogue/tencent-ssl/bound-resources.js";
import { SafeText } from "../../lib/escape-text.js";
import { notVisible } from "./words.js";

/**
 * A fact by which two readings are compared, in no person's language: a text, what each address of a domain serves and
 * with which chain, what uses a certificate, or what an EdgeOne host has.
 */
export type Comparable = string | ServedAtAddresses | ChainState | UseState | HostState;

/** The counts, and the names where they could be read. */
export interface UseState {
  readonly counts: string;
  readonly names?: string;
}

/** What a domain serves, address by address. */
export interface ServedAtAddresses {
  /** By address the fingerprints of its leaves, sorted; `none` for no HTTPS. Only of those that answered. */
  readonly at: ReadonlyMap<string, readonly string[]>;
  /** What deployments of this program may still bring there. */
  readonly arriving: readonly string[];
}

/** How long the chains are that a domain sends. */
export interface ChainState {
  /** By fingerprint of the leaf, as often as they differ. Only at the addresses that answered. */
  readonly lengths: ReadonlyMap<string, readonly number[]>;
  readonly arriving: readonly string[];
}

/** The certificates of an EdgeOne host. */
export interface HostState {
  /** Those that are listed for it, sorted. */
  readonly ids: string;
  /** What its edge serves besides, sorted; absent where that could not be seen. */
  readonly besides?: string;
}

/** Something that was read, in words for a person. */
export interface Described {
  readonly words: SafeText;
  /** Where the words say more than the fact, such as a count or an order. */
  readonly is?: Comparable;
}

/** A name and a value; the third is by what the value is compared, where it is not by its words. False: not at all. */
export type Fact = readonly [name: SafeText, value: SafeText, is?: string | false];

/** What was read of one subject. */
export interface Reading {
  /** The object by name. */
  readonly object: SafeText;
  readonly now: (aspect: Aspect) => Described;
  readonly facts: readonly Fact[];
  /** Texts with personal data, and the same without it. */
  readonly masked?: readonly (readonly [text: SafeText, masked: SafeText])[];
  /** Certificates that it has to do with; they are described beside it. */
  readonly certificates: readonly string[];
  /** What of it makes the change riskier than its arguments tell. */
  readonly warnings?: readonly Warning[];
  /** What was found; absent where nothing could be. */
  readonly state?: SubjectState;
  /** What uses it, where it is a certificate. */
  readonly use?: Use | undefined;
  /** What a one-click update replaced, where it is the record of one. */
  readonly replacement?: Replacement;
  /** The account that it belongs to, by its number. */
  readonly owner?: SafeText | undefined;
  /** The code by which it turned out not to exist. */
  readonly missing?: string;
  /** Why it could not be read. */
  readonly unread?: SafeText;
}

export interface Replacement {
  readonly from: string;
  readonly to: string;
  readonly items: readonly (BoundResource & { readonly outcome: "replaced" | "failed" | undefined })[];
}

export type SubjectState =
  | { readonly kind: "certificate"; readonly id: string; readonly state: CertificateState }
  | { readonly kind: "csr"; readonly id: number; readonly state: CsrState }
  | { readonly kind: "deployment"; readonly id: number; readonly state: DeploymentState }
  | { readonly kind: "host"; readonly zone: string; readonly host: string; readonly state: readonly string[] }
  | { readonly kind: "stored"; readonly state: { readonly id: string } | "none" };

/** What is known by aspect, and what holds for all others. */
export function byAspect(
  known: Partial<Readonly<Record<Aspect, SafeText | Described>>>,
  otherwise: SafeText = notVisible,
): Reading["now"] {
  return (aspect) => {
    const told = known[aspect] ?? otherwise;
    return told instanceof SafeText ? { words: told } : told;
  };
}

/** A subject of which there is one thing to say. */
export function bare(object: SafeText, now: SafeText): Reading {
  return { object, now: () => ({ words: now }), facts: [], certificates: [] };
}

/** Whether what was told is otherwise, by the facts. */
export function differs(before: Comparable, after: Comparable): boolean {
  if (typeof before === "string" || typeof after === "string") return before !== after;
  if ("at" in before && "at" in after) return servedDiffers(before, after);
  if ("counts" in before && "counts" in after) {
    const named = before.names !== undefined && after.names !== undefined;
    return before.counts !== after.counts || (named && before.names !== after.names);
  }
  if ("lengths" in before && "lengths" in after) return chainDiffers(before, after);
  if ("ids" in before && "ids" in after) {
    const seen = before.besides !== undefined && after.besides !== undefined;
    return before.ids !== after.ids || (seen && before.besides !== after.besides);
  }
  return true;
}

/**
 * Whether somebody changed what is served. Which addresses DNS gives, how many and in which order, says nothing of it; nor
 * does that one of them now has what another one had, as when something rolls out, or what this program deployed there.
 */
function servedDiffers(before: ServedAtAddresses, after: ServedAtAddresses): boolean {
  const shown = new Set([...before.at.values()].map(String));
  const leaves = new Set([...before.at.values()].flat());
  const isExplained = (served: readonly string[]) =>
    shown.has(String(served)) ||
    (served.every((leaf) => leaves.has(leaf) || before.arriving.includes(leaf)) &&
      served.some((leaf) => before.arriving.includes(leaf)));
  const seenTwice = [...after.at].filter(([address]) => before.at.has(address));
  if (seenTwice.length > 0) return !seenTwice.every(([, served]) => isExplained(served));
  return ![...after.at.values()].some(isExplained);
}

/** Whether a leaf comes with another chain than before. Which leaves are served is compared by itself. */
function chainDiffers(before: ChainState, after: ChainState): boolean {
  return [...after.lengths].some(([leaf, lengths]) => {
    const known = before.lengths.get(leaf);
    return known !== undefined && !before.arriving.includes(leaf) && lengths.some((length) => !known.includes(length));
  });
}

/**
 * A line of the plan, before it is rendered for somebody. Its "now" is compared with a later reading by its words in
 * English, unless `is` holds something else; false: not at all.
 */
export interface SnapshotRow {
  readonly object: SafeText;
  readonly aspect: Aspect;
  readonly now: SafeText;
  readonly then: SafeText;
  readonly is?: Comparable | false | undefined;
}
