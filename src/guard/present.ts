import type { Aspect, PlannedChange, Subject } from "../catalogue/operation.js";
import { safe } from "../visible.js";
import type { PlanRow } from "./plan.js";
import { certificateFacts, readCertificate } from "./present-certificate.js";
import { readCsr } from "./present-csr.js";
import { readDeployment } from "./present-deployment.js";
import { readHost } from "./present-edgeone.js";
import { bare, type Comparable, differs, type Reading } from "./present-reading.js";
import { readServed } from "./present-served.js";
import { type PresentOptions, type Read, Source } from "./present-source.js";
import { isOpen, notVisible, notYetThere } from "./present-words.js";

export type { PresentOptions, Read } from "./present-source.js";

/** What a change finds: "now" of every line, and facts about the objects involved. Texts only, and none is a secret. */
export interface Present {
  /** One for each planned change, in the same order. */
  readonly rows: readonly PresentRow[];
  readonly facts: readonly PresentFact[];
  /** What of it holds personal data, and the same without it. */
  readonly masked?: ReadonlyMap<string, string>;
}

/** A line of the plan, and by what its "now" is compared with a later reading: its words, unless there is something else. */
export interface PresentRow extends PlanRow {
  readonly is?: Comparable | undefined;
}

/** The same for a fact. */
export type PresentFact = readonly [name: string, value: string, is?: string];

/** The same without personal data. */
export function withoutPersonal(present: Present): Present {
  const shown = (text: string) => present.masked?.get(text) ?? text;
  return {
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
    rows: lines.map(({ change: { aspect, then }, reading: { object, now } }) => {
      const { words, is } = now(aspect);
      return { object, aspect, now: words, then, is };
    }),
    facts: [...described.flat(), ...readings.flatMap((reading) => reading.facts)],
    masked: new Map(readings.flatMap((reading) => reading.masked ?? [])),
  };
}

/** Reads a subject when it is first asked for; all of its lines share what was read. */
function sharedReadings(changes: readonly PlannedChange[], source: Source): (subject: Subject) => Promise<Reading> {
  const keyOf = (subject: Subject) => JSON.stringify(subject);
  const started = new Map<string, Promise<Reading>>();
  const aspects = new Map<string, Set<Aspect>>();
  for (const { subject, aspect } of changes) {
    const key = keyOf(subject);
    aspects.set(key, (aspects.get(key) ?? new Set()).add(aspect));
  }
  const start = (subject: Subject, key: string) => readSubject(subject, aspects.get(key) ?? new Set(), source);
  return (subject) => {
    const key = keyOf(subject);
    const reading = started.get(key) ?? start(subject, key);
    started.set(key, reading);
    return reading;
  };
}

async function readSubject(subject: Subject, wanted: ReadonlySet<Aspect>, source: Source): Promise<Reading> {
  switch (subject.kind) {
    case "certificate":
      return readCertificate(subject.id, wanted, source);
    case "csr":
      return readCsr(subject.id, source);
    case "deployment":
      return readDeployment(subject.id, source);
    case "deployment-item":
      return bare(safe`Deployment item ${subject.id}`, notVisible);
    case "edgeone-host":
      return readHost(subject, source);
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
 * What is otherwise than it was shown, between two readings of the same changes, by the facts. Nothing has changed by a
 * value's becoming known, nor by the days that pass until an expiry.
 */
export function differences(before: Present, after: Present): readonly Difference[] {
  const rows = before.rows.flatMap((row, index) => {
    const later = after.rows[index];
    return compare(`${row.object}: ${row.aspect}`, [row.now, row.is], [later?.now ?? gone, later?.is]);
  });
  const later = new Map(after.facts.map(([name, ...told]) => [name, told]));
  const facts = before.facts.flatMap(([name, ...told]) => compare(name, told, later.get(name) ?? [gone]));
  // A line of the plan may say the same as a fact.
  const said = new Set(rows.map(({ shown, now }) => `${shown}\n${now}`));
  return [...rows, ...facts.filter(({ shown, now }) => !said.has(`${shown}\n${now}`))];
}

type Compared = readonly [words: string, is?: Comparable | undefined];

function compare(what: string, [shown, was = shown]: Compared, [now, is = now]: Compared): Difference[] {
  return was === "" || isOpen(shown) || !differs(was, is) ? [] : [{ what, shown, now }];
}

/** The same differences without personal data. */
export function withoutPersonalIn(found: readonly Difference[], before: Present, after: Present): Difference[] {
  return found.map(({ what, shown, now }) => ({
    what,
    shown: before.masked?.get(shown) ?? shown,
    now: after.masked?.get(now) ?? now,
  }));
}
