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
import { unlessFailed } from "../lib/tool-error.js";
import { auditPath } from "../setup/approval.js";
import { approvalsFolder } from "../setup/state.js";
import { TermsFiles } from "../standing-approvals/terms-files.js";
import { type Check, type DoctorFinding, doctorWarning, failure, ok } from "./check-result.js";

export const credentialFiles: Check = async ({ configuration, env, backend: { credentials } }) => {
  if (configuration.sandbox) return [ok("Not read: the sandbox brings its own.")];
  const found = (
    await Promise.all(pathsOf(env, homeDirectory() ?? NO_HOME).map((path) => credentialFile(path, credentials)))
  ).flat();
  return found.length > 0 ? found : [ok("None is there.")];
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
  const found = await factsOf(path, true);
  if (found === undefined) return [];
  if (!found.isFile() || !(await may(path, "read"))) {
    return [doctorWarning(`${path} cannot be read, so it is skipped.`, "Make it readable to you, or remove it.")];
  }
  if (bitsOfOthers(found) !== 0) return [doctorWarning(`${path} is open to other users.`, `Run chmod 600 ${path}`)];
  const [over] = Object.values(passedOver ?? {}).flatMap((places) => places.filter(({ from }) => from === path));
  if (over !== undefined) {
    return [
      doctorWarning(`${path} ${over.why}, so it is skipped.`, "Correct or remove it, unless another place is meant."),
    ];
  }
  return [ok(`${path} is readable, by you alone.`)];
}

export const keyDirectories: Check = async ({ configuration: { files } }) => {
  if (files.length === 0) return [ok("None is named (--files), so no file: reference is read.")];
  return Promise.all(files.map(keyDirectory));
};

async function keyDirectory(path: string): Promise<DoctorFinding> {
  const found = await factsOf(path, true);
  const named = `It is named by --files: name one that exists and that you can open.`;
  if (found === undefined) return failure(`${path} cannot be found.`, named);
  if (!found.isDirectory()) return failure(`${path} is not a directory.`, named);
  if (!(await may(path, "list")))
    return failure(`${path} cannot be read.`, `Make it readable to you (chmod u+rx ${path}).`);
  if ((bitsOfOthers(found) & 0o022) !== 0) {
    return doctorWarning(`Other users can put files into ${path}.`, `Run chmod go-w ${path}`);
  }
  return ok(`${path} can be read.`);
}

/** As strict as the log itself: if the log refuses the path, no change is carried out. */
export const auditLog: Check = async ({ configuration, backend: { database } }) => {
  if (database !== undefined) return [];
  const path = auditPath(configuration);
  const found = await factsOf(path);
  const refused = (what: string, next: string) => [failure(`${path} ${what}: every change is refused.`, next)];
  const folder = await factsOf(dirname(path), true);
  if (folder && (bitsOfOthers(folder) & 0o002) !== 0 && (folder.mode & 0o1000) === 0)
    return refused(
      "is in a directory that every user can write to",
      `Run chmod o-w ${dirname(path)}, or name a directory of your own below it with --audit-log.`,
    );
  if (found === undefined) {
    if (await canBeMade(dirname(path))) return [ok(`${path} is made with the first change.`)];
    return refused("cannot be made", "Make its directory writable to you, or name another place with --audit-log.");
  }
  if (!found.isFile()) return refused("is not a plain file", "Name another place with --audit-log.");
  if (process.platform !== "win32" && found.uid !== process.geteuid?.())
    return refused("belongs to another user", "Name another place with --audit-log.");
  if (bitsOfOthers(found) !== 0) return refused("is open to other users", `Run chmod 600 ${path}`);
  if (!(await may(path, "write")))
    return refused("cannot be written", "Make it writable to you, or name another place with --audit-log.");
  const locked = await lockFault(path);
  if (locked === undefined) return [ok(`${path} can be written.`)];
  return refused(`has a lock that cannot be taken (${locked})`, `If no server is running, remove ${path}.lock.`);
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
        `${folder} cannot be written: no deployment can be carried out.`,
        "Make it writable to you, or name another place with --jobs.",
      ),
    ];
  }
  const jobs = new JobFiles(folder);
  const unreadable = [...(await jobs.all()).unreadable, ...((await jobs.archived()).unreadable ?? [])];
  if (unreadable.length === 0) return [ok(`${folder} can be written, and its jobs can be read.`)];
  return [failure(`${describeUnreadable(unreadable)}. What was sent there is not known.`, makeReadable)];
};

/** Terms that cannot be read stop every change that they might approve. */
export const standingApprovals: Check = async ({ configuration, backend: { database } }) => {
  if (database !== undefined) return [];
  const folder = approvalsFolder(auditPath(configuration));
  const terms = new TermsFiles(folder);
  const fault = await unlessFailed(Promise.all([terms.read(), terms.key()]), ({ details }) => details);
  return "happened" in fault ? [failure(fault.happened, fault.next)] : [];
};

/** Whether the database that several servers share can be used; its tables are brought up to date by that. */
export const database: Check = async ({ backend: { database: shared } }) => {
  if (shared === undefined) return [];
  const { databaseVersion } = await withPackages(() => import("../database/state.js"));
  return unlessFailed(
    databaseVersion(shared.url).then((version) => [
      ok(`PostgreSQL ${version} answers, and its tables are up to date.`),
    ]),
    ({ details }) => [failure(`${details.happened} Every change is refused.`, details.next)],
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
