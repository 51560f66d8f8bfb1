import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, type Stats, writeSync } from "node:fs";
import { join } from "node:path";
import { isatty } from "node:tty";

/** Terminals by the names that Linux, macOS and the BSDs give them; /dev/tty is whatever its reader's terminal is. */
const terminal = /^\/dev\/(?:pts\/\d{1,9}|tty[A-Za-z0-9]{1,16})$/;

/** Neither waits for a terminal that is stopped, nor becomes its process, nor follows a link. */
const FLAGS = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY | constants.O_NOFOLLOW;

/** The device of the terminal that this process runs in; undefined when it has none of its own. */
export function ownDevice(): string | undefined {
  for (const descriptor of [0, 1, 2]) {
    const found = isatty(descriptor) ? deviceOf(fstatSync(descriptor)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Writes to a terminal of the user that this process runs as.
 * @returns false when the path is not that of one, or it does not take the text at once
 */
export function writeToTerminal(path: string, text: string): boolean {
  if (!terminal.test(path)) return false;
  let descriptor: number | undefined;
  try {
    // Looked at before it is opened as well: opening some devices has effects.
    if (!isOurs(lstatSync(path))) return false;
    descriptor = openSync(path, FLAGS);
    if (!isOurs(fstatSync(descriptor)) || !isatty(descriptor)) return false;
    const bytes = Buffer.from(text);
    return writeSync(descriptor, bytes) === bytes.length;
  } catch {
    return false;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function isOurs(stat: Stats): boolean {
  return stat.isCharacterDevice() && stat.uid === process.getuid?.();
}

/** Node has no ttyname(): the device is looked for by its number. */
function deviceOf({ rdev }: Stats): string | undefined {
  return ["/dev/pts", "/dev"]
    .flatMap((directory) => namesIn(directory).map((name) => join(directory, name)))
    .filter((path) => terminal.test(path))
    .find((path) => {
      const stat = lstatSync(path, { throwIfNoEntry: false });
      return stat?.isCharacterDevice() && stat.rdev === rdev;
    });
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
