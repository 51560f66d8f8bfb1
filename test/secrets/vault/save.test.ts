import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { ToolError } from "../../../src/lib/tool-error.js";
import { Directories } from "../../../src/secrets/references/directories.js";
import { planSave, saveEntry } from "../../../src/secrets/vault/save.js";
import { Vault } from "../../../src/secrets/vault/vault.js";
import { interceptOpen } from "../../support/intercept-open.js";
import { failureOf, folder, scratch, sharedMaterial, write } from "../references/support.js";
import { archiveOf, entryOf } from "./support.js";

const before = { open: () => {} };
interceptOpen((open) => {
  before.open();
  return open();
});

const made = sharedMaterial();
const { leaf, intermediate, key } = made;
const top = scratch();
const outside = folder(top, "outside");
const allowed = join(top, "allowed");
const vault = new Vault();
const archive = vault.keep(entryOf("archive", archiveOf(made)));
const privateKey = vault.keep(entryOf("private key", key));
const password = vault.keep(entryOf("password", "hunter2"));
const broken = vault.keep(entryOf("archive", "AAAA"));

beforeEach(() => {
  before.open = () => {};
  rmSync(allowed, { recursive: true, force: true });
  folder(top, "allowed");
});

const save = (reference: string, name = "www", directory = allowed) =>
  saveEntry(vault, reference, directory, name, { directories: new Directories([allowed]) });
const files = () =>
  Object.fromEntries(readdirSync(allowed).map((name) => [name, readFileSync(join(allowed, name), "utf8")]));

describe("saveEntry", () => {
  it("writes the parts of an archive, for the owner only", async () => {
    const saved = await save(archive);
    expect(files()).toEqual({
      "www.key": key,
      "www.crt": leaf,
      "www.chain.crt": intermediate,
      "www.fullchain.crt": leaf + intermediate,
    });
    expect(saved.map(({ path, what }) => [basename(path), what])).toEqual([
      ["www.key", "private key"],
      ["www.crt", "certificate"],
      ["www.chain.crt", "intermediate certificates"],
      ["www.fullchain.crt", "certificate and intermediates"],
    ]);
    for (const { path } of saved) expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it.each([
    ["one part of it", `${archive}#fullchain`, { "www.fullchain.crt": leaf + intermediate }],
    ["a key", privateKey, { "www.key": key }],
    ["a password", password, { "www.password": "hunter2" }],
    ["an archive that cannot be opened", broken, { "www.zip": "\u0000\u0000\u0000" }],
  ])("writes %s", async (_, reference, expected) => {
    await save(reference);
    expect(files()).toEqual(expected);
  });

  it("takes a directory below the allowed one, by whatever path", async () => {
    folder(allowed, "sub");
    expect((await save(privateKey, "www", "sub")).map(({ path }) => path)).toEqual([join(allowed, "sub", "www.key")]);
  });

  it.each([
    ["*.example.com", "_.example.com.key"],
    ["../../evil", "_.._evil.key"],
    ["/etc/passwd", "_etc_passwd.key"],
    ["a b\nc\u0000d", "a_b_c_d.key"],
    [".hidden", "hidden.key"],
    ["iis.pfx", "iis.key"],
    ["blog.example.com.crt", "blog.example.com.key"],
    ["con", "_con.key"],
    ["x".repeat(500), `${"x".repeat(100)}.key`],
  ])("makes %j the name %s", async (name, expected) => {
    await save(privateKey, name);
    expect(Object.keys(files())).toEqual([expected]);
  });

  it("never leaves the directory, whatever the name", async () => {
    const names = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom("..", ".", "/", "\\", "a", "*", "\u0000")).map((n) => n.join("")),
    );
    await fc.assert(
      fc.asyncProperty(names, async (name) => {
        const saved = await save(privateKey, name).catch((error: unknown) => error);
        if (saved instanceof ToolError) return;
        expect(Object.keys(files())).toHaveLength(1);
        for (const file of readdirSync(allowed)) rmSync(join(allowed, file));
      }),
    );
    expect(readdirSync(top).sort()).toEqual(["allowed", "outside"]);
  });
});

describe("nothing is written", () => {
  const refusal = async (...args: Parameters<typeof save>) => (await failureOf(() => save(...args))).happened;

  it("over a file that is there, and none of the others stays", async () => {
    write(allowed, "www.chain.crt", "mine");
    expect(await refusal(archive)).toContain("already exists");
    expect(files()).toEqual({ "www.chain.crt": "mine" });
  });

  it("through a link that is there, dangling or not", async () => {
    symlinkSync(join(outside, "new"), join(allowed, "www.key"));
    expect(await refusal(privateKey)).toContain("already exists");
    expect(existsSync(join(outside, "new"))).toBe(false);
  });

  it.each([outside, "/tmp", "..", "../outside", "/"])("into %s", async (directory) => {
    expect(await refusal(privateKey, "www", directory)).toContain("outside the directories");
  });

  it("into a directory that a link leads to", async () => {
    symlinkSync(outside, join(allowed, "out"));
    expect(await refusal(privateKey, "www", "out")).toContain("leads out");
  });

  it("into a directory that is swapped for a link meanwhile", async () => {
    const sub = folder(allowed, "sub");
    before.open = () => {
      renameSync(sub, join(allowed, "moved"));
      symlinkSync(outside, sub);
    };
    expect(await refusal(privateKey, "www", "sub")).toContain("was moved");
    expect(readdirSync(outside)).toEqual([]);
  });

  it("anywhere but in the directory that the person was shown", async () => {
    const [sub, other] = [folder(allowed, "sub"), folder(allowed, "other")];
    const directories = new Directories([allowed]);
    const { place } = await planSave(vault, privateKey, "sub", "www", { directories });
    expect(place).toBe(sub);
    renameSync(sub, join(allowed, "moved"));
    symlinkSync(other, sub);
    const saved = () => saveEntry(vault, privateKey, place, "www", { directories, shown: place });
    expect((await failureOf(saved)).happened).toContain("was replaced after the person was shown it");
    expect(readdirSync(other)).toEqual([]);
  });

  it("into a file, or nowhere", async () => {
    write(allowed, "file", "x");
    expect(await refusal(privateKey, "www", "file")).toContain("is not a directory");
    expect(await refusal(privateKey, "www", "nowhere")).toContain("does not exist");
  });

  it.each([
    ["vault:AAAAAAAAAAAAAAAAAAAAAA", "nothing is in the vault"],
    ["file:x.pem", "only a vault: reference can be saved"],
    ["x", "only a vault: reference can be saved"],
    [`${privateKey}#key`, "has no parts"],
    [`${broken}#key`, "holds no key (it is not a ZIP"],
  ])("of %s", async (reference, why) => expect(await refusal(reference)).toContain(why));

  it.each(["", "..", "///", "\u0000", "…"])("under the name %j", async (name) => {
    expect(await refusal(privateKey, name)).toContain("this is not a valid name for the files");
  });
});
