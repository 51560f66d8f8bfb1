import { auditEntry } from "../audit/entry.js";
import { genesis, type Head } from "../audit/line.js";
import { type AuditSource, NoAuditLog } from "../audit/source.js";
import { verifiedLines } from "../audit/verify.js";
import type { JsonObject } from "../lib/json.js";
import type { StandingUse } from "./check-bounds.js";

interface ApprovalRecord {
  /** SHA-256 of the terms that a person approved; undefined if none did. */
  readonly terms: string | undefined;
  /** Those that are counted, the oldest first; putting back belongs to one of them. */
  readonly uses: readonly StandingUse[];
  readonly revokedAt: Date | undefined;
}

const noRecord: ApprovalRecord = { terms: undefined, uses: [], revokedAt: undefined };

/** How many of the newest lines are remembered; older ones are looked up. */
const REMEMBERED = 10_000;

/**
 * What the audit log says about standing approvals, each line verified. Their uses are counted only here. If the log
 * can be read on from a line, each line is read once: lines that were rewritten meanwhile no longer link to those read
 * before.
 */
export class Ledger {
  readonly #log: AuditSource;
  readonly #about = new Map<string, ApprovalRecord>();
  /** The hashes of the newest lines, by their numbers. */
  readonly #hashes = new Map<number, string>();
  #head: Head = genesis;

  private constructor(log: AuditSource) {
    this.#log = log;
  }

  /**
   * Reads the log, or what has come since `before` was read.
   * @throws {AuditError} if a line was altered, removed, added or moved
   */
  static async read(log: AuditSource, before?: Ledger): Promise<Ledger> {
    const ledger = before !== undefined && log.canContinue ? before : new Ledger(log);
    await ledger.#readOn();
    return ledger;
  }

  /** The newest line. */
  get head(): Head {
    return this.#head;
  }

  about(id: string): ApprovalRecord {
    return this.#about.get(id) ?? noRecord;
  }

  /** Whether this line is in the log. */
  async has({ seq, hash }: Head): Promise<boolean> {
    if (seq === genesis.seq) return hash === genesis.hash;
    const known = this.#hashes.get(seq);
    if (known !== undefined || seq > this.#head.seq) return known === hash;
    for await (const { link } of verifiedLines(this.#log)) if (link.seq === seq) return link.hash === hash;
    return false;
  }

  async #readOn(): Promise<void> {
    try {
      for await (const { link, entry } of verifiedLines(this.#log, this.#head)) this.#take(link, entry);
    } catch (error) {
      // Without a log nothing was ever approved.
      if (!(error instanceof NoAuditLog)) throw error;
    }
  }

  #take(link: Head & { readonly at: string }, entry: JsonObject): void {
    this.#head = { seq: link.seq, hash: link.hash };
    this.#hashes.set(link.seq, link.hash);
    this.#hashes.delete(link.seq - REMEMBERED);
    const parsed = auditEntry.safeParse(entry);
    if (!parsed.success || !("id" in parsed.data)) return;
    const { event, id } = parsed.data;
    const known = this.about(id);
    const at = new Date(link.at);
    if (event === "standing approval given") this.#about.set(id, { ...known, terms: known.terms ?? parsed.data.terms });
    else if (event === "standing approval revoked") this.#about.set(id, { ...known, revokedAt: known.revokedAt ?? at });
    else if (parsed.data.put_back === undefined)
      this.#about.set(id, { ...known, uses: [...known.uses, { planId: parsed.data.planId, at }] });
  }
}
