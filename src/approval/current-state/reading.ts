import type {
  CertificateState,
  CsrState,
  DeploymentState,
  EdgeSighting,
  Use,
} from "../../catalogue/current-state-types.js";
import type { Aspect, Warning } from "../../catalogue/operation.js";
import type { BoundResource } from "../../catalogue/tencent-ssl/bound-resources.js";
import { isSameLeaf, type LeafFingerprints } from "../../certificates/fingerprint.js";
import { groupedBy } from "../../lib/lists.js";
import { SafeText } from "../../lib/safe-text.js";
import { notVisible } from "./texts.js";

/**
 * A fact to compare two readings by, independent of language: a text, what each address of a domain serves and with
 * which chain, what a domain is set to, what uses a certificate, or what an EdgeOne host has.
 */
export type Comparable = string | ServedAtAddresses | ChainState | SetState | UseState | HostState;

/** The counts, and the names if they could be read. */
interface UseState {
  readonly counts: string;
  readonly names?: string;
}

/** What a domain serves, address by address. */
export interface ServedAtAddresses {
  /** Leaves by address, sorted by SHA-256; `none` for no HTTPS. Only addresses that answered. */
  readonly at: ReadonlyMap<string, readonly LeafFingerprints[]>;
  /** What this program's deployments may still bring there. */
  readonly arriving: readonly LeafFingerprints[];
}

/** What a domain is set to according to its cloud, and what its edge serves; each undefined if unknown. */
export interface SetState {
  /** The certificate with its chain, or `none` for no HTTPS. */
  readonly set: string | undefined;
  /** Its leaf, if that is known, or `none`. */
  readonly leaf?: LeafFingerprints | undefined;
  readonly served: ServedAtAddresses | undefined;
  /** What this program's deployments may still bring there. */
  readonly arriving: readonly LeafFingerprints[];
}

/** The lengths of the chains that a domain sends. */
export interface ChainState {
  /** The different lengths by the SHA-256 of a leaf. Only addresses that answered. */
  readonly lengths: ReadonlyMap<string, { readonly leaf: LeafFingerprints; readonly lengths: readonly number[] }>;
  readonly arriving: readonly LeafFingerprints[];
}

/** The certificates of an EdgeOne host. */
export interface HostState {
  /** The listed ones, sorted. */
  readonly ids: string;
  /** What else its edge serves, sorted; absent if unknown. */
  readonly besides?: string;
  /** Each like `ids`, as it may be once what this program sent to other places has come here, too. */
  readonly arriving?: readonly string[];
  /** Whether it comes from the read that may show one certificate of several. */
  readonly isPartial?: true;
}

/** What this program sent to one place and may bring to others: one request may change much. */
export interface SentElsewhere {
  /** Leaves that a domain may serve because of it; `none` for no HTTPS. */
  readonly leaves: readonly LeafFingerprints[];
  /**
   * Certificates of Tencent Cloud SSL that it replaces by others, wherever they are. A rollback replaces one by several:
   * each place gets the one that it had.
   */
  readonly replaced: readonly { readonly from: string; readonly to: string }[];
}

/** The fact, with what was sent elsewhere as something that may come. */
export function expecting(is: Comparable, { leaves, replaced }: SentElsewhere): Comparable {
  if (typeof is === "string" || "counts" in is) return is;
  if ("ids" in is) {
    const successors = groupedBy(replaced, ({ from }) => from);
    const next = is.ids.split(",").reduce<readonly (readonly string[])[]>(
      (all, id) => {
        const successorsHere = successors.get(id)?.map(({ to }) => to) ?? [id];
        return all.flatMap((before) => successorsHere.map((to) => [...before, to]));
      },
      [[]],
    );
    return { ...is, arriving: next.map((ids) => [...new Set(ids)].sort().join()) };
  }
  const arriving = [...is.arriving, ...leaves];
  if (!("set" in is)) return { ...is, arriving };
  return { ...is, arriving, served: is.served && { ...is.served, arriving: [...is.served.arriving, ...leaves] } };
}

/** A reading in words for a person. */
export interface DescribedValue {
  readonly words: SafeText;
  /** The fact, if the words say more than it, such as a count or an order. */
  readonly is?: Comparable;
}

/** Name, value, and what to compare instead of the value's words; false: not compared. */
export type Fact = readonly [name: SafeText, value: SafeText, is?: string | false];

/** What was read of one subject. */
export interface Reading {
  /** The object by name. */
  readonly object: SafeText;
  readonly now: (aspect: Aspect) => DescribedValue;
  readonly facts: readonly Fact[];
  /** Texts with personal data, and the same texts without it. */
  readonly masked?: readonly (readonly [text: SafeText, masked: SafeText])[];
  /** Related certificates, to be described as well. */
  readonly certificates: readonly string[];
  /** What makes the change riskier than its arguments show. */
  readonly warnings?: readonly Warning[];
  /** What was found; absent if nothing could be read. */
  readonly state?: SubjectState;
  /** What uses it, if it is a certificate. */
  readonly use?: Use | undefined;
  /** What a one-click update replaced, if it is the record of one. */
  readonly replacement?: {
    readonly from: string;
    readonly to: string;
    readonly items: readonly (BoundResource & { readonly outcome: "replaced" | "failed" | undefined })[];
  };
  /** The number of the owning account. */
  readonly owner?: SafeText | undefined;
  /** The error code that says it does not exist. */
  readonly missingCode?: string;
  /** Why it could not be read. */
  readonly unread?: SafeText;
}

