import { existsSync, mkdirSync, mkdtempSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isLocked, takeLock } from "../../src/lib/lock.js";

const freshPath = () => join(mkdtempSync(join(tmpdir(), "cc-lock-")), "file");
const setHourAhead = (path: string) => {
  const inAnHour = Date.now() / 1_000 + 3_600;
  utimesSync(`${path}.lock`, inAnHour, inAnHour);
};

describe("a lock from the future, as after the clock was set back", () => {
  it("is taken over once it has shown no sign of life for seconds, whatever its date", async () => {
    const [path, seen] = [freshPath(), freshPath()];
    for (const each of [path, seen]) {
      mkdirSync(`${each}.lock`);
      setHourAhead(each);
    }
    const [release, held] = await Promise.all([takeLock(path, 0, () => {}), isLocked(seen)]);
    expect(held).toBe(false);
    expect(statSync(`${path}.lock`).mtimeMs).toBeLessThan(Date.now() + 2_000);
    await release();
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it("is left to a holder that gives signs of life", async () => {
    const path = freshPath();
    mkdirSync(`${path}.lock`);
    setHourAhead(path);
    const alive = setInterval(() => utimesSync(`${path}.lock`, new Date(), new Date()), 500);
    try {
      await expect(takeLock(path, 0, () => {})).rejects.toMatchObject({ code: "ELOCKED" });
      expect(await isLocked(path)).toBe(true);
    } finally {
      clearInterval(alive);
    }
  });

  it("is no reason to wait where the lock is not one", async () => {
    const path = freshPath();
    writeFileSync(`${path}.lock`, "");
    utimesSync(`${path}.lock`, 1, 1);
    await expect(takeLock(path, 0, () => {})).rejects.toMatchObject({ code: "ENOTDIR" });
  });
});
