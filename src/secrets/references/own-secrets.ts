import { constants } from "node:fs";
import { type FileHandle, open, realpath, stat } from "node:fs/promises";
import { decodeText } from "../../lib/decode-text.js";
import type { EnvironmentVariables } from "../../lib/environment.js";
import { readAt } from "../../lib/read-file-range.js";
import { partsOfReference } from "../../lib/read-secret-reference.js";
import { type ToolError, unusable } from "../../lib/tool-error.js";
import { decodingsOf, encodedFormsOf } from "../redaction/decodings.js";
import { SHORTEST_SECRET } from "../redaction/stripped-text.js";
import { isInside } from "./directories.js";

export interface OwnSecretsOptions {
  /** Every secret that a setting of this process names: `env:NAME` or `file:/PATH`, those of all accounts. */
  readonly references: readonly string[];
  /** Their variables, and all others that are for the program alone. */
  readonly variables: ReadonlySet<string>;
  /** What they were when the program started, and its other secrets. */
  readonly secrets: readonly string[];
  readonly env: EnvironmentVariables;
  /** Files that settings name without `file:`. */
  readonly files: readonly string[];
  /** Where the program keeps what it remembers, its keys among it. */
  readonly folders: readonly string[];
}

/** A file that was opened. */
export interface FileIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
}

/** More than any credential has. Of a longer file, only this much is decoded; the rest is compared as it is written. */
const MAX_BYTES = 64 * 1024;

/**
 * The program's own secrets: the credentials of all accounts, and all other secrets that its settings name. No reference
 * in a call may send one of them to a cloud, whether it names the variable, the file, or a copy of either.
 */
export class OwnSecrets {
  readonly #options: OwnSecretsOptions;

  constructor(options: OwnSecretsOptions) {
    this.#options = options;
  }

  /** The variables that no call may name. */
  get variables(): ReadonlySet<string> {
    return this.#options.variables;
  }

  /** @throws {ToolError} if the file, opened at this real path, is one of the program's own */
  async refuseFile(path: string, { dev, ino }: FileIdentity): Promise<void> {
    const { folders, files } = this.#options;
    for (const folder of folders) {
      const real = await realpath(folder).catch(() => undefined);
      if (real !== undefined && isInside(real, path)) throw ownSecretRefused(path);
    }
    for (const file of [...files, ...this.#namedFiles()]) {
      // Another name of the same file, such as a link, is no other file.
      const there = await stat(file, { bigint: true }).catch(() => undefined);
      if (there?.dev === dev && there.ino === ino) throw ownSecretRefused(path);
    }
  }

  /**
   * @param source what the reference names, for the refusal
   * @throws {ToolError} if a secret, as it is now, is part of what the reference was resolved to, in whatever writing
   */
  async refuseContent(source: string, bytes: Buffer): Promise<void> {
    const { secrets, references, env } = this.#options;
    const variables = references.map((each) => env[partsOfReference(each).variable ?? ""] ?? "");
    const decodings = decodingsOf(decodeText(bytes.subarray(0, MAX_BYTES)));
    const contains = (text: string) =>
      bytes.includes(text) || encodedFormsOf(text).some((form) => decodings.some((each) => each.includes(form)));
    const containsAny = (texts: readonly string[]) =>
      texts
        // The setting for the key of the state may hold several.
        .flatMap((text) => text.split(/\s+/))
        // Of a shorter one, a refusal would confirm the guess of a word.
        .some((text) => text.length >= SHORTEST_SECRET && contains(text));
    if (containsAny([...secrets, ...variables])) throw ownSecretRefused(source);
    // Read again, because secrets are rotated while the program runs.
    for (const file of this.#namedFiles()) if (containsAny([await textOf(file)])) throw ownSecretRefused(source);
  }

  #namedFiles(): readonly string[] {
    return this.#options.references.flatMap((each) => partsOfReference(each).file ?? []);
  }
}

function ownSecretRefused(source: string): ToolError {
  return unusable(
    `${source} holds a setting or a credential of this server, which no call may use.`,
    "Name one that holds nothing else than what the call is to send.",
  );
}

/** Waits for no other end of a FIFO: the operator may have named one, for the start alone. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Empty for a file that cannot be read: what cannot be compared is refused by its identity alone. */
async function textOf(path: string): Promise<string> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, FLAGS);
    return (await file.stat()).isFile() ? (await readAt(file, 0, MAX_BYTES)).toString("utf8").trim() : "";
  } catch {
    return "";
  } finally {
    await file?.close();
  }
}
