import type { Aspect, EdgeoneHost, PlannedChange, Subject, Warning } from "../catalogue/operation.js";
import { type SafeText, safe } from "../visible.js";
import { certificateFacts, readCertificate } from "./present-certificate.js";
import { readCsr } from "./present-csr.js";
import { readDeployment } from "./present-deployment.js";
import { readHost } from "./present-edgeone.js";
import { bare, type Fact, type Reading } from "./present-reading.js";
import { readServed } from "./present-served.js";
import { type PresentOptions, type Read, Source } from "./present-source.js";
import { expires, isOpen, notVisible, notYetThere, withoutCountdown } from "./present-words.js";

export type { PresentOptions, Read } from "./present-source.js";

/** What a change finds: "now" of every line, and facts about the objects involved. Texts only, and none is a secret. */
export interface Present {
  /** One for each planned change, in the same order. */
  readonly rows: readonly PresentRow[];
  readonly facts: readonly Fact[];
  /** What of it makes the change riskier than its arguments tell. */
  readonly warnings?: readonly Warning[];
  /** What of it holds personal data, in English, and the same without it. */
  readonly masked?: ReadonlyMap<string, SafeText>;
}

/** A line of the plan, before it is rendered for somebody. */
export interface PresentRow {
  readonly object: SafeText;
  readonly aspect: Aspect;
  readonly now: SafeText;
  readonly then: SafeText;
}

/** The same without personal data. */
export function withoutPersonal(present: Present): Present {
  const shown = (text: SafeText) => present.masked?.get(String(text)) ?? text;
  return {
    ...(present.warnings && { warnings: present.warnings }),
    rows: present.rows.map((row) => ({ ...row, now: shown(row.now) })),
    facts: present.facts.map(([name, value]) => [name, shown(value)]),
  };
}

/**
 * Reads what the changes find, each subject once and all side by side. What cannot be read is said so in its place.
 * @throws {Failure} only when the call was taken back
 */
export async function readPresent(
  changes: readonly PlannedChange[],
  read: Read,
  options: PresentOptions,
): Promise<Present> {
  const source = new Source(read, options);
  const readingOf = sharedReadings(changes, source);
  const lines = await Promise.all(
    changes.map(async (change) => ({ change, reading: await readingOf(change.subject) })),
  );
  const readings = [...new Set(lines.map(({ reading }) => reading))];
  const certificates = [...new Set(readings.flatMap((reading) => reading.certificates))];
  const described = await Promise.all(certificates.map((id) => certificateFacts(id, source)));
  return {
    rows: lines.map(({ change: { aspect, then }, reading: { object, now } }) => ({
      object,
      aspect,
      now: now(aspect),
      then,
    })),
    facts: [...described.flat(), ...readings.flatMap((reading) => reading.facts)],
    warnings: readings.flatMap((reading) => reading.warnings ?? []),
    masked: new Map(
      readings.flatMap(({ masked = [] }) => masked.map(([text, without]) => [String(text), without] as const)),
    ),
  };
}

/** EdgeOne hosts of one change whose edge is looked at: each takes a connection for each kind of client and address. */
const hostsLookedAt = 20;

/** Reads a subject when it is first asked for; all of its lines share what was read. */
function sharedReadings(changes: readonly PlannedChange[], source: Source): (subject: Subject) => Promise<Reading> {
  const keyOf = (subject: Subject) => JSON.stringify(subject);
  const started = new Map<string, Promise<Reading>>();
  const aspects = new Map<string, Set<Aspect>>();
  for (const { subject, aspect } of changes) {
    const key = keyOf(subject);
    aspects.set(key, (aspects.get(key) ?? new Set()).add(aspect));
  }
  const hosts = new Set(changes.flatMap(({ subject }) => (subject.kind === "edgeone-host" ? [keyOf(subject)] : [])));
  const start = (subject: Subject, key: string) =>
    subject.kind === "edgeone-host"
      ? readHost(subject, source, hosts.size <= hostsLookedAt)
      : readSubject(subject, aspects.get(key) ?? new Set(), source);
  return (subject) => {
    const key = keyOf(subject);
    const reading = started.get(key) ?? start(subject, key);
    started.set(key, reading);
    return reading;
  };
}

async function readSubject(
  subject: Exclude<Subject, EdgeoneHost>,
  wanted: ReadonlySet<Aspect>,
  source: Source,
): Promise<Reading> {
  switch (subject.kind) {
    case "certificate":
      return readCertificate(subject.id, wanted, source);
    case "csr":
      return readCsr(subject.id, source);
    case "deployment":
      return readDeployment(subject.id, source);
    case "deployment-item":
      return bare(safe`Deployment item ${subject.id}`, notVisible);
    case "served-domain":
      return readServed(subject, source);
    case "unseen":
      return bare(subject.name, notVisible);
    case "new":
      return bare(subject.name, notYetThere);
  }
}

export interface Difference {
  readonly what: string;
  readonly shown: string;
  readonly now: string;
}

const gone = "no longer told";

/**
 * What is otherwise than it was shown, between two readings of the same changes. Nothing has changed by a value's
 * becoming known, nor by the days that pass until an expiry.
 */
export function differences(before: Present, after: Present): readonly Difference[] {
  const rows = before.rows.flatMap(({ object, aspect, now }, index) =>
    compare(`${object}: ${aspect}`, String(now), String(after.rows[index]?.now ?? gone)),
  );
  const later = new Map(inEnglish(after.facts));
  const facts = inEnglish(before.facts).flatMap((fact) => compareFact(fact, later.get(fact[0]) ?? gone));
  // A line of the plan may say the same as a fact.
  const said = new Set(rows.map(({ shown, now }) => `${shown}\n${now}`));
  return [...rows, ...facts.filter(({ shown, now }) => !said.has(`${shown}\n${now}`))];
}

const inEnglish = (facts: readonly Fact[]) => facts.map(([name, value]) => [String(name), String(value)] as const);

function compareFact([name, shown]: readonly [name: string, value: string], now: string): Difference[] {
  const comparable = name.endsWith(`: ${expires}`) ? withoutCountdown : (value: string) => value;
  return compare(name, comparable(shown), comparable(now));
}

function compare(what: string, shown: string, now: string): Difference[] {
  return shown === now || isOpen(shown) ? [] : [{ what, shown, now }];
}

/** The same differences without personal data. */
export function withoutPersonalIn(found: readonly Difference[], before: Present, after: Present): Difference[] {
  return found.map(({ what, shown, now }) => ({
    what,
    shown: String(before.masked?.get(shown) ?? shown),
    now: String(after.masked?.get(now) ?? now),
  }));
}
