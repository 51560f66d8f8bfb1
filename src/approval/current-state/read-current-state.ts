import type { CurrentState } from "../../catalogue/current-state-types.js";
import type { Aspect, EdgeoneHost, PlannedChange, Subject, Warning } from "../../catalogue/operation.js";
import { isOfEdgeone } from "../../catalogue/tencent-edgeone/listed-hosts.js";
import { distinctBy, groupedBy } from "../../lib/lists.js";
import { memoize } from "../../lib/memoize.js";
import { formatId, type SafeText, safe } from "../../lib/safe-text.js";
import { certificateStateFacts, describePem, inBrackets, readCertificateState } from "./certificate.js";
import { coverageWarnings } from "./coverage.js";
import { readCsr } from "./csr.js";
import { readDeployment } from "./deployment.js";
import { readHost } from "./edgeone.js";
import { readLiveDomain } from "./live-domain.js";
import { readServed } from "./read-served.js";
import {
  type Comparable,
  differs,
  differsWhereSeen,
  type Fact,
  plainReading,
  type Reading,
  type SnapshotRow,
  type SubjectState,
} from "./reading.js";
import { deploymentItemLines, useLines } from "./resources.js";
import { type CurrentStateOptions, type Read, StateReader } from "./state-reader.js";
import { isNotSeen, isTemporarilyMissing, notVisible, notYetThere } from "./texts.js";
import { readUpload } from "./upload.js";

/** The state before a change: "now" of every line, and facts about the objects involved. No secrets. */
export interface StateSnapshot {
  /** One per planned change, in the same order. */
  readonly rows: readonly SnapshotRow[];
  readonly facts: readonly Fact[];
  /** What makes the change riskier than its arguments show. */
  readonly warnings?: readonly Warning[];
  /** Texts with personal data, in English, and the same texts without it. */
  readonly masked?: ReadonlyMap<string, SafeText>;
  /** The state that the rules check. */
  readonly state?: CurrentState;
  /** Numbers of the owning accounts. */
  readonly owners?: readonly SafeText[];
  /** Objects that do not exist, each with its error code. */
  readonly missing?: readonly { readonly object: SafeText; readonly code: string }[];
  /** Objects that could not be read, and why. */
  readonly unread?: readonly { readonly object: SafeText; readonly why: SafeText }[];
}

/** The state without personal data. */
export function withoutPersonal(snapshot: StateSnapshot): StateSnapshot {
  const shown = (text: SafeText) => snapshot.masked?.get(String(text)) ?? text;
  return {
    ...snapshot,
    rows: snapshot.rows.map((row) => ({ ...row, now: shown(row.now) })),
    facts: snapshot.facts.map(([name, value, ...is]) => [name, shown(value), ...is]),
  };
}

/**
 * Reads the state before the changes, each subject once and all in parallel. What cannot be read says so in its place.
 * @throws {ToolError} only if the call was cancelled
 */
export async function readCurrentState(
  changes: readonly PlannedChange[],
  read: Read,
  options: CurrentStateOptions,
): Promise<StateSnapshot> {
  const source = new StateReader(read, options);
  const readingOf = sharedReadings(changes, source);
  const lines = await Promise.all(
    changes.map(async (change) => ({ change, reading: await readingOf(change.subject) })),
  );
  const readings = [...new Set(lines.map(({ reading }) => reading))];
  const coming = changes.flatMap(({ brings }) => (brings && "ids" in brings ? brings.ids : [])).filter(isStored);
  const certificates = [...new Set([...readings.flatMap((reading) => reading.certificates), ...coming])];
  const useOf = (id: string) => readings.find((reading) => reading.use && reading.certificates.includes(id))?.use;
  const [described, told, coverage] = await Promise.all([
    Promise.all(certificates.map((id) => certificateStateFacts(id, useOf(id), source))),
    Promise.all(lines.map(({ change, reading }) => rowsOf(change, reading, source))),
    Promise.all(lines.map(({ change, reading }) => coverageWarnings(change, reading, source))),
  ]);
  const all = [...described, ...readings];
  const owners = all.flatMap(({ owner }) => owner ?? []);
  const states = all.flatMap(({ state }) => state ?? []);
  return {
    rows: told.flatMap(({ rows }) => rows),
    facts: [...all, ...told].flatMap(({ facts }) => facts),
    warnings: [...readings.flatMap((reading) => reading.warnings ?? []), ...coverage.flat()],
    masked: new Map(
      readings.flatMap(({ masked = [] }) => masked.map(([text, without]) => [String(text), without] as const)),
    ),
    state: currentState(states, options.now()),
    owners: distinctBy(owners, String),
    missing: distinctBy(
      [...readings, ...described.filter(({ id }) => coming.includes(id))].flatMap(({ object, missingCode: code }) =>
        code === undefined ? [] : [{ object, code }],
      ),
      ({ object }) => String(object),
    ),
    unread: readings.flatMap(({ object, unread: why }) => (why === undefined ? [] : [{ object, why }])),
  };
}

