import type { SafeText } from "../lib/safe-text.js";
import type { AuditEntry } from "./entry.js";
import type { Head } from "./line.js";

/** The log cannot be written or read; its message is for the operator and names the file. */
export class AuditError extends Error {}

/** There is nothing at the given path. */
export class NoAuditLog extends AuditError {
  /** The rest of a sentence, for a person. */
  readonly why: SafeText;

  constructor(why: SafeText) {
    super(String(why));
    this.why = why;
  }
}

/** Where the log is written. */
export interface AuditWriter {
  /**
   * Records an entry; resolves when it is on disk. Entries that wait at the same time are written together. After a
   * rejection the entry may still be in the log.
   * @throws {AuditError} if it cannot be written: what it records must then not happen
   */
  append(entry: AuditEntry): Promise<void>;
  /** Accepts no more entries; resolves when all are written. */
  close(): Promise<void>;
}

/** A line as it is stored; whether it belongs there is for its reader to find out. */
export interface RawLine {
  /** The file or table that has it. */
  readonly file: string;
  /** There, from 1. */
  readonly number: number;
  /** Without the line end. */
  readonly bytes: Buffer;
  /** False for what follows the last line end, and for a line longer than the log's limit. */
  readonly ended: boolean;
}

/** Where the log is read. */
export interface AuditSource {
  /** What the newest lines are in; the reader of an error finds them by it. */
  readonly name: string;
  /**
   * The lines of the whole log, oldest first, as of the start of the reading.
   * @param after only those after this one, if it can tell which these are
   * @throws {NoAuditLog} if there is none
   */
  read(after?: Head): AsyncGenerator<RawLine>;
  /** Whether `read` leaves out what comes before `after`; else it begins with the first line. */
  readonly canContinue: boolean;
  /** What else a person who checks it should know. */
  notes(): Promise<readonly string[]>;
}
