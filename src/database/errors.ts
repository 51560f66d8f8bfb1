import { setTimeout as pause } from "node:timers/promises";
import { messageOf, systemCodeOf } from "../lib/failure.js";
import { ToolError } from "../lib/tool-error.js";

/** A failure of the database, told by its code alone: PostgreSQL's own messages and details can repeat values. */
export class DatabaseError extends ToolError {
  /** The connection was lost or never made: it must not be reused, and whether a statement took effect is unknown. */
  readonly isConnectionLost: boolean;
  /** Whether it may be over within seconds, like a restart. */
  readonly isTransient: boolean;
  /** Whether it stays until the operator corrects it, like a wrong password. */
  readonly isLasting: boolean;

  constructor({ message, next, isLost }: Meaning) {
    // A caller that has sent something before reports that itself.
    super({ kind: "configuration", happened: message, changed: "no", sent: false, next });
    this.isConnectionLost = isLost;
    this.isTransient = isLost && next === retryAdvice;
    this.isLasting = next === operatorAdvice;
  }
}

interface Meaning {
  readonly message: string;
  readonly next: string;
  readonly isLost: boolean;
}

const retryAdvice = "Call again in a minute. If it persists, tell the operator: the server's database needs attention.";
const operatorAdvice = "Tell the operator, who must correct it: it does not resolve itself.";

/** What SQLSTATEs and their classes mean: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const meanings: Readonly<Record<string, Partial<Meaning> & Pick<Meaning, "message">>> = {
  "0A": { message: "The database lacks a feature that is needed", next: operatorAdvice },
  "08": { message: "The connection to the database was lost", isLost: true },
  "25006": { message: "The database is read-only" },
  "25P03": { message: "The database ended a transaction that took too long", isLost: true },
  "25P04": { message: "The database ended a transaction that took too long", isLost: true },
  "28": { message: "The database refuses this server", next: operatorAdvice, isLost: true },
  "3D": { message: "The database refuses this server", next: operatorAdvice, isLost: true },
  "42501": { message: "The database does not permit a statement", next: operatorAdvice },
  "40": { message: "Simultaneous changes conflicted in the database" },
  "53": { message: "The database is out of resources" },
  "53100": { message: "The database's disk is full" },
  "53300": { message: "The database has no free connection", isLost: true },
  "55P03": { message: "A lock wait in the database timed out" },
  "57": { message: "The database is being stopped or started", isLost: true },
  "57014": { message: "The database statement timed out or was cancelled" },
};

/** @param condition the SQLSTATE, or the system's code */
function meaningOf(condition: string | undefined, pgMessage: string): Meaning {
  const code = condition === undefined ? "" : ` (${condition})`;
  // EPERM and EPIPE are the system's: no class of SQLSTATEs begins like that.
  if (condition === undefined || !/^(?!E[A-Z]{4})[0-9A-Z]{5}$/.test(condition)) {
    if (pgMessage === "Query read timeout") return lost("The database did not answer in time.");
    if (pgMessage === "timeout exceeded when trying to connect")
      return lost("No connection to the database was free in time, or it does not answer.");
    if (/does not support SSL/i.test(pgMessage))
      return {
        message: "The database offers no TLS, which the sslmode in its address demands.",
        next: operatorAdvice,
        isLost: true,
      };
    // Without a code it is pg's own words, which hold no values.
    return lost(`The database cannot be reached${code === "" && pgMessage !== "" ? ` (${pgMessage})` : code}.`);
  }
  const otherwise = { message: "The database refused a statement" };
  const { message, ...rest } = meanings[condition] ?? meanings[condition.slice(0, 2)] ?? otherwise;
  return { next: retryAdvice, isLost: false, ...rest, message: `${message}${code}.` };
}

const lost = (message: string): Meaning => ({ message, next: retryAdvice, isLost: true });

/** The error of a write, for a database that reports itself as read-only. */
export function readOnlyError(): DatabaseError {
  return new DatabaseError(meaningOf("25006", ""));
}

/** The error of an address with which no connection can be attempted, such as one that names a file that is not there. */
export function unusableAddress(url: string, cause: unknown): DatabaseError {
  const file = cause instanceof Error && "path" in cause ? cause.path : undefined;
  const [parameter] = [...new URL(url).searchParams].find(([, value]) => value === file) ?? [];
  const code = systemCodeOf(cause) ?? "unknown";
  return new DatabaseError({
    message:
      parameter === undefined
        ? `The database's address cannot be used (${code}).`
        : `The file in ${parameter} of the database's address cannot be read (${code}).`,
    next: operatorAdvice,
    isLost: true,
  });
}

/** Turns a failure of pg into the program's own error. */
export function asDatabaseError(error: unknown): unknown {
  return error instanceof ToolError || !isOfDatabase(error)
    ? error
    : new DatabaseError(meaningOf(systemCodeOf(error), messageOf(error)));
}

/** Errors of pg have a code, or come from its connection; a defect of ours has neither. */
function isOfDatabase(error: unknown): boolean {
  const code = systemCodeOf(error);
  // Node.js reports wrong arguments, which are a defect of ours, with codes of this form, too.
  if (code !== undefined) return !/^ERR_(?!TLS|SSL|SOCKET)/.test(code);
  return /^(Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout|timeout e|timeout expired|The server does not support|SASL|Cannot use a pool)/i.test(
    messageOf(error),
  );
}

/** How long to wait for a database that is being restarted, in milliseconds. */
const RETRY_TIMEOUT = 10_000;

/**
 * Retries `work` while the database cannot be reached. Only for work that may be done twice: after a lost connection it
 * is unknown whether the last statement took effect.
 */
export async function retryWhileUnreachable<Value>(work: () => Promise<Value>): Promise<Value> {
  const deadline = performance.now() + RETRY_TIMEOUT;
  for (let wait = 50; ; wait = Math.min(wait * 2, 1_000)) {
    try {
      return await work();
    } catch (error) {
      const isPassing = error instanceof DatabaseError && error.isTransient;
      if (!isPassing || performance.now() + wait > deadline) throw error;
    }
    await pause(wait);
  }
}
