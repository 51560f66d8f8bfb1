import { AuditLog } from "../audit/log.js";
import { auditFiles } from "../audit/read-log.js";
import type { AuditSource, AuditWriter } from "../audit/source.js";
import { databaseUrlIn, type EnvironmentVariables, type RuntimeEnvironment } from "../config/environment.js";
import type { Configuration } from "../config/options.js";
import type { Database } from "../database/database.js";
import { JobFiles } from "../jobs/job-files.js";
import type { JobStore } from "../jobs/store.js";
import { withPackages } from "../lib/optional-packages.js";
import { TermsFiles, type TermsStore } from "../standing-approvals/terms-files.js";
import { auditPath } from "./approval.js";

/** What the program remembers: in files of this computer, or in a database that several servers share. */
export interface ProgramState {
  readonly audit: AuditWriter;
  /** The same log, to be read. */
  readonly auditSource: AuditSource;
  /** The terms of standing approvals. */
  readonly terms: TermsStore;
  /** The journal, in this folder where there is no database. */
  jobsIn(folder: string): JobStore;
  /** For what only a team's server remembers. */
  readonly database: Database | undefined;
  close(): Promise<void>;
}

export interface StateOptions {
  readonly configuration: Pick<Configuration, "auditLog" | "sandbox">;
  readonly database: RuntimeEnvironment["database"];
  /** Applied to every line of the audit log. */
  readonly redact: (json: string) => string;
  readonly now: () => Date;
  readonly log: (line: string) => void;
}

/** @throws {MissingPackage} if there is a database and `pg` is not installed */
export async function openState(options: StateOptions): Promise<ProgramState> {
  const { configuration, database, redact, now, log } = options;
  if (database === undefined) return stateInFiles(auditPath(configuration), redact, now);
  const { databaseState } = await withPackages(() => import("../database/state.js"));
  return databaseState(database, realmOf(configuration), redact, log);
}

/**
 * The audit log of a database, for a command that reads it and needs no key.
 * @throws {ConfigurationError} if the setting does not say where it is
 */
export async function openSharedLog(setting: string, sandbox: boolean, env: EnvironmentVariables) {
  const url = databaseUrlIn(setting, env);
  const { databaseAuditLog } = await withPackages(() => import("../database/state.js"));
  return databaseAuditLog(url, realmOf({ sandbox }));
}

/** What is done in the sandbox is kept out of what is done in earnest. */
function realmOf({ sandbox }: Pick<Configuration, "sandbox">): string {
  return sandbox ? "sandbox" : "real";
}

function stateInFiles(path: string, redact: (json: string) => string, now: () => Date): ProgramState {
  const audit = new AuditLog(path, { redact, now });
  return {
    audit,
    auditSource: auditFiles(path),
    terms: new TermsFiles(`${path.replace(/\.jsonl$/, "")}-standing-approvals`),
    jobsIn: (folder) => new JobFiles(folder),
    database: undefined,
    close: () => audit.close(),
  };
}
