import { join } from "node:path";
import { AuditLog } from "../audit/log.js";
import { auditFiles } from "../audit/read-log.js";
import type { AuditSource, AuditWriter } from "../audit/source.js";
import type { Operation } from "../catalogue/operation.js";
import type { Rates } from "../cloud/rate-limit.js";
import { asDatabaseSetting, readDatabaseUrl } from "../config/database.js";
import type { RuntimeEnvironment } from "../config/environment.js";
import type { Configuration } from "../config/options.js";
import { explained } from "../config/read.js";
import type { Database } from "../database/database.js";
import { JobFiles } from "../jobs/job-files.js";
import type { JobStore } from "../jobs/store.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import { withPackages } from "../lib/optional-packages.js";
import type { TimeSource } from "../lib/time-source.js";
import type { Redactor } from "../secrets/redaction/redactor.js";
import { TermsFiles, type TermsStore } from "../standing-approvals/terms-files.js";
import { auditPath } from "./approval.js";

/** What the program remembers: in files of this computer, or in a database that several servers share. */
export interface ProgramState {
  readonly audit: AuditWriter;
  /** The same log, to be read. */
  readonly auditSource: AuditSource;
  /** The terms of standing approvals. Each named account has its own. */
  termsOf(account?: string): TermsStore;
  /**
   * The journal; in this folder if there is no database. Each named account has its own, so that not even the number of
   * another's jobs is revealed.
   */
  jobsIn(folder: string, account?: string): JobStore;
  /** The clouds' rates, kept by all servers together; absent where each has its own. */
  readonly ratesFor?: (accountOf: (operation: Operation) => string, time: TimeSource) => Rates;
  /** For what only a team's server remembers. */
  readonly database: Database | undefined;
  close(): Promise<void>;
}

interface StateOptions {
  readonly configuration: Pick<Configuration, "auditLog" | "sandbox">;
  readonly database: RuntimeEnvironment["database"];
  /**
   * Applied to every line of the audit log; gets a changed password of the database. Absent for commands whose lines hold
   * nothing to mask.
   */
  readonly redactor?: Pick<Redactor, "redact" | "addSecrets">;
  readonly now: () => Date;
  readonly log: (line: string) => void;
}

/** @throws {MissingPackage} if there is a database and `pg` is not installed */
export async function openState(options: StateOptions): Promise<ProgramState> {
  const { configuration, database, redactor, now, log } = options;
  const redact = (json: string) => redactor?.redact(json) ?? json;
  if (database === undefined) return stateInFiles(auditPath(configuration), redact, now);
  const { databaseState } = await withPackages(() => import("../database/state.js"));
  const { stateKeys, readAgain } = database;
  const url = () => {
    const address = readAgain?.(log) ?? database;
    redactor?.addSecrets(address.secrets);
    return address.url;
  };
  return databaseState({ url, stateKeys }, realmOf(configuration), redact, log);
}

/**
 * The audit log of a database, for a command that reads it and needs no key.
 * @throws {ConfigurationError} if the setting does not say where it is
 */
export async function openSharedLog(setting: string, sandbox: boolean, env: EnvironmentVariables) {
  const url = explained("--database", () => readDatabaseUrl(asDatabaseSetting(setting), env));
  const { databaseAuditLog } = await withPackages(() => import("../database/state.js"));
  return databaseAuditLog(url, realmOf({ sandbox }));
}

/** The sandbox's records are kept apart from real ones. */
export function realmOf({ sandbox }: Pick<Configuration, "sandbox">): string {
  return sandbox ? "sandbox" : "real";
}

function stateInFiles(path: string, redact: (json: string) => string, now: () => Date): ProgramState {
  const audit = new AuditLog(path, { redact, now });
  return {
    audit,
    auditSource: auditFiles(path),
    termsOf: (account) => new TermsFiles(ofAccount(approvalsFolder(path), account)),
    jobsIn: (folder, account) => new JobFiles(ofAccount(folder, account)),
    database: undefined,
    close: () => audit.close(),
  };
}

/** Where standing approvals are kept, beside the audit log that says that persons gave them. */
export function approvalsFolder(auditLog: string): string {
  return `${auditLog.replace(/\.jsonl$/, "")}-standing-approvals`;
}

function ofAccount(folder: string, account: string | undefined): string {
  return account === undefined ? folder : join(folder, "accounts", account);
}
