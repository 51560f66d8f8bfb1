import { constants, type Stats } from "node:fs";
import { access, lstat, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileNamed } from "../cloud/credential-search.js";
import type { Credentials } from "../cloud/credentials.js";
import { JobFiles } from "../jobs/job-files.js";
import { describeUnreadable, makeReadable } from "../jobs/unreadable.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import { messageOf } from "../lib/failure.js";
import { takeLock } from "../lib/lock.js";
import { withPackages } from "../lib/optional-packages.js";
import { homeDirectory, NO_HOME } from "../lib/paths.js";
import { type SafeText, safe, verbatim } from "../lib/safe-text.js";
import { unlessFailed } from "../lib/tool-error.js";
import { auditPath } from "../setup/approval.js";
import { approvalsFolder } from "../setup/state.js";
import { TermsFiles } from "../standing-approvals/terms-files.js";
import { type Check, type DoctorFinding, doctorWarning, failure, ok } from "./check-result.js";

export const credentialFiles: Check = async ({ configuration, env, backend: { credentials } }) => {
  if (configuration.sandbox) return [ok(safe`Not read: the sandbox brings its own.`)];
  const found = (
    await Promise.all(pathsOf(env, homeDirectory() ?? NO_HOME).map((path) => credentialFile(path, credentials)))
  ).flat();
  return found.length > 0 ? found : [ok(safe`None is there.`)];
};

/** The vendors' own credential files (docs/cloud-behaviour.md 1.2). */
function pathsOf(env: EnvironmentVariables, home: string): readonly string[] {
  return [
    join(home, ".tencentcloud", "credentials"),
    "/etc/tencentcloud/credentials",
    join(home, ".tccli", "default.credential"),
    join(home, ".aliyun", "config.json"),
    fileNamed(env.ALIBABA_CLOUD_CREDENTIALS_FILE, home) ?? join(home, ".alibabacloud", "credentials"),
    fileNamed(env.HUAWEICLOUD_SDK_CREDENTIALS_FILE, home) ?? join(home, ".huaweicloud", "credentials"),
  ];
}

async function credentialFile(path: string, { passedOver }: Credentials): Promise<DoctorFinding[]> {
  const file = verbatim(path);
  const found = await factsOf(path, true);
  if (found === undefined) return [];
  if (!found.isFile() || !(await may(path, "read"))) {
    return [
      doctorWarning(safe`${file} cannot be read, so it is skipped.`, safe`Make it readable to you, or remove it.`),
    ];
  }
  if (bitsOfOthers(found) !== 0)
    return [doctorWarning(safe`${file} is open to other users.`, safe`Run chmod 600 ${file}`)];
  const [over] = Object.values(passedOver ?? {}).flatMap((places) => places.filter(({ from }) => from === path));
  if (over !== undefined) {
    return [
      doctorWarning(
        safe`${file} ${over.why}, so it is skipped.`,
        safe`Correct or remove it, unless another place is meant.`,
      ),
    ];
  }
  return [ok(safe`${file} is readable, by you alone.`)];
}

export const keyDirectories: Check = async ({ configuration: { files } }) => {
  if (files.length === 0) return [ok(safe`None is named (--files), so no file: reference is read.`)];
  return Promise.all(files.map(keyDirectory));
};

async function keyDirectory(path: string): Promise<DoctorFinding> {
  const found = await factsOf(path, true);
  const directory = verbatim(path);
  const named = safe`It is named by --files: name one that exists and that you can open.`;
  if (found === undefined) return failure(safe`${directory} cannot be found.`, named);
  if (!found.isDirectory()) return failure(safe`${directory} is not a directory.`, named);
  if (!(await may(path, "list")))
    return failure(safe`${directory} cannot be read.`, safe`Make it readable to you (chmod u+rx ${directory}).`);
  if ((bitsOfOthers(found) & 0o022) !== 0) {
    return doctorWarning(safe`Other users can put files into ${directory}.`, safe`Run chmod go-w ${directory}`);
  }
  return ok(safe`${directory} can be read.`);
}

