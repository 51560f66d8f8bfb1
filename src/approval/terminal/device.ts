import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, type Stats, writeSync } from "node:fs";
import { join } from "node:path";
import { isatty } from "node:tty";
import { unlessThrown } from "../../lib/failure.js";

/** Terminal names of Linux, macOS and the BSDs. Not /dev/tty, which differs for each process. */
const terminal = /^\/dev\/(?:pts\/\d{1,9}|tty[A-Za-z0-9]{1,16})$/;

/** Does not wait for a stopped terminal, make it the controlling one, or follow a link. */
const FLAGS = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY | constants.O_NOFOLLOW;

/** The device of this process's terminal; undefined if there is none. */
export function ownDevice(): string | undefined {
  const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));
  return terminals.map((descriptor) => deviceOf(fstatSync(descriptor))).find((device) => device !== undefined);
}

/**
 * Writes to a terminal of this process's user.
 * @returns false if the path is not such a terminal or it does not take the text at once
 */
export function writeToTerminal(path: string, text: string): boolean {
  if (!terminal.test(path)) return false;
  let descriptor: number | undefined;
  try {
    // Checked before opening too: opening some devices has side effects.
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

/** Node has no ttyname(), so search by device number. */
function deviceOf({ rdev }: Stats): string | undefined {
  return ["/dev/pts", "/dev"]
    .flatMap((directory) => namesIn(directory).map((name) => join(directory, name)))
    .filter((path) => terminal.test(path))
    .find((path) => {
      const stat = lstatSync(path, { throwIfNoEntry: false });
      return stat?.isCharacterDevice() && stat.rdev === rdev;
    });
}

const namesIn = (directory: string) => unlessThrown(() => readdirSync(directory)) ?? [];
