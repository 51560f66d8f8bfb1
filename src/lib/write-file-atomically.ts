import { randomUUID } from "node:crypto";
import { chmod, chown, constants, copyFile, link, rename, rm, stat, writeFile } from "node:fs/promises";
import { systemCodeOf, unlessMissing } from "./failure.js";
import { inQuotes, safe } from "./safe-text.js";

/** File systems without hard links. */
const noHardLinks: ReadonlySet<string> = new Set(["EPERM", "ENOTSUP", "ENOSYS", "EOPNOTSUPP", "EMLINK"]);

/**
 * Writes a file that is there as a whole or not at all.
 * @param mode who may read it; by default everybody, so it must hold no secret
 * @param prepare what else is done to the file before it is there
 * @throws an error with code EEXIST if there is one already and `overwrite` is false
 */
export async function writeFileAtomically(
  path: string,
  content: string | Buffer,
  overwrite: boolean,
  mode = 0o644,
  prepare: (temporary: string) => Promise<void> = async () => {},
): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, content, { flag: "wx", mode });
    await prepare(temporary);
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

/**
 * The same for a file that other users' programs read: a file that is replaced keeps its owner, group and mode.
 * @param mode for a new file
 * @throws an error with code EPERM if another user owns it, and this one may not give files away
 */
export async function replaceFileAtomically(path: string, content: string, mode: number): Promise<void> {
  const before = await unlessMissing(stat(path), undefined);
  await writeFileAtomically(path, content, true, mode, async (temporary) => {
    if (before === undefined) return;
    const made = await stat(temporary);
    if (made.uid !== before.uid || made.gid !== before.gid) await chown(temporary, before.uid, before.gid);
    await chmod(temporary, before.mode & 0o777);
  });
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
    if (!noHardLinks.has(systemCodeOf(error) ?? "")) throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL);
  }
}
