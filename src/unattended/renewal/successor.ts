import { coversAll } from "../../certificates/domain-names.js";
import type { LeafFingerprints } from "../../certificates/fingerprint.js";
import type { JsonObject } from "../../lib/json.js";
import { groupedBy } from "../../lib/lists.js";
import { type Contender, canTakeOver, type Fitness } from "../../tools/inventory/takeover.js";
import type { FilePair } from "./file-pairs.js";
import { dueAt, type PlaceInUse, type StoredSuccessor } from "./inventory.js";
import { type RolledBack, rollbackAt } from "./rolled-back.js";

/** A certificate that may take the place of another one. */
export interface Successor {
  /** As deploy_certificate takes it: an id, or references to files. */
  readonly given: JsonObject;
  /** The same for each successor of one certificate. */
  readonly key: string;
  /** For people. */
  readonly label: string;
  readonly names: readonly string[];
  readonly kind?: string | undefined;
  readonly starts?: string | undefined;
  readonly ends: string;
  /** What clients do with it; undefined if that cannot be seen. */
  readonly fitness?: Fitness | undefined;
  /** Whether its key leaves the cloud that stores it, which a standing approval may not allow. */
  readonly movesKey: boolean;
}

interface Candidate extends Omit<Successor, "movesKey"> {
  /** Lists of stores do not show it: known of one there only if it is a copy of what was rolled back somewhere. */
  readonly leaf?: LeafFingerprints | undefined;
  /** Of the store that holds its key; undefined for files. */
  readonly store?: Pick<StoredSuccessor, "service" | "cloud">;
}

function candidatesIn(pairs: readonly FilePair[], stored: readonly StoredSuccessor[]): Candidate[] {
  return [
    ...pairs.map(
      ({ certificate, privateKey, sha256, sha1, ...facts }): Candidate => ({
        ...facts,
        given: { certificate: `file:${certificate}`, private_key: `file:${privateKey}` },
        key: sha256,
        leaf: { sha256, sha1 },
        label: certificate,
      }),
    ),
    ...stored.flatMap(({ id, service, cloud, group, ends, copy_of: copyOf, ...facts }): Candidate[] => {
      if (group !== "issued" || ends === undefined) return [];
      const leaf = copyOf === undefined ? undefined : { sha256: copyOf };
      return [{ ...facts, leaf, ends, given: { certificate_id: id }, key: id, label: id, store: { service, cloud } }];
    }),
  ];
}

/** What may take over from the certificate that a place has. */
interface Successors {
  /** The best first. */
  readonly successors: readonly Successor[];
  /** One that would fit but was rolled back there: only a person may deploy it again. */
  readonly rolledBack?: RolledBack | undefined;
}

export type FindSuccessors = (place: PlaceInUse) => Successors;

/** The stored ones that may take over from one of these by now: what clients do with them decides. */
export function storedCandidatesFor(
  places: readonly PlaceInUse[],
  stored: readonly StoredSuccessor[],
  now: number,
): StoredSuccessor[] {
  return stored.filter((each) =>
    candidatesIn([], [each]).some((candidate) => places.some((place) => canServe(candidate, place, now))),
  );
}

/** Whether a certificate would take over there if it could be used. */
export const couldTakeOver = ({ names, starts, ends }: Contender, place: PlaceInUse, now: number) =>
  canTakeOver({ names, starts, ends }, neededAt(place), place.held, now);

/**
 * All that can be deployed there and end later. In order of importance, the best is accepted by clients as far as is
 * known, unless they refuse the old one as well, covers all that the old one covered, is not due itself, needs no move of its key to another cloud, and ends last.
 */
export function successorsAmong(
  pairs: readonly FilePair[],
  stored: readonly StoredSuccessor[],
  now: number,
  rolledBack: readonly RolledBack[] = [],
): FindSuccessors {
  const candidates = candidatesIn(pairs, stored);
  return (place) => {
    const able = candidates.filter((each) => canServe(each, place, now));
    const back = able.map((each) => rollbackAt(place, each, rolledBack));
    const ordered = able
      .filter((_, index) => back[index] === undefined)
      .toSorted(
        (a, b) =>
          Number(isWorse(a, place)) - Number(isWorse(b, place)) ||
          Number(coversHeld(b, place)) - Number(coversHeld(a, place)) ||
          Number(dueAt(b) > now) - Number(dueAt(a) > now) ||
          Number(keyStays(b, place)) - Number(keyStays(a, place)) ||
          Date.parse(b.ends) - Date.parse(a.ends),
      );
    return {
      successors: ordered.map((each) => ({ ...each, movesKey: !keyStays(each, place) })),
      rolledBack: back.find((each) => each !== undefined),
    };
  };
}

/**
 * Whether clients would refuse it, and not the old one as far as is known. Those of an old one that browsers refuse, such as
 * one of a private CA, are not known here: for them, the public one might be the worse.
 */
export const isWorse = ({ fitness }: Pick<Candidate, "fitness">, { held }: PlaceInUse) =>
  fitness === "refused" && held.fitness !== "refused";

/** After the best one, those that clients accept as far as is known, without copies of what comes before. */
export function othersThan(best: Successor, successors: readonly Successor[]): Successor[] {
  const [, ...others] = groupedBy([best, ...successors], alikeKey).values();
  return others.flatMap(([first]) => (first === undefined || first.fitness === "refused" ? [] : [first]));
}

/** The same for copies of one certificate, as far as lists of stores tell, that a standing approval treats the same. */
const alikeKey = ({ given, names, kind, starts, ends, movesKey }: Successor) =>
  JSON.stringify([given.certificate_id === undefined, names.toSorted(), kind, starts, ends, movesKey]);

/** Certificates in the stores of Alibaba Cloud and Huawei Cloud serve only there; a place with two has one of each kind. */
function canServe(candidate: Candidate, place: PlaceInUse, now: number): boolean {
  const { kind, store } = candidate;
  const { service, held, several } = place;
  const isAtTencent = store === undefined || store.cloud === "tencent";
  if (!isAtTencent && !service.startsWith(`${store.cloud}-`)) return false;
  if (several && kind !== held.kind) return false;
  const needed = neededAt(place);
  return needed.length > 0 && canTakeOver(candidate, needed, held, now);
}

const neededAt = ({ domain, held }: PlaceInUse) => (domain === undefined ? (held.names ?? []) : [domain]);

const coversHeld = ({ names }: Candidate, { held, domain = "" }: PlaceInUse) =>
  coversAll(names, held.names ?? [domain]);

/** Files can be deployed anywhere; a key in a store leaves it for domains of other clouds. */
const keyStays = ({ store }: Candidate, { service }: PlaceInUse) =>
  store === undefined || service.startsWith(`${store.cloud}-`);
