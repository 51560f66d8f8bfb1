import { auditEntry } from "../audit/entry.js";
import { decodeLine } from "../audit/line.js";
import { AuditError, type AuditSource, NoAuditLog } from "../audit/source.js";

/** How a plan was decided, as the audit log has it. */
export interface RecordedDecision {
  readonly planId: string;
  /** ISO 8601. */
  readonly at: string;
  readonly channel: string;
  readonly verdict: string;
  /** Who decided, where people log in. */
  readonly by: readonly { readonly id: string; readonly name: string; readonly answer: string }[];
}

/** Why the log could not be read. */
interface UnreadDecisions {
  readonly unread: string;
}

/** Reads how plans were decided, oldest first. The whole log is read, and not verified: `audit verify` does that. */
export type ReadDecisions = (plans: readonly string[]) => Promise<readonly RecordedDecision[] | UnreadDecisions>;

/** @returns what reads the decisions in this log; one that is not there yet has none */
export function decisionsIn(log: AuditSource): ReadDecisions {
  return async (plans) => {
    const wanted = new Set(plans);
    const found: RecordedDecision[] = [];
    try {
      for await (const { bytes } of log.read()) {
        // Most lines are about something else, and checking the hash of each takes long.
        if (!bytes.includes('"event":"decision"')) continue;
        const line = decodeLine(bytes);
        const { data: entry } = auditEntry.safeParse(line.ok ? line.entry : undefined);
        if (!line.ok || entry?.event !== "decision" || !wanted.has(entry.planId)) continue;
        const { planId, channel, verdict, by = [] } = entry;
        found.push({ planId, at: line.link.at, channel, verdict, by });
      }
    } catch (error) {
      if (!(error instanceof AuditError)) throw error;
      if (!(error instanceof NoAuditLog)) return { unread: error.message };
    }
    return found;
  };
}
