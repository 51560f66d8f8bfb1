import { randomBytes } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { basename, isAbsolute, join, resolve } from "node:path";

/** Longest path of a Unix socket that works everywhere: macOS has room for 104 bytes, the closing zero included. */
const MAX_PATH = 103;

/** `<pid>-<random>.sock` */
const socketName = /^([1-9]\d{0,9})-[0-9a-f]{8}\.sock$/;

/**
 * Where servers put their sockets, the best place first; a terminal looks in all of them. The environment alone does
 * not settle it: MCP clients start servers with a handful of variables, and XDG_RUNTIME_DIR is not among them, whereas
 * the person's terminal has it.
 *
 * None on Windows: a terminal has no device there that a code could be written to.
 */
export function socketDirectories(
  env: Readonly<Record<string, string | undefined>>,
  stateDirectory: string,
): readonly string[] {
  if (process.platform === "win32") return [];
  const runtime = [env.XDG_RUNTIME_DIR ?? "", `/run/user/${process.getuid?.()}`].filter(isPrivate);
  return [
    ...new Set([...runtime.map((directory) => join(directory, "cloudcert-mcp")), join(stateDirectory, "terminal")]),
  ];
}

/**
 * Creates the directory where it is missing.
 * @throws {Error} unless it is a directory of this user that nobody else can open
 */
export function prepareDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  checkDirectory(directory);
}

/**
 * A new name for the socket of this process.
 * @throws {Error} when the directory is too deep down
 */
export function newSocketPath(directory: string): string {
  const path = join(directory, `${process.pid}-${randomBytes(4).toString("hex")}.sock`);
  if (Buffer.byteLength(path) > MAX_PATH) throw new Error(`${directory} is too long a path`);
  return path;
}

/**
 * The sockets in a directory, dead ones included; none when there is no such directory.
 * @throws {Error} when somebody else could have put them there
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

/** Why a directory will not do; `reason` does not say which. */
export class UnfitDirectory extends Error {
  readonly reason: string;

  constructor(directory: string, reason: string) {
    super(`${directory} ${reason}`);
    this.reason = reason;
  }
}

function checkDirectory(directory: string): void {
  // A path that ends in a slash would name what a link points to.
  const stat = lstatSync(resolve(directory));
  if (stat.isSymbolicLink()) throw new UnfitDirectory(directory, "is a symbolic link");
  if (!stat.isDirectory()) throw new UnfitDirectory(directory, "is not a directory");
  if (stat.uid !== process.getuid?.()) throw new UnfitDirectory(directory, "belongs to another user");
  if ((stat.mode & 0o077) !== 0) {
    const mode = (stat.mode & 0o777).toString(8);
    throw new UnfitDirectory(directory, `is open to other users (mode ${mode} instead of 700)`);
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

/** Whether the process in a socket's name may still be there. A name with our own number is of an earlier bearer. */
function ownerLives(path: string): boolean {
  const pid = Number(socketName.exec(basename(path))?.[1]);
  if (pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !hasCode(error, "ESRCH");
  }
}

/** Asked as well because a process in another container is alive but not seen from here. */
function refusesConnections(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      done(false);
    });
    socket.once("error", (error) => done(hasCode(error, "ECONNREFUSED")));
  });
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
