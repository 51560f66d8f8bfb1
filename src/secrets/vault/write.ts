import { constants, type FileHandle, lstat, open, unlink } from "node:fs/promises";
import { join } from "node:path";
import { ToolError } from "../../lib/tool-error.js";
import { type Directories, fileErrorCode, placeOf } from "../references/directories.js";
import { refused } from "../references/refuse.js";

export interface NewFile {
  readonly name: string;
  readonly data: string | Buffer;
}

/** Creates, and never opens what is there, be it a file or a link. Windows has no O_NOFOLLOW. */
const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

/** Writes all of the files or, where one cannot be written, none. */
export async function writeNewFiles(directories: Directories, place: string, files: readonly NewFile[]): Promise<void> {
  const created: Created[] = [];
  try {
    for (const { name, data } of files) {
      const file = await create(join(place, name));
      created.push(file);
      await checkPlace(directories, file);
      await file.handle.writeFile(data);
      await file.handle.sync();
    }
  } catch (error) {
    await Promise.all(created.map(remove));
    if (error instanceof ToolError) throw error;
    throw refused(
      `${place} cannot be written to: ${fileErrorCode(error)}. No file was left there.`,
      "Look at its free space.",
    );
  } finally {
    await Promise.all(created.map(({ handle }) => handle.close()));
  }
}

interface Created {
  readonly path: string;
  readonly handle: FileHandle;
}

async function create(path: string): Promise<Created> {
  try {
    return { path, handle: await open(path, FLAGS, 0o600) };
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === "EEXIST") throw existsAlready(path);
    if (code === "ENOTDIR") throw refused(`${path} is not in a directory.`, "Name a directory.");
    throw refused(`${path} cannot be written: ${code}.`, "Look at the directory's permissions, or name another one.");
  }
}

/** Nothing is written over. */
export function existsAlready(path: string): ToolError {
  return refused(`${path} exists already, and is not written over.`, "Choose another name or directory.");
}

/** Before the first byte: the directory may have been swapped for a link since it was looked at. */
async function checkPlace(directories: Directories, { handle, path }: Created): Promise<void> {
  const real = await placeOf(handle, path);
  if (real === path && directories.contain(real)) return;
  throw refused(`${path} was moved while it was being written.`, "Call again once nothing changes there.");
}

/** Only while the path still leads to the file that was made here. */
async function remove({ path, handle }: Created): Promise<void> {
  const [made, there] = await Promise.all([
    handle.stat({ bigint: true }),
    lstat(path, { bigint: true }).catch(() => undefined),
  ]);
  if (there?.ino === made.ino && there.dev === made.dev) await unlink(path);
}
