import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { newStaticToken, StaticTokens } from "../../src/identity/static-tokens.js";

const { token, sha256 } = newStaticToken();
const entry = { name: "a", sha256, scopes: ["certs:read"], groups: ["g"], expires: "2030-01-01T00:00:00.000Z" };

function setUp() {
  const path = join(mkdtempSync(join(tmpdir(), "cloudcert-tokens-")), "tokens.json");
  const write = (...tokens: unknown[]) => writeFileSync(path, JSON.stringify({ tokens }));
  const clock = { wall: Date.parse("2029-01-01T00:00:00Z"), elapsed: 0 };
  const time = { now: () => new Date(clock.wall), elapsed: () => clock.elapsed };
  write(entry);
  return { write, clock, tokens: new StaticTokens(path, time, () => {}) };
}

describe("a static token", () => {
  it("is out seconds after it was removed, also if the clock of the computer was set back", async () => {
    const { write, clock, tokens } = setUp();
    const admitted = await tokens.check(token);
    expect(await admitted.stillCounts()).toBe(true);
    write();
    clock.wall -= 86_400_000;
    clock.elapsed += 5_000;
    expect(await admitted.stillCounts()).toBe(false);
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
    expect(await admitted.stillCounts()).toBe(false);
  });

  it("no longer counts once it has expired", async () => {
    const { clock, tokens } = setUp();
    const admitted = await tokens.check(token);
    clock.wall = Date.parse(entry.expires);
    expect(await admitted.stillCounts()).toBe(false);
  });
});
