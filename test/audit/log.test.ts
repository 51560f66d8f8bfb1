import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { AuditLog } from "../../src/audit/log.js";
import { auditFiles } from "../../src/audit/read-log.js";
import { verifyAudit } from "../../src/audit/verify.js";
import { freshPath, planned, sending, validLines, writeFiles } from "./support.js";

/** A log that holds an entry for each planId. */
async function logOf(path: string, ...planIds: readonly string[]): Promise<void> {
  const log = new AuditLog(path, { redact: (json) => json });
  await Promise.all(planIds.map((planId) => log.append(sending(planId))));
  await log.close();
}

describe("a line that was cut off", () => {
  it("is a note, is set aside by the next entry, and breaks nothing, wherever it was cut", async () => {
    const [one = Buffer.of(), two = Buffer.of()] = validLines([sending("one"), sending("two")]);
    for (let length = 1; length < two.length; length += 7) {
      const path = freshPath();
      const torn = two.subarray(0, length);
      writeFiles(path, [[one, torn]]);
      expect(await verifyAudit(auditFiles(path))).toMatchObject({
        ok: true,
        lines: 1,
        notes: [expect.stringContaining("cut off")],
      });
      await logOf(path, "three");
      expect(await verifyAudit(auditFiles(path))).toMatchObject({
        ok: true,
        lines: 2,
        notes: [expect.stringContaining(".torn")],
      });
      expect(readFileSync(`${path}.torn`)).toEqual(Buffer.concat([torn, Buffer.from("\n")]));
    }
  });

  it("may be the first line, of the log or of the newest file, or end in zero bytes", async () => {
    const [one = Buffer.of(), two = Buffer.of()] = validLines([sending("one"), sending("two")]);
    const zeros = Buffer.alloc(100);
    for (const files of [[[one.subarray(0, 40)]], [[one], [two.subarray(0, 40)]], [[one], [zeros]]]) {
      const path = freshPath();
      writeFiles(path, files);
      await logOf(path, "next");
      expect(await verifyAudit(auditFiles(path))).toMatchObject({ ok: true, lines: files.length });
    }
  });
});

