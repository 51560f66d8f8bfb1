import { auditEntry } from "../audit/entry.js";
import { NoAuditLog } from "../audit/errors.js";
import { genesis, type Head } from "../audit/line.js";
import { verifiedLines } from "../audit/verified-lines.js";
import type { StandingUse } from "./check.js";

/** What the audit log says about standing approvals. Their uses are counted here and nowhere else. */

export interface Ledger {
  /** The newest line. */
  readonly head: Head;
  about(id: string): Recorded;
  /** Whether this line is in the log. */
  has(line: Head): boolean;
}

interface Recorded {
  /** SHA-256 of the terms that a person approved; undefined if none did. */
  readonly terms: string | undefined;
  /** Oldest first. */
  readonly uses: readonly StandingUse[];
  readonly revokedAt: Date | undefined;
}

const nothing: Recorded = { terms: undefined, uses: [], revokedAt: undefined };

/**
 * Reads the whole log, each line checked.
 * @param lines whose presence `has` can tell
 * @throws {AuditError} if a line was altered, removed, added or moved
 */
export async function readLedger(auditPath: string, lines: readonly Head[]): Promise<Ledger> {
  const about = new Map<string, Recorded>();
  const wanted = new Map(lines.map(({ seq, hash }) => [hash, seq]));
  const present = new Set<string>([genesis.hash]);
  let head: Head = genesis;
  for await (const { link, entry } of linesIn(auditPath)) {
    head = link;
    if (wanted.get(link.hash) === link.seq) present.add(link.hash);
    const parsed = auditEntry.safeParse(entry);
    if (!parsed.success || !("id" in parsed.data)) continue;
    const { event, id } = parsed.data;
    const known = about.get(id) ?? nothing;
    const at = new Date(link.at);
    if (event === "standing approval given") about.set(id, { ...known, terms: known.terms ?? parsed.data.terms });
    else if (event === "standing approval revoked") about.set(id, { ...known, revokedAt: known.revokedAt ?? at });
    else about.set(id, { ...known, uses: [...known.uses, { planId: parsed.data.planId, at }] });
  }
  return { head, about: (id) => about.get(id) ?? nothing, has: ({ hash }) => present.has(hash) };
}

/** Without a log nothing was ever approved. */
async function* linesIn(auditPath: string) {
  try {
    yield* verifiedLines(auditPath);
  } catch (error) {
    if (!(error instanceof NoAuditLog)) throw error;
  }
}
