import { chmodSync, chownSync, existsSync, mkdtempSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { newStaticToken, readStaticTokens, StaticTokens } from "../../src/identity/static-tokens.js";
import { runTokens } from "../../src/identity/tokens-command.js";
import { OUTPUT_LOST } from "../../src/lib/text-output.js";

const { token, sha256 } = newStaticToken();
const entry = { name: "a", sha256, scopes: ["certs:read"], groups: ["g"], expires: "2030-01-01T00:00:00.000Z" };

function setUp() {
  const path = join(mkdtempSync(join(tmpdir(), "cloudcert-tokens-")), "tokens.json");
  const write = (...tokens: unknown[]) => writeFileSync(path, JSON.stringify({ tokens }));
  const clock = { wall: Date.parse("2029-01-01T00:00:00Z"), elapsed: 0 };
  const time = { now: () => new Date(clock.wall), elapsed: () => clock.elapsed };
  write(entry);
  return { path, write, clock, tokens: new StaticTokens(path, time, () => {}) };
}

describe("a static token", () => {
  it("is out seconds after it was removed, also if the clock of the computer was set back", async () => {
    const { write, clock, tokens } = setUp();
    const admitted = await tokens.check(token);
    expect(await admitted.isStillValid()).toBe(true);
    write();
    clock.wall -= 86_400_000;
    clock.elapsed += 5_000;
    expect(await admitted.isStillValid()).toBe(false);
    await expect(tokens.check(token)).rejects.toThrow("not known");
  });

  it.each([
    ["it allows less", { scopes: ["certs:change"] }],
    ["its groups are others", { groups: [] }],
  ])("no longer counts for what is under way once %s", async (_, changed) => {
    const { write, clock, tokens } = setUp();
    const admitted = await tokens.check(token);
    write({ ...entry, ...changed });
    clock.elapsed += 5_000;
    expect(await admitted.isStillValid()).toBe(false);
  });

  it("no longer counts once it has expired", async () => {
    const { clock, tokens } = setUp();
    const admitted = await tokens.check(token);
    clock.wall = Date.parse(entry.expires);
    expect(await admitted.isStillValid()).toBe(false);
  });
});

describe("a file of tokens that cannot be read", () => {
  it("lets nobody in, and takes nothing from what is under way", async () => {
    const { path, write, clock, tokens } = setUp();
    const admitted = await tokens.check(token);
    writeFileSync(path, '{"tokens": [');
    clock.elapsed += 5_000;
    expect(await admitted.isStillValid()).toBe(true);
    await expect(tokens.check(token)).rejects.toMatchObject({ why: "unavailable" });
    write(entry);
    clock.elapsed += 5_000;
    expect((await tokens.check(token)).person.name).toBe("a");
    clock.wall = Date.parse(entry.expires);
    expect(await admitted.isStillValid()).toBe(false);
  });
});

describe("the commands for static tokens", () => {
  const silent = { write: () => {}, failure: async () => undefined };
  const run = (path: string, ...args: string[]) =>
    runTokens([...args, "--tokens", path], {}, { out: silent, err: silent });
  const namesIn = async (path: string) => (await readStaticTokens(path)).map(({ name }) => name).toSorted();

  it("undo nothing of each other", async () => {
    const { path } = setUp();
    const names = ["b", "c", "d", "e"];
    await Promise.all([run(path, "remove", "a"), ...names.map((name) => run(path, "add", name))]);
    expect(await namesIn(path)).toEqual(names);
  });

  it("take a token back that could not be shown", async () => {
    const { path } = setUp();
    const full = { write: () => {}, failure: async () => ({ why: "ENOSPC", isUnread: false }) };
    const add = (file: string) => runTokens(["add", "b", "--tokens", file], {}, { out: full, err: silent });
    expect(await add(path)).toBe(OUTPUT_LOST);
    expect(await namesIn(path)).toEqual(["a"]);
    expect(await add(`${path}.new`)).toBe(OUTPUT_LOST);
    expect(existsSync(`${path}.new`)).toBe(false);
  });

  it("leave the file its owner and its mode: it is the server's, whoever runs the command", async () => {
    const { path } = setUp();
    const isRoot = process.getuid?.() === 0;
    if (isRoot) chownSync(path, 65_534, 65_534);
    chmodSync(path, 0o640);
    expect(await run(path, "add", "b")).toBe(0);
    const { uid, gid, mode } = statSync(path);
    expect(mode & 0o777).toBe(0o640);
    expect([uid, gid]).toEqual(isRoot ? [65_534, 65_534] : [process.getuid?.(), process.getgid?.()]);
  });

  it("end where there is no place for the file: no other command is waited for", async () => {
    expect(await run(join(mkdtempSync(join(tmpdir(), "cloudcert-tokens-")), "none", "t.json"), "add", "b")).toBe(2);
  });

  it("change the file that a link leads to: a server may know it by its own name", async () => {
    const { path } = setUp();
    symlinkSync(path, `${path}.link`);
    expect(await run(`${path}.link`, "remove", "a")).toBe(0);
    expect(await namesIn(path)).toEqual([]);
  });
});
