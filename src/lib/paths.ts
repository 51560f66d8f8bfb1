import { accessSync, constants, statSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { systemCodeOf, unlessThrown } from "./failure.js";
import { unsent } from "./tool-error.js";

/**
 * The user's home directory; undefined where there is none, as for the user id of a container that no account has. An
 * empty HOME, which some clients set, is no directory: the system knows the user's.
 */
export function homeDirectory(): string | undefined {
  return [homedir, () => userInfo().homedir]
    .map(unlessSystemFails)
    .find((home) => home !== undefined && isAbsolute(home));
}

function unlessSystemFails(ask: () => string): string | undefined {
  try {
    return ask();
  } catch (error) {
    // ENOENT: the system has no account with this id.
    if (systemCodeOf(error) === undefined) throw error;
    return undefined;
  }
}

/** Stands for a home directory where there is none and nothing has to be in it; Debian calls it so, too. */
export const NO_HOME = "/nonexistent";

/** For messages: "there is no home directory for uid 12345". */
function noHome(): string {
  const { getuid } = process;
  return `there is no home directory for ${getuid === undefined ? "this user" : `uid ${getuid()}`}`;
}

/**
 * Where the program keeps what it remembers: the user's state directory, on Linux XDG_STATE_HOME. It is the same in
 * whichever directory a server is started. Undefined if only a home directory could tell.
 */
export function userStateDirectory(): string | undefined {
  const { XDG_STATE_HOME: state, LOCALAPPDATA: local } = process.env;
  const home = homeDirectory();
  // A relative one counts from the home directory.
  const inHome = (...path: readonly string[]) => (home === undefined ? undefined : resolve(home, ...path));
  const given = (path: string) => (isAbsolute(path) ? path : inHome(path));
  const below = (folder: string | undefined, ...path: readonly string[]) => folder && join(folder, ...path);
  switch (process.platform) {
    case "darwin":
      return inHome("Library", "Logs", "cloudcert-mcp");
    case "win32":
      return below(given(local || join("AppData", "Local")), "cloudcert-mcp", "Log");
    default:
      return below(given(state || join(".local", "state")), "cloudcert-mcp");
  }
}

/**
 * The same, for what has no other place.
 * @throws {ToolError} if there is none
 */
export function requiredStateDirectory(): string {
  const directory = userStateDirectory();
  if (directory !== undefined) return directory;
  const happened = `${noHome()}: set HOME, or --audit-log and --jobs`;
  throw unsent("configuration", happened, "Set HOME to a directory of this user, or name both places.");
}

/**
 * The directory that `~` stands for.
 * @throws {Error} if there is none
 */
export function tildeDirectory(): string {
  const home = homeDirectory();
  if (home === undefined) throw new Error(`${noHome()}, so ~ stands for nothing: write the whole path, or set HOME`);
  return home;
}

/**
 * A path as a person writes it. Expands `~`: clients start servers without a shell.
 * @throws {Error} saying what is wrong with it
 */
export function writtenPath(text: string, home?: string): string {
  const path = text.trim();
  if (path === "") throw new Error("a path is needed");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
  if (/[\u0000-\u001f\u007f]/.test(path)) throw new Error("the path holds a line break or another control character");
  // Before variables are looked for: %20my% is none in a URI. Without a slash, file: stands before a plain path.
  if (/^file:/i.test(path)) return /^file:\//i.test(path) ? pathOfUri(path) : writtenPath(path.slice(5), home);
  if (/^(["'`]).*\1$/.test(path)) throw new Error(`${path} is in quotation marks: write it without`);
  if (/\$\{|^\$\w|%\w+%/.test(path)) {
    throw new Error(`${path} holds a variable, which is not expanded here: write the whole path, or begin it with ~/`);
  }
  if (/^~[^/\\]/.test(path)) throw new Error(`${path}: only ~/ is read as a home directory, your own`);
  return path.startsWith("~") ? join(home ?? tildeDirectory(), path.slice(1)) : path;
}

/**
 * The path of a `file:` URI on this machine.
 * @throws {Error} saying what is wrong with it
 */
export function pathOfUri(uri: string, windows = process.platform === "win32"): string {
  const url = new URL(uri);
  if (url.host !== "" && url.host !== "localhost") throw new Error(`a file of another machine (${url.host})`);
  // These two end a URI's path: what follows would be dropped.
  if (url.hash !== "" || url.search !== "") throw new Error("a # or ? that is part of a name is %23 or %3F in a URI");
  url.host = "";
  try {
    return fileURLToPath(url, { windows });
  } catch {
    throw new Error(
      windows
        ? "no drive, a path separator in %, or a % that is not %25"
        : "a path separator in %, or a % that is not %25",
    );
  }
}

/** Why a directory cannot be read; undefined if it can. */
export function whyNotReadable(directory: string): string | undefined {
  try {
    if (!statSync(directory).isDirectory()) return "is not a directory";
    accessSync(directory, constants.R_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return ["ENOENT", "ENOTDIR"].includes(systemCodeOf(error) ?? "") ? "does not exist" : "cannot be read";
  }
}

/** Why there cannot be a file or directory at a path, whether it exists or not; undefined if there can. */
export function whyNotAt(path: string, kind: "file" | "directory"): string | undefined {
  const there = kindAt(path);
  if (there !== undefined) return there === kind ? undefined : `${path} is a ${there}; a ${kind} is needed`;
  const above = dirname(path);
  return above === path ? undefined : whyNotAt(above, "directory");
}

/** Undefined if nothing is visible there. Links are followed. */
function kindAt(path: string): "file" | "directory" | undefined {
  const facts = unlessThrown(() => statSync(path, { throwIfNoEntry: false }));
  return facts && (facts.isDirectory() ? "directory" : "file");
}
