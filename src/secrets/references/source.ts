import { limits } from "../../catalogue/limits.js";
import type { Content } from "../../catalogue/params.js";
import { type ToolError, unusable } from "../../lib/tool-error.js";
import { fittingText } from "../vault/fitting-text.js";
import type { Vault } from "../vault/vault.js";
import type { Directories } from "./directories.js";
import type { environmentSource } from "./environment.js";
import { type ReadFile, readAllowed } from "./files.js";
import type { OwnSecrets } from "./own-secrets.js";
import type { PlainReference } from "./syntax.js";

export interface FetchedReference {
  readonly bytes: Buffer;
  /** Origin of the bytes; contains no secret. */
  readonly source: string;
  readonly readableByOthers: boolean;
}

/** The three sources that a reference can name. */
export interface ReferenceSources {
  readonly directories: Directories;
  readonly environment: ReturnType<typeof environmentSource>;
  /** Whether callers reach this server over the network. */
  readonly remoteCallers: boolean;
  readonly vault: Vault;
  /** Vaults of the same caller in other accounts; none if absent. */
  readonly others?: readonly OtherVault[] | undefined;
  /** What no reference may send; absent where the program has no secrets. */
  readonly ownSecrets?: OwnSecrets | undefined;
}

/** The vault of the same caller in another account: it tells only that something is kept there. */
export interface OtherVault {
  /** The account's. */
  readonly name: string;
  within<Found>(work: (context: { readonly vault: Pick<Vault, "fetch"> }) => Promise<Found>): Promise<Found>;
}

const PEM_LIMIT = limits.reference.bytes;
const LETTER_LIMIT = 2 * 1024 * 1024;

/** @throws {ToolError} if there is nothing, if it may not be read, or if it is one of the program's own secrets */
export async function fetchReference(
  reference: PlainReference,
  content: Content,
  sources: ReferenceSources,
): Promise<FetchedReference> {
  const found = await read(reference, content, sources);
  // After the file itself was looked at: a copy of a secret is found by what it holds.
  await sources.ownSecrets?.refuseContent(found.source, found.bytes);
  return found;
}

async function read(reference: PlainReference, content: Content, sources: ReferenceSources): Promise<FetchedReference> {
  switch (reference.kind) {
    case "file": {
      const limit = content === "letter" ? LETTER_LIMIT : PEM_LIMIT;
      const { path, bytes, readableByOthers, identity } = await readEither(reference, limit, sources.directories);
      await sources.ownSecrets?.refuseFile(path, identity);
      return { bytes, source: `file:${path}`, readableByOthers };
    }
    case "env": {
      const bytes = Buffer.from(sources.environment.read(reference.name));
      if (bytes.length > PEM_LIMIT) {
        throw unusable(
          `${reference.name} has ${bytes.length} bytes; at most ${PEM_LIMIT} are read.`,
          "Name the right one.",
        );
      }
      return { bytes, source: `env:${reference.name}`, readableByOthers: false };
    }
    case "vault": {
      const part = reference.part === undefined ? "" : `#${reference.part}`;
      const source = `vault:${reference.id}${part}`;
      const entry = await sources.vault.fetch(source);
      if (entry === undefined) throw await noEntry(source, sources);
      return { bytes: Buffer.from(fittingText(entry, content, reference.part)), source, readableByOthers: false };
    }
  }
}

/** Tries the path as written, then decoded; if both fail, throws the first error. */
async function readEither(
  { path, decoded }: Extract<PlainReference, { kind: "file" }>,
  limit: number,
  directories: Directories,
): Promise<ReadFile> {
  try {
    return await readAllowed(directories, path, limit);
  } catch (error) {
    if (decoded === undefined || decoded === path) throw error;
    return readAllowed(directories, decoded, limit).catch(() => {
      throw error;
    });
  }
}

/**
 * The refusal of a reference that the vault does not hold. The id is not repeated, because an unknown id may be any text.
 */
export async function noEntry(
  reference: string,
  { vault, others = [] }: Pick<ReferenceSources, "vault" | "others">,
): Promise<ToolError> {
  for (const { name, within } of others) {
    // An account that cannot be opened has nothing in a vault.
    const kept = await within((context) => context.vault.fetch(reference)).catch(() => undefined);
    if (kept === undefined) continue;
    return unusable(
      `it is kept for another account (${name}), and each account has a vault of its own.`,
      `Call save_to_file with account ${name}, then pass the file as file: here. Where files are not allowed, ask the operator.`,
    );
  }
  return unusable(
    vault.wasEvicted(reference)
      ? "the vault held it and dropped it to make room for later reads."
      : "nothing is in the vault under that id: it was never kept, or the server was restarted.",
    "Look at list_vault, and read the secret from the cloud again where it is missing.",
  );
}