/** As strict as the log itself: if the log refuses the path, no change is carried out. */
export const auditLog: Check = async ({ configuration, backend: { database } }) => {
  if (database !== undefined) return [];
  const path = auditPath(configuration);
  const found = await factsOf(path);
  const [log, place] = [verbatim(path), verbatim(dirname(path))];
  const refused = (what: SafeText, next: SafeText) => [failure(safe`${log} ${what}: every change is refused.`, next)];
  const elsewhere = safe`Name another place with --audit-log.`;
  const folder = await factsOf(dirname(path), true);
  if (folder && (bitsOfOthers(folder) & 0o002) !== 0 && (folder.mode & 0o1000) === 0)
    return refused(
      safe`is in a directory that every user can write to`,
      safe`Run chmod o-w ${place}, or name a directory of your own below it with --audit-log.`,
    );
  if (found === undefined) {
    if (await canBeMade(dirname(path))) return [ok(safe`${log} is made with the first change.`)];
    return refused(
      safe`cannot be made`,
      safe`Make its directory writable to you, or name another place with --audit-log.`,
    );
  }
  if (!found.isFile()) return refused(safe`is not a plain file`, elsewhere);
  if (process.platform !== "win32" && found.uid !== process.geteuid?.())
    return refused(safe`belongs to another user`, elsewhere);
  if (bitsOfOthers(found) !== 0) return refused(safe`is open to other users`, safe`Run chmod 600 ${log}`);
  if (!(await may(path, "write")))
    return refused(safe`cannot be written`, safe`Make it writable to you, or name another place with --audit-log.`);
  const locked = await lockFault(path);
  if (locked === undefined) return [ok(safe`${log} can be written.`)];
  return refused(
    safe`has a lock that cannot be taken (${verbatim(locked)})`,
    safe`If no server is running, remove ${verbatim(`${path}.lock`)}.`,
  );
};

/** How long a server may hold the lock of the audit log before that is a fault, in milliseconds. */
const LOCK_TIMEOUT = 5_000;

/** Why the lock that stands beside a file cannot be taken; undefined if it can, or there is none. */
async function lockFault(path: string): Promise<string | undefined> {
  if ((await factsOf(`${path}.lock`)) === undefined) return undefined;
  try {
    const release = await takeLock(path, LOCK_TIMEOUT, () => {});
    await release();
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

export const stateDirectory: Check = async ({ backend: { jobs: folder, database } }) => {
  if (database !== undefined) return [];
  if (!(await canBeMade(folder))) {
    return [
      failure(
        safe`${verbatim(folder)} cannot be written: no deployment can be carried out.`,
        safe`Make it writable to you, or name another place with --jobs.`,
      ),
    ];
  }
  const jobs = new JobFiles(folder);
  const unreadable = [...(await jobs.all()).unreadable, ...((await jobs.archived()).unreadable ?? [])];
  if (unreadable.length === 0) return [ok(safe`${verbatim(folder)} can be written, and its jobs can be read.`)];
  return [failure(safe`${describeUnreadable(unreadable)}. What was sent there is not known.`, makeReadable)];
};

/** Terms that cannot be read stop every change that they might approve. */
export const standingApprovals: Check = async ({ configuration, backend: { database } }) => {
  if (database !== undefined) return [];
  const folder = approvalsFolder(auditPath(configuration));
  const terms = new TermsFiles(folder);
  const fault = await unlessFailed(Promise.all([terms.read(), terms.key()]), ({ details }) => details);
  return "happened" in fault ? [failure(verbatim(fault.happened), verbatim(fault.next))] : [];
};

/** Whether the database that several servers share can be used; its tables are brought up to date by that. */
export const database: Check = async ({ backend: { database: shared } }) => {
  if (shared === undefined) return [];
  const { databaseVersion } = await withPackages(() => import("../database/state.js"));
  return unlessFailed(
    databaseVersion(shared.url).then((version) => [
      ok(safe`PostgreSQL ${verbatim(version)} answers, and its tables are up to date.`),
    ]),
    ({ details }) => [failure(safe`${verbatim(details.happened)} Every change is refused.`, verbatim(details.next))],
  );
};

/** What is known of a path without opening it; undefined if nothing is there. Links are followed only with `follow`. */
const factsOf = (path: string, follow = false) => (follow ? stat(path) : lstat(path)).catch(() => undefined);

/** Permission bits of group and others; 0 on Windows, where modes say nothing. */
const bitsOfOthers = ({ mode }: Stats) => (process.platform === "win32" ? 0 : mode & 0o077);

async function may(path: string, what: "read" | "write" | "list" | "make files in"): Promise<boolean> {
  const { R_OK, W_OK, X_OK } = constants;
  const modes = { read: R_OK, write: R_OK | W_OK, list: R_OK | X_OK, "make files in": W_OK | X_OK };
  return access(path, modes[what]).then(
    () => true,
    () => false,
  );
}

/** Whether files can be created in the directory, or the directory itself can be created. */
export async function canBeMade(directory: string): Promise<boolean> {
  const found = await factsOf(directory, true);
  if (found !== undefined) return found.isDirectory() && may(directory, "make files in");
  const above = dirname(directory);
  return above !== directory && canBeMade(above);
}
