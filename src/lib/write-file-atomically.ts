import { randomUUID } from "node:crypto";
import { constants, copyFile, link, rename, rm, writeFile } from "node:fs/promises";
import { systemCodeOf } from "./failure.js";
import { inQuotes, safe } from "./safe-text.js";

/** File systems without hard links. */
const unlinkable: ReadonlySet<string> = new Set(["EPERM", "ENOTSUP", "ENOSYS", "EOPNOTSUPP", "EMLINK"]);

/**
 * Writes a file that is there as a whole or not at all.
 * @param mode who may read it; by default everybody, so it must hold no secret
 * @throws an error with code EEXIST if there is one already and `overwrite` is false
 */
export async function writeFileAtomically(
  path: string,
  content: string | Buffer,
  overwrite: boolean,
  mode = 0o644,
): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, content, { flag: "wx", mode });
    if (overwrite) await rename(temporary, path);
    else await linkOrCopy(temporary, path);
  } catch (error) {
    // The caller knows only the file that it asked for.
    if (error instanceof Error) error.message = error.message.replaceAll(temporary, path);
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** For a person who asked for a file. */
export const alreadyThere = (path: string) => safe`${inQuotes(path)} is there already; --force replaces it.`;

/** Whether the file system refused something, for whatever reason. */
export function isFileSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && "code" in error;
}

/** A link fails if there is a file, even one that has come meanwhile; a rename would replace it. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!unlinkable.has(systemCodeOf(error) ?? "")) throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL);
  }
}
