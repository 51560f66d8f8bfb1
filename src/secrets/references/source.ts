import { limits } from "../../catalogue/limits.js";
import type { Content } from "../../catalogue/params.js";
import { unusable } from "../../lib/tool-error.js";
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
  readonly exposed: boolean;
}

/** The three sources that a reference can name. */
export interface ReferenceSources {
  readonly directories: Directories;
  readonly environment: ReturnType<typeof environmentSource>;
  /** Whether callers are people elsewhere. */
  readonly elsewhere: boolean;
  readonly vault: Vault;
  /** What no reference may send; absent where the program has no secrets. */
  readonly own?: OwnSecrets | undefined;
}

const PEM_LIMIT = limits.reference.bytes;
const LETTER_LIMIT = 2 * 1024 * 1024;

/** @throws {ToolError} if there is nothing, if it may not be read, or if it is one of the program's own secrets */
export async function fetchReference(
  reference: PlainReference,
  content: Content,
  places: ReferenceSources,
): Promise<FetchedReference> {
  const found = await fetched(reference, content, places);
  // After the file itself was looked at: a copy of a secret is found by what it holds.
  await places.own?.refuseContent(found.source, found.bytes);
  return found;
}

async function fetched(
  reference: PlainReference,
  content: Content,
  places: ReferenceSources,
): Promise<FetchedReference> {
  switch (reference.kind) {
    case "file": {
      const limit = content === "letter" ? LETTER_LIMIT : PEM_LIMIT;
      const { path, bytes, exposed, identity } = await readEither(reference, limit, places.directories);
      await places.own?.refuseFile(path, identity);
      return { bytes, source: `file:${path}`, exposed };
    }
    case "env": {
      const bytes = Buffer.from(places.environment.read(reference.name));
      if (bytes.length > PEM_LIMIT) {
        throw unusable(
          `${reference.name} has ${bytes.length} bytes; at most ${PEM_LIMIT} are read.`,
          "Name the right one.",
        );
      }
      return { bytes, source: `env:${reference.name}`, exposed: false };
    }
    case "vault": {
      const part = reference.part === undefined ? "" : `#${reference.part}`;
      const source = `vault:${reference.id}${part}`;
      const entry = await places.vault.fetch(source);
      if (entry === undefined) throw gone(places.vault.hasLetGo(source));
      return { bytes: Buffer.from(fittingText(entry, content, reference.part)), source, exposed: false };
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

/** The id is not repeated, because an unknown id may be any text. @param letGo whether the vault held it before */
export const gone = (letGo: boolean) =>
  unusable(
    letGo
      ? "the vault held it and dropped it to make room for later reads."
      : "nothing is in the vault under that id: it was never kept, or the server was restarted.",
    "Look at list_vault, and read the secret from the cloud again where it is missing.",
  );
