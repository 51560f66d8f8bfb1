import { setTimeout as pause } from "node:timers/promises";
import { messageOf, systemCodeOf } from "../lib/failure.js";
import { ToolError } from "../lib/tool-error.js";

/**
 * A failure of the database. Its message contains no more than the code: PostgreSQL's own messages and details can
 * repeat values.
 */
export class DatabaseError extends ToolError {
  /** The connection was lost or never made: it must not be reused, and whether a statement took effect is unknown. */
  readonly isConnectionLost: boolean;
  /** Whether it may pass within seconds, like a restart. */
  readonly isPassing: boolean;

  constructor(cause: unknown) {
    const { says, next, isLost } = meaningOf(systemCodeOf(cause), messageOf(cause));
    // A caller that has sent something before reports that itself.
    super({ kind: "configuration", happened: says, changed: "no", sent: false, next });
    this.isConnectionLost = isLost;
    this.isPassing = isLost && next === again;
  }
}

interface Meaning {
  readonly says: string;
  readonly next: string;
  readonly isLost: boolean;
}

const again = "Call again in a minute. If it persists, tell the operator: the server's database needs attention.";
const operator = "Tell the operator, who must correct it: it does not resolve itself.";

/** What SQLSTATEs and their classes mean: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const meanings: Readonly<Record<string, Partial<Meaning> & Pick<Meaning, "says">>> = {
  "08": { says: "The connection to the database was lost", isLost: true },
  "25006": { says: "The database is read-only" },
  "25P03": { says: "The database ended a transaction that took too long", isLost: true },
  "25P04": { says: "The database ended a transaction that took too long", isLost: true },
  "28": { says: "The database refuses this server", next: operator, isLost: true },
  "3D": { says: "The database refuses this server", next: operator, isLost: true },
  "40": { says: "Simultaneous changes conflicted in the database" },
  "53": { says: "The database is out of resources" },
  "53100": { says: "The database's disk is full" },
  "53300": { says: "The database has no free connection", isLost: true },
  "55P03": { says: "A lock wait in the database timed out" },
  "57": { says: "The database is being stopped or started", isLost: true },
  "57014": { says: "The database statement timed out or was cancelled" },
};

/** @param condition the SQLSTATE, or the system's code */
function meaningOf(condition: string | undefined, message: string): Meaning {
  const code = condition === undefined ? "" : ` (${condition})`;
  if (condition === undefined || !/^[0-9A-Z]{5}$/.test(condition)) {
    if (message === "Query read timeout") return lost("The database did not answer in time.");
    if (message === "timeout exceeded when trying to connect")
      return lost("No connection to the database was free in time, or it does not answer.");
    return lost(`The database cannot be reached${code}.`);
  }
  const otherwise = { says: "The database refused a statement", next: operator };
  const { says, ...rest } = meanings[condition] ?? meanings[condition.slice(0, 2)] ?? otherwise;
  return { next: again, isLost: false, ...rest, says: `${says}${code}.` };
}

const lost = (says: string): Meaning => ({ says, next: again, isLost: true });

/** What a write would fail with, for a database that was asked and says so. */
export function takesNoWrites(): DatabaseError {
  return new DatabaseError(Object.assign(new Error("read-only"), { code: "25006" }));
}

/** Turns a failure of pg into the program's own error. */
export function asDatabaseError(error: unknown): unknown {
  return error instanceof ToolError || !isOfDatabase(error) ? error : new DatabaseError(error);
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

/** How long a database that is being restarted is waited for, in milliseconds. */
const PATIENCE = 10_000;

/**
 * Retries `work` while the database cannot be reached. Only for work that may be done twice: after a lost connection it
 * is unknown whether the last statement took effect.
 */
export async function retryWhileUnreachable<Value>(work: () => Promise<Value>): Promise<Value> {
  const deadline = performance.now() + PATIENCE;
  for (let wait = 50; ; wait = Math.min(wait * 2, 1_000)) {
    try {
      return await work();
    } catch (error) {
      const isPassing = error instanceof DatabaseError && error.isPassing;
      if (!isPassing || performance.now() + wait > deadline) throw error;
    }
    await pause(wait);
  }
}
