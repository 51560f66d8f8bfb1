import { messageOf, systemCodeOf } from "../lib/failure.js";
import { ToolError } from "../lib/tool-error.js";

/**
 * A failure of the database. Its message contains no more than the code: PostgreSQL's own messages and details can
 * repeat values.
 */
export class DatabaseError extends ToolError {
  /** The SQLSTATE, or the system's code. */
  readonly condition: string | undefined;
  /** The connection was lost or never made: it must not be reused, and whether a statement took effect is unknown. */
  readonly isConnectionLost: boolean;
  /** Whether it may pass within seconds, like a restart. */
  readonly isPassing: boolean;

  constructor(cause: unknown) {
    const condition = systemCodeOf(cause);
    const { says, next, isLost } = meaningOf(condition, messageOf(cause));
    // A caller that has sent something before reports that itself.
    super({ kind: "configuration", happened: says, changed: "no", sent: false, next });
    this.condition = condition;
    this.isConnectionLost = isLost;
    this.isPassing = isLost && next === again;
  }
}

interface Meaning {
  readonly says: string;
  readonly next: string;
  readonly isLost: boolean;
}

const again = "Call again in a minute. If this goes on, tell the operator: the server's database needs attention.";
const operator = "Tell the operator, who corrects it: it does not pass by itself.";

/** SQLSTATEs: https://www.postgresql.org/docs/current/errcodes-appendix.html */
function meaningOf(condition: string | undefined, message: string): Meaning {
  const state = condition !== undefined && /^[0-9A-Z]{5}$/.test(condition) ? condition : undefined;
  const code = condition === undefined ? "" : ` (${condition})`;
  const passing = (says: string, isLost = false) => ({ says, next: again, isLost });
  if (state === undefined) {
    if (message === "Query read timeout") return passing("The database did not answer in time.", true);
    if (message === "timeout exceeded when trying to connect")
      return passing("No connection to the database was free in time, or it does not answer.", true);
    return passing(`The database cannot be reached${code}.`, true);
  }
  switch (state) {
    case "53100":
      return passing(`The database's disk is full${code}.`);
    case "53300":
      return passing(`The database has no free connection${code}.`, true);
    case "57014":
    case "55P03":
      return passing(`The database did not do it in time${code}.`);
    case "25P03":
    case "25P04":
      return passing(`The database ended a transaction that took too long${code}.`, true);
    case "25006":
      return passing(`The database takes no changes now${code}.`);
  }
  switch (state.slice(0, 2)) {
    case "08":
      return passing(`The connection to the database was lost${code}.`, true);
    case "57":
      return passing(`The database is being stopped or started${code}.`, true);
    case "53":
      return passing(`The database has no resources left${code}.`);
    case "28":
    case "3D":
      return { says: `The database refuses this server${code}.`, next: operator, isLost: true };
    case "40":
      return passing(`The database could not settle simultaneous changes${code}.`);
    default:
      return { says: `The database refused a statement${code}.`, next: operator, isLost: false };
  }
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
