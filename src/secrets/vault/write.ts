import { access, constants, type FileHandle, lstat, open, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ToolError, unusable } from "../../lib/tool-error.js";
import { type Directories, fileErrorCode, realPathOfOpen } from "../references/directories.js";

export interface NewFile {
  readonly name: string;
  readonly data: string | Buffer;
}

/** Creates a file and never opens an existing one, be it a file or a link. Windows has no O_NOFOLLOW. */
const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

/**
 * Checks that files can be created in a directory, before a person is asked.
 * @throws {ToolError} if not
 */
export async function checkWritable(place: string): Promise<void> {
  if (!(await stat(place)).isDirectory()) throw noDirectory(place);
  await access(place, constants.W_OK | constants.X_OK).catch((error) => {
    throw notWritable(place, error);
  });
}

/** Writes all of the files, or none if one cannot be written. */
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
    await Promise.all(created.map(removeCreated));
    if (error instanceof ToolError) throw error;
    throw unusable(
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
    if (code === "ENOTDIR") throw noDirectory(dirname(path));
    throw notWritable(path, error);
  }
}

const noDirectory = (path: string) => unusable(`${path} is not a directory.`, "Name a directory.");

function notWritable(path: string, error: unknown): ToolError {
  const next = "Look at the directory's permissions, or name another one.";
  return unusable(`${path} cannot be written: ${fileErrorCode(error)}.`, next);
}

export function existsAlready(path: string): ToolError {
  return unusable(`${path} already exists and is not overwritten.`, "Choose another name or directory.");
}

/** Checked before the first byte: the directory may have been replaced by a link in the meantime. */
async function checkPlace(directories: Directories, { handle, path }: Created): Promise<void> {
  const real = await realPathOfOpen(handle, path);
  if (real === path && directories.contains(real)) return;
  throw unusable(`${path} was moved while it was being written.`, "Call again once nothing changes there.");
}

/** Removes the file only if the path still leads to the one created here. */
async function removeCreated({ path, handle }: Created): Promise<void> {
  const [createdFile, onDisk] = await Promise.all([
    handle.stat({ bigint: true }),
    lstat(path, { bigint: true }).catch(() => undefined),
  ]);
  if (onDisk?.ino === createdFile.ino && onDisk.dev === createdFile.dev) await unlink(path);
}
