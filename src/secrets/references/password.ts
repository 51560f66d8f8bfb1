import { blockText } from "./blocks.js";
import { refused } from "./refuse.js";

const LONGEST = 1024;

/** One line of text, without a trailing newline. */
export function passwordIn(bytes: Buffer): string {
  const password = blockText(bytes).replace(/\r?\n$/, "");
  // Also keeps a key file from being sent to a cloud as a password.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are to be found
  if (password === "" || password.length > LONGEST || /[\u0000-\u001f\u007f\ufffd]|-----BEGIN /.test(password)) {
    throw refused(
      `it is not a password: one line of text, 1 to ${LONGEST} characters, is expected.`,
      "Name a file or variable that holds the password and nothing else.",
    );
  }
  return password;
}
