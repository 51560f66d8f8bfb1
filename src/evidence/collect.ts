import { auditEntry } from "../audit/entry.js";
import type { AuditSource } from "../audit/source.js";
import { verifiedLines } from "../audit/verify.js";
import type { Journal } from "../jobs/journal.js";
import { encodeSighting } from "../jobs/sightings.js";
import { formatId, type SafeText, safe } from "../lib/safe-text.js";
import { sha256Hex } from "../lib/sha256.js";
import { type Evidence, entriesOf, type JobEntry } from "./derive.js";
import { namedIn } from "./file.js";

/** Where the stretch of the log ends: at its last line about the job, at the log's end, or at a line noted earlier. */
export type Until = "job" | "end" | { readonly seq: number; readonly hash?: string | undefined };

/** The longest stretch of the log that is written, in bytes. */
const MAX_LOG_SIZE = 24 * 1024 * 1024;

/** There is no evidence to give; says why. */
export class NoEvidence extends Error {
  readonly why: SafeText;

  constructor(why: SafeText) {
    super(String(why));
    this.why = why;
  }
}

/**
 * Takes what log and journal have about a job.
 * @throws {NoEvidence} if they have nothing, not all of it, or do not agree
 * @throws {BrokenChain} if the chain of the log is broken anywhere
 */
export async function collectEvidence(
  job: string,
  log: AuditSource,
  journal: Pick<Journal, "sightings">,
  until: Until,
): Promise<Evidence> {
  const { entries, newest } = await entriesInLog(job, log);
  const [first, last] = [entries[0], entries.at(-1)];
  if (first === undefined || last === undefined) {
    throw new NoEvidence(
      safe`The audit log has no job ${formatId(job)}. list_jobs shows the jobs of this account; those of another --audit-log are not in it.`,
    );
  }
  const end = endOf(until, last.seq, newest);
  const lines = await stretch(log, first.seq, end, typeof until === "object" ? until : undefined);
  const { sightings: all, certificates } = await journal.sightings.of(job);
  const known = new Map(all.map((sighting) => [sha256Hex(encodeSighting(sighting)), sighting]));
  const sightings = entries.flatMap(({ seq, entry }) => {
    if (entry.event !== "seen") return [];
    const sighting = known.get(entry.look);
    if (sighting === undefined) {
      throw new NoEvidence(
        safe`The journal no longer has the sighting that line ${seq} of the audit log is about: its file was changed or removed.`,
      );
    }
    return [sighting];
  });
  return { job, lines, sightings, certificates: namedIn(sightings, certificates) };
}

/** The entries about the job, and the number of the newest line. The whole chain is checked. */
async function entriesInLog(job: string, log: AuditSource) {
  const all: JobEntry[] = [];
  let newest = 0;
  for await (const { link, entry } of verifiedLines(log)) {
    newest = link.seq;
    const parsed = auditEntry.safeParse(entry);
    if (parsed.success) all.push({ seq: link.seq, at: link.at, entry: parsed.data });
  }
  return { entries: entriesOf(job, all), newest };
}

function endOf(until: Until, last: number, newest: number): number {
  if (until === "job") return last;
  if (until === "end") return newest;
  if (until.seq > newest)
    throw new NoEvidence(safe`The audit log has no line ${until.seq} yet: it ends with line ${newest}.`);
  if (until.seq < last)
    throw new NoEvidence(
      safe`Line ${until.seq} is older than line ${last}, the last one about the job: a head must be noted after the job.`,
    );
  return until.seq;
}

async function stretch(
  log: AuditSource,
  first: number,
  end: number,
  noted: { readonly hash?: string | undefined } | undefined,
): Promise<string[]> {
  const lines: string[] = [];
  let size = 0;
  for await (const { link, bytes } of verifiedLines(log)) {
    if (link.seq < first) continue;
    lines.push(bytes.toString());
    size += bytes.length;
    if (size > MAX_LOG_SIZE)
      throw new NoEvidence(safe`From line ${first} to line ${end} the audit log is too long for one file.`);
    if (link.seq < end) continue;
    if (noted?.hash !== undefined && noted.hash !== link.hash)
      throw new NoEvidence(
        safe`Line ${link.seq} of the audit log has another hash than the one given: the log was rewritten.`,
      );
    break;
  }
  return lines;
}
