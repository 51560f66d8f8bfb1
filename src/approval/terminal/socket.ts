import { randomBytes } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { basename, isAbsolute, join, resolve } from "node:path";
import type { EnvironmentVariables } from "../../lib/environment.js";
import { systemCodeOf } from "../../lib/failure.js";
import { type SafeText, safe, verbatim } from "../../lib/safe-text.js";

/** Longest Unix socket path that works everywhere: macOS allows 104 bytes including the final NUL. */
const MAX_PATH = 103;

/** `<pid>-<random>.sock` */
const socketName = /^([1-9]\d{0,9})-[0-9a-f]{8}\.sock$/;

/**
 * Where servers put their sockets, best first; a terminal looks in all of them. The environment is not enough: MCP
 * clients start servers with a few variables, without XDG_RUNTIME_DIR, which the person's terminal has.
 *
 * None on Windows: terminals there have no device to write a code to.
 * @param stateDirectory of this user, if there is one
 */
export function socketDirectories(env: EnvironmentVariables, stateDirectory: string | undefined): readonly string[] {
  if (process.platform === "win32") return [];
  const runtime = [env.XDG_RUNTIME_DIR ?? "", `/run/user/${process.getuid?.()}`].filter(isPrivate);
  const inState = stateDirectory === undefined ? [] : [join(stateDirectory, "terminal")];
  return [...new Set([...runtime.map((directory) => join(directory, "cloudcert-mcp")), ...inState])];
}

/**
 * Creates the directory if it is missing.
 * @throws {Error} unless it is a directory of this user that nobody else can open
 */
export function prepareDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  checkDirectory(directory);
}

/**
 * A new path for this process's socket.
 * @throws {Error} if the directory path is too long
 */
export function newSocketPath(directory: string): string {
  const path = join(directory, `${process.pid}-${randomBytes(4).toString("hex")}.sock`);
  if (Buffer.byteLength(path) > MAX_PATH) throw new Error(`${directory} is too long a path`);
  return path;
}

/**
 * The sockets in a directory, including dead ones; none if the directory does not exist.
 * @throws {Error} if somebody else could have put them there
 */
export function findSockets(directory: string): string[] {
  if (lstatSync(directory, { throwIfNoEntry: false }) === undefined) return [];
  checkDirectory(directory);
  return readdirSync(directory)
    .filter((name) => socketName.test(name))
    .map((name) => join(directory, name));
}

/** Removes a socket whose process is gone. */
export async function removeIfDead(path: string): Promise<void> {
  if (ownerLives(path) || !(await refusesConnections(path))) return;
  rmSync(path, { force: true });
}

/** Why a directory is unsuitable; `reason` does not name it. */
export class UnfitDirectory extends Error {
  readonly reason: SafeText;

  constructor(directory: string, reason: SafeText) {
    super(`${directory} ${reason}`);
    this.reason = reason;
  }
}

function checkDirectory(directory: string): void {
  // With a trailing slash, lstat would follow a link.
  const stat = lstatSync(resolve(directory));
  if (stat.isSymbolicLink()) throw new UnfitDirectory(directory, safe`is a symbolic link`);
  if (!stat.isDirectory()) throw new UnfitDirectory(directory, safe`is not a directory`);
  if (stat.uid !== process.getuid?.()) throw new UnfitDirectory(directory, safe`belongs to another user`);
  if ((stat.mode & 0o077) !== 0) {
    const mode = (stat.mode & 0o777).toString(8);
    throw new UnfitDirectory(directory, safe`is open to other users (mode ${verbatim(mode)} instead of 700)`);
  }
}

function isPrivate(directory: string): boolean {
  if (!isAbsolute(directory)) return false;
  try {
    checkDirectory(directory);
    return true;
  } catch {
    return false;
  }
}

/** Whether the process in a socket's name may still run. Our own pid there belongs to an earlier process. */
function ownerLives(path: string): boolean {
  const pid = Number(socketName.exec(basename(path))?.[1]);
  if (pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return systemCodeOf(error) !== "ESRCH";
  }
}

/** Checked too because a live process in another container is not visible from here. */
function refusesConnections(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      done(false);
    });
    socket.once("error", (error) => done(systemCodeOf(error) === "ECONNREFUSED"));
  });
}
