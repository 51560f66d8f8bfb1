import { z } from "zod";
import { EntryQueue, type WaitingEntry } from "../audit/entry-queue.js";
import { type EncodedLine, encodeLine, genesis, type Head } from "../audit/line.js";
import { type AuditSource, NoAuditLog, type RawLine } from "../audit/source.js";
import { safe, verbatim } from "../lib/safe-text.js";
import type { Database } from "./database.js";
import { retryWhileUnreachable } from "./errors.js";
import type { Queries } from "./queries.js";

/** Lines read, or written, at a time. */
const BATCH = 500;

const head = z.object({ seq: z.coerce.number(), hash: z.string(), at: z.date() });
const line = z.object({ seq: z.coerce.number(), line: z.instanceof(Buffer) });

/**
 * The audit log of all servers that share a database: one chain, a row for each line with its exact bytes. Whoever
 * appends holds the row that says how the chain ends, so lines get their places one transaction after the other, and
 * their times, which are the database's, in the same order.
 */
export class DatabaseAuditLog extends EntryQueue implements AuditSource {
  readonly name: string;
  readonly canContinue = true;
  readonly #database: Database;
  readonly #chain: string;

  /** @param chain "real", or "sandbox": what was tried there is kept out of the record of real changes */
  constructor(database: Database, chain: string, redact: (json: string) => string) {
    super(redact);
    this.#database = database;
    this.#chain = chain;
    this.name = `the database (chain "${chain}")`;
  }

  async *read(after: Head = genesis): AsyncGenerator<RawLine> {
    const [end] = await this.#database.rows(
      head.omit({ at: true }),
      "SELECT seq, hash FROM cloudcert.audit_head WHERE chain = $1",
      [this.#chain],
    );
    if (end === undefined) throw new NoAuditLog(safe`${verbatim(this.name)} has no audit log yet`);
    for (let last = after.seq; last < end.seq; ) {
      const lines = await this.#database.rows(
        line,
        "SELECT seq, line FROM cloudcert.audit_line WHERE chain = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4",
        [this.#chain, last, end.seq, BATCH],
      );
      for (const { seq, line: bytes } of lines) yield { file: this.name, number: seq, bytes, ended: true };
      if (lines.length === 0) return;
      last = lines.at(-1)?.seq ?? end.seq;
    }
  }

  /** The end is recorded beside the lines: what was cut off is noticed. */
  async notes(): Promise<readonly string[]> {
    const [found] = await this.#database.rows(
      z.object({ last: z.coerce.number(), seq: z.coerce.number() }),
      "SELECT seq, (SELECT coalesce(max(seq), 0) FROM cloudcert.audit_line WHERE chain = $1) AS last FROM cloudcert.audit_head WHERE chain = $1",
      [this.#chain],
    );
    if (found === undefined || found.last >= found.seq) return [];
    return [`lines ${found.last + 1} to ${found.seq} are missing at the end: they were removed`];
  }

  /** If the connection breaks after the lines were committed, they are found and not written twice. */
  protected async write(waiting: WaitingEntry[]): Promise<void> {
    const batch = waiting.slice(0, BATCH);
    let written: EncodedLine[] = [];
    await retryWhileUnreachable(async () => {
      await this.#database.transaction(async (queries) => {
        // First: this waits until an earlier attempt with a lost connection has been committed or rolled back.
        const end = await this.#lockedHead(queries);
        if (written.length > 0 && (await this.#has(written, queries))) return;
        written = await this.#append(batch, end, queries);
      });
    });
    waiting.splice(0, batch.length);
    for (const each of batch) each.resolve();
  }

  async #append(
    batch: readonly WaitingEntry[],
    { at, ...before }: z.output<typeof head>,
    queries: Queries,
  ): Promise<EncodedLine[]> {
    let end: Head = before;
    const lines = batch.map(({ entry }) => {
      const encoded = encodeLine(end, { at: at.toISOString(), pid: process.pid }, entry);
      end = encoded.head;
      return encoded;
    });
    await queries.run(
      "INSERT INTO cloudcert.audit_line (chain, seq, hash, line) SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::bytea[])",
      [
        this.#chain,
        lines.map(({ head: { seq } }) => seq),
        lines.map(({ head: { hash } }) => hash),
        lines.map(({ bytes }) => bytes.subarray(0, -1)),
      ],
    );
    await queries.run("UPDATE cloudcert.audit_head SET seq = $2, hash = $3 WHERE chain = $1", [
      this.#chain,
      end.seq,
      end.hash,
    ]);
    return lines;
  }

  /** The end of the chain, which nobody else changes until the transaction ends, and the time after that was reached. */
  async #lockedHead(queries: Queries): Promise<z.output<typeof head>> {
    // The time is that of the outer SELECT, which begins when the row is locked.
    const locked = () =>
      queries.rows(
        head,
        `WITH locked AS MATERIALIZED (SELECT seq, hash FROM cloudcert.audit_head WHERE chain = $1 FOR UPDATE)
         SELECT seq, hash, clock_timestamp() AS at FROM locked`,
        [this.#chain],
      );
    const [found] = await locked();
    if (found !== undefined) return found;
    await queries.run(
      "INSERT INTO cloudcert.audit_head (chain, seq, hash) VALUES ($1, $2, $3) ON CONFLICT (chain) DO NOTHING",
      [this.#chain, genesis.seq, genesis.hash],
    );
    const [made] = await locked();
    if (made === undefined) throw new Error("the end of the audit chain cannot be read");
    return made;
  }

  async #has(lines: readonly EncodedLine[], queries: Queries): Promise<boolean> {
    const [first] = lines;
    if (first === undefined) return false;
    const found = await queries.rows(
      z.unknown(),
      "SELECT 1 FROM cloudcert.audit_line WHERE chain = $1 AND seq = $2 AND hash = $3",
      [this.#chain, first.head.seq, first.head.hash],
    );
    return found.length > 0;
  }
}
