import { mkdtempSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { keyDigest, makeKeyPair, readSigningKey, readVerifyingKey } from "../../src/evidence/keys.js";

const freshFolder = () => mkdtempSync(join(tmpdir(), "cc-keys-"));

describe("a key pair", () => {
  it("is there as a whole, the private key for its owner alone", async () => {
    const folder = freshFolder();
    const path = join(folder, "key.pem");
    const digest = await makeKeyPair(path);
    expect(keyDigest(await readVerifyingKey(`${path}.pub`))).toBe(digest);
    await readSigningKey(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).toSorted()).toEqual(["key.pem", "key.pem.pub"]);
  });

  it.each(["key.pem", "key.pem.pub"])("replaces no file, and leaves no part of itself beside %s", async (name) => {
    const folder = freshFolder();
    writeFileSync(join(folder, name), "");
    await expect(makeKeyPair(join(folder, "key.pem"))).rejects.toThrow(`${join(folder, name)} is there already`);
    expect(readdirSync(folder)).toEqual([name]);
  });
});