/** EdgeOne's own certificates are stored elsewhere. */
const isStored = (id: string) => !isOfEdgeone(id);

/** A line of the plan, and one for each resource involved. */
async function rowsOf(
  { aspect, then: value, brings, each, items, subject }: PlannedChange,
  reading: Reading,
  source: StateReader,
): Promise<Pick<StateSnapshot, "rows" | "facts">> {
  const { words, is } = reading.now(aspect);
  const isUnused = reading.use?.total === 0 && reading.use.isWhole;
  const then = isUnused && each?.none ? each.none : await broughtBy(value, brings, source);
  const row = { object: reading.object, aspect, now: words, then, is };
  const named = async (id: string) => safe`certificate ${formatId(id)}${await inBrackets(id, source)}`;
  const { rows, facts } =
    items !== undefined
      ? await deploymentItemLines(items, reading, named)
      : each !== undefined && subject.kind === "certificate"
        ? useLines(each, reading, await named(subject.id), await broughtBy(each.then, brings, source))
        : { rows: [], facts: [] };
  return { rows: [row, ...rows], facts };
}

/** The new value, with names and expiry of its certificate. */
async function broughtBy(then: SafeText, brings: PlannedChange["brings"], source: StateReader): Promise<SafeText> {
  if (brings === undefined) return then;
  if ("ids" in brings) {
    const [only = "", ...more] = brings.ids;
    return more.length > 0 ? then : safe`${then}${await inBrackets(only, source)}`;
  }
  const words = describePem(brings.pem);
  return words === undefined ? then : safe`${then}: ${words}`;
}

function currentState(states: readonly SubjectState[], now: number): CurrentState {
  const ofKind = <Kind extends SubjectState["kind"]>(kind: Kind) =>
    states.filter((each): each is Extract<SubjectState, { kind: Kind }> => each.kind === kind);
  return {
    now,
    certificate: (id) => ofKind("certificate").findLast((each) => each.id === id)?.state,
    edges: (id) => ofKind("edges").findLast((each) => each.id === id)?.state,
    csr: (id) => ofKind("csr").findLast((each) => each.id === id)?.state,
    deployment: (id) => ofKind("deployment").findLast((each) => each.id === id)?.state,
    host: (zone, host) => ofKind("host").findLast((each) => each.zone === zone && each.host === host)?.state,
    redirect: (project, domain) =>
      ofKind("redirect").findLast((each) => each.project === project && each.domain === domain)?.state,
    stored: ofKind("stored")[0]?.state,
  };
}

/** EdgeOne hosts per change whose edge is checked: each needs a connection per kind of client and address. */
const MAX_HOSTS = 20;

/** Reads each subject once, on first use; its lines share the reading. */
function sharedReadings(
  changes: readonly PlannedChange[],
  source: StateReader,
): (subject: Subject) => Promise<Reading> {
  const keyOf = (subject: Subject) => JSON.stringify(subject);
  const lines = groupedBy(changes, ({ subject }) => keyOf(subject));
  const hosts = [...lines.values()].flatMap(([first]) =>
    first?.subject.kind === "edgeone-host" ? [first.subject] : [],
  );
  return memoize((subject) => {
    const wanted = new Set(lines.get(keyOf(subject))?.map(({ aspect }) => aspect));
    return readSubject(subject, wanted, source, hosts);
  }, keyOf);
}

