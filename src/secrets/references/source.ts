import { limits } from "../../catalogue/limits.js";
import type { Content } from "../../catalogue/params.js";
import { fittingText } from "../vault/parts.js";
import type { Vault } from "../vault/vault.js";
import type { Directories } from "./directories.js";
import type { EnvironmentSource } from "./environment.js";
import { type ReadFile, readAllowed } from "./files.js";
import type { PlainReference } from "./grammar.js";
import { refused } from "./refuse.js";

/** What a reference led to. */
export interface FetchedReference {
  readonly bytes: Buffer;
  /** Where it was found; holds no secret. */
  readonly source: string;
  readonly exposed: boolean;
}

/** The three places that a reference can name. */
export interface Places {
  readonly directories: Directories;
  readonly environment: EnvironmentSource;
  readonly vault: Vault;
}

const PEM_LIMIT = limits.reference.bytes;
const LETTER_LIMIT = 2 * 1024 * 1024;

export async function fetchReference(
  reference: PlainReference,
  content: Content,
  places: Places,
): Promise<FetchedReference> {
  switch (reference.kind) {
    case "file": {
      const limit = content === "letter" ? LETTER_LIMIT : PEM_LIMIT;
      const { path, bytes, exposed } = await readEither(reference, limit, places.directories);
      return { bytes, source: `file:${path}`, exposed };
    }
    case "env": {
      const bytes = Buffer.from(places.environment.read(reference.name));
      if (bytes.length > PEM_LIMIT) {
        throw refused(
          `${reference.name} has ${bytes.length} bytes; at most ${PEM_LIMIT} are read.`,
          "Name the right one.",
        );
      }
      return { bytes, source: `env:${reference.name}`, exposed: false };
    }
    case "vault": {
      const part = reference.part === undefined ? "" : `#${reference.part}`;
      const source = `vault:${reference.id}${part}`;
      const entry = places.vault.find(source);
      if (entry === undefined) throw gone(places.vault.hasLetGo(source));
      return { bytes: Buffer.from(fittingText(entry, content, reference.part)), source, exposed: false };
    }
  }
}

/** As written, else decoded; of two failures the first counts. */
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

/** The id is not repeated: what was never kept may be anything. @param letGo whether it was held before */
export const gone = (letGo: boolean) =>
  refused(
    letGo
      ? "the vault held it, and had to let it go to make room for what was read later."
      : "nothing is in the vault under that id: it was never kept, or the server was started again.",
    "Look at list_vault, and read the secret from the cloud again where it is missing.",
  );
