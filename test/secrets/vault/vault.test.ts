import { createHash, createPublicKey } from "node:crypto";
import { describe, expect, it } from "vitest";
import { describeEntry } from "../../../src/secrets/vault/describe.js";
import { Vault } from "../../../src/secrets/vault/vault.js";
import { sharedMaterial } from "../references/support.js";
import { archiveOf, entryOf } from "./support.js";

const made = sharedMaterial();
const sha256 = createHash("sha256")
  .update(createPublicKey(made.key).export({ type: "spki", format: "der" }))
  .digest("hex");

describe("Vault", () => {
  it("gives back what it keeps, under a name that cannot be guessed", () => {
    const vault = new Vault();
    const references = ["a", "b", "c"].map((text) => vault.keep(entryOf("password", text)));
    expect(new Set(references).size).toBe(3);
    for (const reference of references) expect(reference).toMatch(/^vault:[A-Za-z0-9_-]{22}$/);
    expect(references.map((reference) => vault.find(reference)?.text)).toEqual(["a", "b", "c"]);
    expect(vault.find(`${references[0]}#key`)?.text).toBe("a");
    expect(vault.find("vault:AAAAAAAAAAAAAAAAAAAAAA")).toBeUndefined();
  });

  it("lists what may be known of a key, and never the key", () => {
    const vault = new Vault({ now: () => new Date("2026-07-01T00:00:00Z") });
    const reference = vault.keep(entryOf("private key", made.key, "abcd1234"));
    expect(vault.list()).toEqual([
      {
        reference,
        content: "private key",
        from: "DescribeCertificateDetail, Member",
        owner: "abcd1234",
        keptAt: "2026-07-01T00:00:00.000Z",
        bytes: made.key.length,
        key: { type: "RSA 2048", publicKeySha256: sha256 },
      },
    ]);
  });

  it("lists the parts of an archive", () => {
    const vault = new Vault();
    const reference = vault.keep(entryOf("archive", archiveOf(made)));
    const [listing] = vault.list();
    expect(listing?.parts).toEqual(["key", "leaf", "chain", "fullchain"].map((part) => `${reference}#${part}`));
    expect(listing?.key?.publicKeySha256).toBe(sha256);
    expect(listing?.certificate).toMatchObject({ names: ["www.example.com"], publicKeySha256: sha256 });
    expect(JSON.stringify(vault.list())).not.toMatch(/PRIVATE KEY|MII/);
  });

  it("lists a password without its length", () => {
    const vault = new Vault();
    vault.keep(entryOf("password", "hunter2"));
    expect(vault.list()[0]?.bytes).toBeUndefined();
    expect(JSON.stringify(vault.list())).not.toContain("hunter2");
  });

  it("keeps what it cannot read, and says so", () => {
    const vault = new Vault();
    const archive = vault.find(vault.keep(entryOf("archive", "AAAA")));
    const key = vault.find(vault.keep(entryOf("private key", "-----BEGIN PRIVATE KEY-----")));
    expect(archive?.unopened).toBe("it is not a ZIP that can be read");
    expect(archive === undefined ? "" : describeEntry(archive)).toContain("could not be opened");
    expect(key?.key).toBeUndefined();
  });

  it("keeps the same secret from the same place once", () => {
    const vault = new Vault();
    const first = vault.keep(entryOf("password", "hunter2", "a"));
    expect(vault.keep(entryOf("password", "hunter2", "a"))).toBe(first);
    expect(vault.keep(entryOf("password", "hunter2", "b"))).not.toBe(first);
    expect(vault.list()).toHaveLength(2);
  });

  it.each([
    ["entries", { entries: 2, characters: 1000 }],
    ["characters", { entries: 1000, characters: 20 }],
  ])("lets the oldest go where there are too many %s", (_, limits) => {
    const vault = new Vault({ limits });
    const texts = ["first 123", "second 12", "third 123"];
    const [first = "", second = "", third = ""] = texts.map((text) => vault.keep(entryOf("password", text)));
    expect(vault.find(first)).toBeUndefined();
    expect([vault.find(second)?.text, vault.find(third)?.text]).toEqual(["second 12", "third 123"]);
    expect(vault.evictedCount).toBe(1);
  });

  it("holds the newest also where it is too large by itself", () => {
    const vault = new Vault({ limits: { entries: 5, characters: 3 } });
    vault.keep(entryOf("password", "a"));
    expect(vault.find(vault.keep(entryOf("password", "much too long")))?.text).toBe("much too long");
    expect(vault.list()).toHaveLength(1);
  });

  it("forgets everything when told to", () => {
    const vault = new Vault();
    const reference = vault.keep(entryOf("password", "hunter2"));
    vault.clear();
    expect(vault.find(reference)).toBeUndefined();
    expect(vault.list()).toEqual([]);
  });
});
