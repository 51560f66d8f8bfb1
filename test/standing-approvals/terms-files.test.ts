import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ToolError } from "../../src/lib/tool-error.js";
import { TermsFiles } from "../../src/standing-approvals/terms-files.js";

const home = () => mkdtempSync(join(tmpdir(), "cc-terms-"));
const failure = (failing: Promise<unknown>): Promise<unknown> => failing.then(String, (error: unknown) => error);

/** A link to itself: not even root can read through it. */
function unreadableFolder(): string {
  const folder = join(home(), "standing-approvals");
  symlinkSync(folder, folder);
  return folder;
}

it("what the system refuses is the operator's to mend, and no defect of this program", async () => {
  const folder = unreadableFolder();
  const terms = new TermsFiles(folder);
  const all = [terms.read(), terms.key(), terms.keyToWrite(), terms.write("sa-0badc0de", "{}")];
  for (const error of await Promise.all(all.map(failure))) {
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

it("a key that was cut short is none: MACs made with it would prove nothing", async () => {
  const folder = home();
  writeFileSync(join(folder, "mac.key"), "");
  const terms = new TermsFiles(folder);
  // As a missing one: what was given with it is void, and everything else goes on.
  expect(await terms.key()).toBeUndefined();
  const error = await failure(terms.keyToWrite());
  expect(error).toMatchObject({ details: { kind: "configuration", changed: "no", sent: false } });
  expect(String(error)).toContain("is damaged: it has 0 bytes instead of 32");
  expect(readFileSync(join(folder, "mac.key"))).toHaveLength(0);
});

it("the key is created once, whole, however many processes need it at the same time", async () => {
  const folder = home();
  const keys = await Promise.all(Array.from({ length: 5 }, () => new TermsFiles(folder).keyToWrite()));
  expect(new Set(keys.map((key) => key.toString("hex"))).size).toBe(1);
  expect(await new TermsFiles(folder).key()).toEqual(keys[0]);
  expect(keys[0]).toHaveLength(32);
  expect(readdirSync(folder)).toEqual(["mac.key"]);
});

it("there are none without a directory, nor below a file, where none can be", async () => {
  const file = join(home(), "file");
  writeFileSync(file, "");
  for (const folder of [join(home(), "none"), join(file, "standing-approvals")]) {
    const terms = new TermsFiles(folder);
    expect([await terms.read(), await terms.key()]).toEqual([[], undefined]);
  }
});
