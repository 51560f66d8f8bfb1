import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whatever the tests put into the directory for temporary files goes into one that is removed after the last of them. */
export default function (): () => void {
  const folder = mkdtempSync(join(tmpdir(), "cc-"));
  // Some of them look into it as somebody else.
  chmodSync(folder, 0o711);
  process.env.TMPDIR = folder;
  // A database that ended with its worker may write a last time.
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}