describe("what is refused", () => {
  const damaged: readonly [what: string, bytes: (lines: Buffer) => Buffer][] = [
    [
      "whose last line is damaged",
      (lines) => Buffer.concat([lines.subarray(0, -10), Buffer.from("x"), lines.subarray(-9)]),
    ],
    ["that ends with foreign text", (lines) => Buffer.concat([lines, Buffer.from("hello")])],
    ["whose last line end is gone to another byte", (lines) => Buffer.concat([lines.subarray(0, -1), Buffer.of(0)])],
  ];

  it.each(damaged)("a log %s, and it stays as it is", async (_what, damage) => {
    const path = freshPath();
    const bytes = damage(Buffer.concat(validLines([sending("one"), sending("two")])));
    writeFileSync(path, bytes, { mode: 0o600 });
    await expect(logOf(path, "three")).rejects.toThrow(`the last line of ${path} is damaged`);
    expect(readFileSync(path)).toEqual(bytes);
  });

  it("a symbolic link, a directory, and a log that others can read", async () => {
    const target = freshPath();
    await logOf(target, "one");
    const link = freshPath();
    symlinkSync(target, link);
    await expect(logOf(link, "two")).rejects.toThrow("is a symbolic link");
    chmodSync(target, 0o640);
    await expect(logOf(target, "two")).rejects.toThrow("is open to other users");
    const folder = freshPath();
    mkdirSync(folder);
    await expect(logOf(folder, "two")).rejects.toThrow("cannot be written");
  });

  it.each([".owner", "", ".torn", ".1"])(
    "a FIFO that another user put in a file's place (audit.jsonl%s), without waiting for its other end",
    async (end) => {
      const path = freshPath();
      const [first = Buffer.of(), torn = Buffer.of()] = validLines([sending("one"), sending("two")]);
      if (end === ".torn") writeFileSync(path, Buffer.concat([first, torn.subarray(0, 40)]), { mode: 0o600 });
      const fifo = end === ".1" ? path.replace("audit.jsonl", "audit.1.jsonl") : `${path}${end}`;
      execFileSync("mkfifo", ["-m", "666", fifo]);
      await expect(logOf(path, "two")).rejects.toThrow(`${fifo} is not a file`);
      if (end === ".1" || end === "")
        await expect(verifyAudit(auditFiles(path))).rejects.toThrow(`${fifo} is not a file`);
    },
  );

  it("a mark of the lock's holder that is a link, which leads to a file that stays as it is", async () => {
    const path = freshPath();
    const target = freshPath();
    writeFileSync(target, "a letter", { mode: 0o600 });
    symlinkSync(target, `${path}.owner`);
    await expect(logOf(path, "one")).rejects.toThrow(`${path}.owner is a symbolic link`);
    expect(readFileSync(target, "utf8")).toBe("a letter");
  });

  it("a directory in which every user can replace files; a sticky one is taken", async () => {
    const path = freshPath();
    chmodSync(dirname(path), 0o777);
    await expect(logOf(path, "one")).rejects.toThrow(`${dirname(path)} can be written by every user`);
    expect(readdirSync(dirname(path))).toEqual([]);
    chmodSync(dirname(path), 0o1777);
    await logOf(path, "one");
  });

  it.runIf(process.geteuid?.() === 0)("a file of another user, unless the directory is that user's, too", async () => {
    const path = freshPath();
    await logOf(path, "one");
    for (const file of [path, `${path}.owner`]) chownSync(file, 65_534, 65_534);
    await expect(logOf(path, "two")).rejects.toThrow("belongs to another user");
    // As on a mount that gives everything one owner.
    chownSync(dirname(path), 65_534, 65_534);
    await logOf(path, "three");
  });

  it("a directory that cannot be written to, at once", async () => {
    const file = freshPath();
    writeFileSync(file, "");
    await expect(logOf(join(file, "audit.jsonl"), "one")).rejects.toThrow("cannot be written: ENOTDIR");
    await expect(logOf("/proc/cloudcert/audit.jsonl", "one")).rejects.toThrow("cannot be written");
  });

  it("an entry with a member that the log does not know, and any entry after the end", async () => {
    const log = new AuditLog(freshPath(), { redact: (json) => json });
    const stray = { ...sending("one"), privateKey: "-----BEGIN PRIVATE KEY-----" };
    await expect(log.append(stray)).rejects.toThrow("not an entry of the log");
    await log.close();
    await expect(log.append(sending("two"))).rejects.toThrow("was closed");
  });
});

describe("the files", () => {
  it("are for their owner alone, and so is a directory that was made for them", async () => {
    const path = join(dirname(freshPath()), "state", "cloudcert-mcp", "audit.jsonl");
    await logOf(path, "one");
    const modeOf = (name: string) => (statSync(name).mode & 0o777).toString(8);
    expect(modeOf(dirname(path))).toBe("700");
    expect(modeOf(dirname(dirname(path)))).toBe("700");
    expect(readdirSync(dirname(path)).sort()).toEqual(["audit.jsonl", "audit.jsonl.owner"]);
    for (const name of readdirSync(dirname(path))) expect(modeOf(join(dirname(path), name))).toBe("600");
  });

  it("are rotated by size, more than one within a batch, and carry the chain on", async () => {
    const path = freshPath();
    const log = new AuditLog(path, { redact: (json) => json, maxBytes: 1000 });
    await Promise.all(Array.from({ length: 40 }, (_, index) => log.append(sending(`plan-${index}`))));
    await log.append(planned("long", { warnings: Array.from({ length: 50 }, () => "x".repeat(5000)) }));
    await log.append(sending("after the long one"));
    await log.close();
    const names = readdirSync(dirname(path)).filter((name) => /^audit(\.\d+)?\.jsonl$/.test(name));
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) {
      const text = readFileSync(join(dirname(path), name), "utf8");
      expect(text.length <= 1000 || text.split("\n").length === 2).toBe(true);
    }
    expect(await verifyAudit(auditFiles(path))).toEqual({ ok: true, lines: 42, notes: [] });
  });
});
