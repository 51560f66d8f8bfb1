import { z } from "zod";
import type { Operation } from "../catalogue/operation.js";
import type { TimeSource } from "../lib/time-source.js";
import { DatabaseAuditLog } from "./audit-log.js";
import { Database } from "./database.js";
import { DatabaseJobs } from "./jobs.js";
import { SharedRates } from "./rates.js";
import { DatabaseTerms } from "./terms.js";

/** All that servers which share a database remember together. */
export function databaseState(
  {
    url,
    stateKeys: [newestKey],
  }: { readonly url: string | (() => string); readonly stateKeys: readonly [Buffer, ...Buffer[]] },
  realm: string,
  redact: (json: string) => string,
  log: (line: string) => void,
) {
  const database = new Database({ url, log });
  const audit = new DatabaseAuditLog(database, realm, redact);
  const realmOf = (account: string | undefined) => (account === undefined ? realm : `${realm}/${account}`);
  return {
    audit,
    auditSource: audit,
    termsOf: (account?: string) => new DatabaseTerms(database, realmOf(account), newestKey),
    jobsIn: (_folder: string, account?: string) => new DatabaseJobs(database, realmOf(account)),
    ratesFor: (accountOf: (operation: Operation) => string, { elapsed, pause }: TimeSource) =>
      new SharedRates({
        database,
        accountOf: (operation) => `${realm}/${accountOf(operation)}`,
        elapsed,
        pause,
        random: Math.random,
      }),
    database,
    close: async () => {
      await audit.close();
      await database.close();
    },
  };
}

/** The audit log alone, for a command that reads it. */
export function databaseAuditLog(url: string, realm: string) {
  const database = new Database({ url, log: () => {} });
  const log = new DatabaseAuditLog(database, realm, () => {
    throw new Error("this log is only read");
  });
  return {
    name: log.name,
    canContinue: log.canContinue,
    read: log.read.bind(log),
    notes: () => log.notes(),
    close: () => database.close(),
  };
}

/** The version of PostgreSQL; the tables are brought up to date by asking. */
export async function databaseVersion(url: string): Promise<string> {
  const database = new Database({ url, log: () => {} });
  try {
    const [found] = await database.rows(
      z.object({ version: z.string() }),
      "SELECT current_setting('server_version') AS version",
    );
    return found?.version ?? "of an unknown version";
  } finally {
    await database.close();
  }
}