export type SubjectState =
  | { readonly kind: "certificate"; readonly id: string; readonly state: CertificateState }
  | { readonly kind: "csr"; readonly id: number; readonly state: CsrState }
  | { readonly kind: "deployment"; readonly id: number; readonly state: DeploymentState }
  | { readonly kind: "host"; readonly zone: string; readonly host: string; readonly state: readonly string[] }
  | { readonly kind: "redirect"; readonly project: string; readonly domain: string; readonly state: boolean }
  | { readonly kind: "edges"; readonly id: string; readonly state: EdgeSighting }
  | { readonly kind: "stored"; readonly state: { readonly id: string } | "none" };

/** Known values by aspect, and one for all others. */
export function byAspect(
  known: Partial<Readonly<Record<Aspect, SafeText | DescribedValue>>>,
  otherwise: SafeText = notVisible,
): Reading["now"] {
  return (aspect) => {
    const told = known[aspect] ?? otherwise;
    return told instanceof SafeText ? { words: told } : told;
  };
}

/** A subject with a single value. */
export function plainReading(object: SafeText, now: SafeText): Reading {
  return { object, now: () => ({ words: now }), facts: [], certificates: [] };
}

export function differs(before: Comparable, after: Comparable): boolean {
  if (typeof before === "string" || typeof after === "string") return before !== after;
  if ("at" in before && "at" in after) return servedDiffers(before, after);
  if ("counts" in before && "counts" in after) {
    const named = before.names !== undefined && after.names !== undefined;
    return before.counts !== after.counts || (named && before.names !== after.names);
  }
  if ("set" in before && "set" in after) return settingDiffers(before, after);
  if ("lengths" in before && "lengths" in after) return chainDiffers(before, after);
  if ("ids" in before && "ids" in after) {
    const seen = before.besides !== undefined && after.besides !== undefined;
    const isAsShown = after.ids === before.ids || before.arriving?.includes(after.ids) === true;
    return !isAsShown || (seen && before.besides !== after.besides);
  }
  return true;
}

/** Like {@link differs}, by what the later reading saw: what it could not read is no difference. */
export function differsWhereSeen(before: Comparable, after: Comparable): boolean {
  if (typeof before === "string" || typeof after === "string") return differs(before, after);
  if ("at" in before && "at" in after) return after.at.size > 0 && servedDiffers(before, after);
  if ("set" in before && "set" in after) {
    const isSetSeen = after.set !== undefined;
    const isEdgeSeen = after.served !== undefined && after.served.at.size > 0;
    const seen = { set: isSetSeen ? before.set : undefined, served: isEdgeSeen ? before.served : undefined };
    return settingDiffers({ ...before, ...seen }, after);
  }
  if ("ids" in before && "ids" in after && after.isPartial && !before.isPartial) {
    const shown = [before.ids, ...(before.arriving ?? [])].flatMap((ids) => ids.split(","));
    return !after.ids.split(",").every((id) => shown.includes(id));
  }
  return differs(before, after);
}

/**
 * Whether somebody changed what is set or what is served. That something becomes known is no difference, nor is what
 * this program deployed before: the cloud's read may lag.
 */
function settingDiffers(before: SetState, after: SetState): boolean {
  const isOwn = after.leaf !== undefined && isArriving(after.leaf, before);
  if (before.set !== undefined && before.set !== after.set && !isOwn) return true;
  if (before.served === undefined) return false;
  return after.served === undefined || servedDiffers(before.served, after.served);
}

/**
 * Whether somebody changed what is served. Ignores which addresses DNS returns, an address that now serves what another
 * one served (as in a rollout), and what this program deployed there.
 */
function servedDiffers(before: ServedAtAddresses, after: ServedAtAddresses): boolean {
  const textOf = (served: readonly LeafFingerprints[]) => served.map(({ sha256 }) => sha256).join();
  const shown = new Set([...before.at.values()].map(textOf));
  const leaves = [...before.at.values()].flat();
  const isExplained = (served: readonly LeafFingerprints[]) =>
    shown.has(textOf(served)) ||
    (served.every((leaf) => leaves.some((each) => isSameLeaf(each, leaf)) || isArriving(leaf, before)) &&
      served.some((leaf) => isArriving(leaf, before)));
  const seenTwice = [...after.at].filter(([address]) => before.at.has(address));
  if (seenTwice.length > 0) return !seenTwice.every(([, served]) => isExplained(served));
  return ![...after.at.values()].some(isExplained);
}

const isArriving = (leaf: LeafFingerprints, { arriving }: Pick<ServedAtAddresses, "arriving">) =>
  arriving.some((each) => isSameLeaf(each, leaf));

/** Whether a leaf comes with a different chain. Which leaves are served is compared separately. */
function chainDiffers(before: ChainState, after: ChainState): boolean {
  return [...after.lengths].some(([sha256, { leaf, lengths }]) => {
    const known = before.lengths.get(sha256)?.lengths;
    return known !== undefined && !isArriving(leaf, before) && lengths.some((length) => !known.includes(length));
  });
}

/**
 * A line of the plan before it is rendered. Its "now" is compared with a later reading by its English words, or by `is`
 * if present; false: not compared.
 */
export interface SnapshotRow {
  readonly object: SafeText;
  readonly aspect: Aspect;
  readonly now: SafeText;
  readonly then: SafeText;
  readonly is?: Comparable | false | undefined;
}
