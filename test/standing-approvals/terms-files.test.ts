import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ToolError } from "../../src/lib/tool-error.js";
import { TermsFiles } from "../../src/standing-approvals/terms-files.js";

const home = () => mkdtempSync(join(tmpdir(), "cc-terms-"));
const failure = (failing: Promise<unknown>) => failing.then(String, (error: unknown) => error);

/** A link to itself: not even root can read through it. */
function unreadableFolder(): string {
  const folder = join(home(), "standing-approvals");
  symlinkSync(folder, folder);
  return folder;
}

it("what the system refuses is the operator's to mend, and no defect of this program", async () => {
  const folder = unreadableFolder();
  const terms = new TermsFiles(folder);
  for (const failing of [terms.read(), terms.key(), terms.keyToWrite(), terms.write("sa-0badc0de", "{}")]) {
    const error = await failure(failing);
    expect(error).toBeInstanceOf(ToolError);
    expect(error).toMatchObject({ details: { kind: "configuration", changed: "no", sent: false } });
    expect(String(error)).toContain(`The standing approvals in ${folder} cannot be`);
    expect(String(error)).toContain("ELOOP");
  }
});

it("a single file that cannot be read is not left out: it may be one that was revoked", async () => {
  const folder = home();
  mkdirSync(join(folder, "sa-0badc0de.json"));
  expect(String(await failure(new TermsFiles(folder).read()))).toContain("cannot be read: EISDIR");
});

it("there are none without a directory, nor below a file, where none can be", async () => {
  const file = join(home(), "file");
  writeFileSync(file, "");
  for (const folder of [join(home(), "none"), join(file, "standing-approvals")]) {
    const terms = new TermsFiles(folder);
    expect([await terms.read(), await terms.key()]).toEqual([[], undefined]);
  }
});