/** @param hosts the EdgeOne hosts of all changes */
async function readSubject(
  subject: Subject,
  wanted: ReadonlySet<Aspect>,
  source: StateReader,
  hosts: readonly EdgeoneHost[],
): Promise<Reading> {
  switch (subject.kind) {
    case "edgeone-host": {
      const together = hosts.flatMap(({ zone, host }) => (zone === subject.zone ? [host] : []));
      return readHost(subject, together, source, hosts.length <= MAX_HOSTS);
    }
    case "certificate":
      return readCertificateState(subject.id, wanted, source);
    case "csr":
      return readCsr(subject.id, source);
    case "deployment":
      return readDeployment(subject.id, source);
    case "deployment-item":
      return plainReading(safe`Deployment item ${subject.id}`, notVisible);
    case "served-domain":
      return readServed(subject, source);
    case "upload":
      return readUpload(subject, source);
    case "unseen":
      return plainReading(subject.name, notVisible);
    case "live-domain":
      return readLiveDomain(subject, source);
    case "new":
      return plainReading(subject.name, notYetThere);
  }
}

export interface Difference {
  readonly what: string;
  readonly shown: string;
  readonly now: string;
}

/** What was shown and a later reading could not see. */
export type Unseen = Pick<Difference, "what" | "now">;

/** What became of what was shown. */
export interface SinceShown {
  /** What is something else now. */
  readonly changed: readonly Difference[];
  /** What could not be seen again. */
  readonly unseen: readonly Unseen[];
}

/** What a later reading of some of the same changes tells of what was shown, by their lines alone. */
export function changesSince(shown: StateSnapshot, later: StateSnapshot): SinceShown {
  const lines = later.rows.flatMap((now) => {
    const was = shown.rows.find(({ object, aspect }) => String(object) === String(now.object) && aspect === now.aspect);
    if (was === undefined || was.is === false || now.is === false) return [];
    const found = stateChanges({ rows: [was], facts: [] }, { rows: [now], facts: [] });
    return found.map((difference) => ({ difference, isSeen: isSeenToDiffer(was, now) }));
  });
  const those = (seen: boolean) => lines.flatMap(({ difference, isSeen }) => (isSeen === seen ? [difference] : []));
  return { changed: those(true), unseen: those(false) };
}

/** Whether two different readings of a line differ by more than by what the later one could not read. */
function isSeenToDiffer({ is: before }: SnapshotRow, { is: after, now }: SnapshotRow): boolean {
  if (before && after) return differsWhereSeen(before, after);
  return !isNotSeen(String(now));
}

const noLongerReported = "no longer reported";

/**
 * The differences between two readings of the same changes, by their facts. A value that becomes known is no
 * difference, nor are the days that pass until an expiry.
 */
export function stateChanges(before: StateSnapshot, after: StateSnapshot): readonly Difference[] {
  // Rows with `is: false` are not compared; another line covers them, and their number may differ.
  const [shown = [], found = []] = [before, after].map(({ rows }) => rows.filter(({ is }) => is !== false));
  const rows = shown.flatMap((row, index) => {
    const later = found[index];
    return compare(
      `${row.object}: ${row.aspect}`,
      [String(row.now), row.is],
      [String(later?.now ?? noLongerReported), later?.is],
    );
  });
  const later = new Map(inEnglish(after.facts));
  const facts = inEnglish(before.facts).flatMap(([name, told]) =>
    compare(name, told, later.get(name) ?? [noLongerReported]),
  );
  // A plan line and a fact may say the same.
  const said = new Set(rows.map(({ shown, now }) => `${shown}\n${now}`));
  const others = facts.filter(({ shown, now }) => !said.has(`${shown}\n${now}`));
  return [...ownerChange(before, after), ...rows, ...others];
}

/** The plan shows whose account it is: the same ids in another account are other objects. */
function ownerChange(before: StateSnapshot, after: StateSnapshot): Difference[] {
  const [shown, now] = [before, after].map(({ owners = [] }) => owners.map(String).sort().join(", "));
  return shown ? compare("Owner account", [shown], [now || noLongerReported]) : [];
}

const inEnglish = (facts: readonly Fact[]) =>
  facts.map(([name, value, is]): readonly [name: string, told: Compared] => [String(name), [String(value), is]]);

type Compared = readonly [words: string, is?: Comparable | false | undefined];

function compare(what: string, [shown, was = shown]: Compared, [now, is = now]: Compared): Difference[] {
  return was === false || is === false || isTemporarilyMissing(shown) || !differs(was, is)
    ? []
    : [{ what, shown, now }];
}

/** The differences without personal data. */
export function withoutPersonalIn(
  found: readonly Difference[],
  before: StateSnapshot,
  after: StateSnapshot,
): Difference[] {
  return found.map(({ what, shown, now }) => ({
    what,
    shown: String(before.masked?.get(shown) ?? shown),
    now: String(after.masked?.get(now) ?? now),
  }));
}
