import { realpathSync } from "node:fs";
import { readlink, realpath } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { systemCodeOf, unlessMissing } from "../../lib/failure.js";
import { whyNotReadable } from "../../lib/paths.js";
import { type ToolError, unusable } from "../../lib/tool-error.js";

/** The directories that the operator named: files below them may be read, and written after approval. */
export class Directories {
  readonly #roots: readonly Root[];
  /** Directories that could not be read when the server started, with the reason. */
  readonly #missing: readonly string[];
  readonly #remoteCallers: boolean;

  /**
   * A missing directory affects only the files below it.
   * @param remoteCallers whether callers reach this server over the network: no setting names directories for them
   */
  constructor(directories: readonly string[], remoteCallers = false) {
    this.#remoteCallers = remoteCallers;
    const found = directories.map((directory) => ({ directory, fault: whyNotReadable(directory) }));
    this.#roots = found.flatMap(({ directory, fault }) => (fault === undefined ? [rootAt(directory)] : []));
    this.#missing = found.flatMap(({ directory, fault }) => (fault === undefined ? [] : [`${directory} ${fault}`]));
  }

  /** The directories as real paths. */
  get paths(): readonly string[] {
    return this.#roots.map(({ real }) => real);
  }

  /** Whether a real path is one of them or below one. */
  contains(realPath: string): boolean {
    return this.#roots.some(({ real }) => isInside(real, realPath));
  }

  /**
   * The real path of an existing file or directory below one of them. A relative path is tried in each directory,
   * because the caller does not know where the server was started. Only paths written as inside a directory touch the
   * disk: a reply must not reveal what exists elsewhere.
   */
  async find(path: string): Promise<string> {
    const inside = this.#candidates(path).filter((candidate) => this.#isNamed(candidate));
    if (inside.length === 0) throw this.#outside(`${path} is outside the directories that the operator named.`);
    for (const candidate of inside) {
      const real = await realPathOf(candidate, path);
      if (real === undefined) continue;
      if (this.contains(real)) return real;
      throw this.#outside(
        `${path} is a link that leads out of the directories that the operator named.`,
        " Or ask the operator to allow (--files) the directory that holds the link and what it leads to, as /etc/letsencrypt does with Certbot's live and archive.",
      );
    }
    throw unusable(
      `${path} does not exist.`,
      `Look at the spelling. Looked in: ${this.paths.join(", ")}.${this.#notLookedIn()}`,
    );
  }

  #candidates(path: string): string[] {
    if (this.#roots.length > 0)
      return isAbsolute(path) ? [resolve(path)] : this.#roots.map(({ real }) => join(real, path));
    if (this.#remoteCallers) {
      throw unusable(
        "files are not available here: the operator's rules name no directory for the person who calls.",
        fromVault,
      );
    }
    if (this.#missing.length > 0) {
      throw unusable(
        `no file can be read here: ${this.#missing.join("; ")} (--files).`,
        "Use env: or vault:, or ask the operator to provide the directory and to restart the server.",
      );
    }
    throw unusable(
      "files are not available here: the operator has not named a directory.",
      "Use env: or vault:, or ask the operator to start the server with --files DIR.",
    );
  }

  #isNamed(path: string): boolean {
    return this.#roots.some(({ written, real }) => isInside(written, path) || isInside(real, path));
  }

  #outside(happened: string, orElse = ""): ToolError {
    return unusable(happened, `Name a path below ${this.paths.join(" or ")}.${orElse}${this.#notLookedIn()}`);
  }

  #notLookedIn(): string {
    return this.#missing.length === 0 ? "" : ` Not looked in: ${this.#missing.join("; ")}.`;
  }
}

/** What remote callers can do instead of naming files and variables of the server. */
export const fromVault =
  "Use a vault: reference, of what an earlier call returned or a person uploaded on the team's page.";

interface Root {
  readonly written: string;
  readonly real: string;
}

function rootAt(directory: string): Root {
  const written = resolve(directory);
  return { written, real: realpathSync(written) };
}

/** Whether a real path is `root` or below it. */
export function isInside(root: string, path: string): boolean {
  const fromRoot = relative(root, path);
  return fromRoot !== ".." && !fromRoot.startsWith(`..${sep}`) && !isAbsolute(fromRoot);
}

async function realPathOf(path: string, asGiven: string): Promise<string | undefined> {
  try {
    return await unlessMissing(realpath(path), undefined);
  } catch (error) {
    const why = fileErrorCode(error);
    throw unusable(`${asGiven} cannot be reached: ${why}.`, "Look at its permissions, or name another path.");
  }
}

/**
 * Real path of an open file. Linux reports it for the handle; elsewhere the path is resolved once more, and the
 * caller compares the file found there with the open one.
 */
export async function realPathOfOpen(handle: { readonly fd: number }, path: string): Promise<string> {
  return readlink(`/proc/self/fd/${handle.fd}`).catch(() => realpath(path));
}

/** The system's name for an error, such as EACCES. */
export function fileErrorCode(error: unknown): string {
  return systemCodeOf(error) ?? "unknown error";
}
