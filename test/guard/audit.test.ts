import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AuditLog } from "../../src/guard/audit/log.js";
import { verifyAudit } from "../../src/guard/audit/verify.js";
import { freshPath, planned, sending, validLines, writeFiles } from "./audit-support.js";

/** A log that holds an entry for each planId. */
async function logOf(path: string, ...planIds: readonly string[]): Promise<void> {
  const log = new AuditLog(path);
  await Promise.all(planIds.map((planId) => log.append(sending(planId))));
  await log.close();
}

describe("what a chain shows", () => {
  const entry = fc.oneof(
    fc.uuid().map(sending),
    fc.tuple(fc.uuid(), fc.string({ unit: "grapheme" })).map(([planId, question]) => planned(planId, { question })),
  );
  /** A valid log of one to three files. */
  const validLog = fc
    .tuple(fc.array(entry, { minLength: 3, maxLength: 12 }), fc.nat(), fc.nat())
    .map(([entries, one, other]) => {
      const lines = validLines(entries);
      const [first = 0, second = 0] = [one % lines.length, other % lines.length].sort((a, b) => a - b);
      return [lines.slice(0, first), lines.slice(first, second), lines.slice(second)].filter((file) => file.length > 0);
    });

  interface Place {
    readonly file: number;
    readonly line: number;
  }

  const placesIn = (files: readonly (readonly Buffer[])[]): Place[] =>
    files.flatMap((lines, file) => lines.map((_, line) => ({ file, line })));

  /** Verifies the log after `damage` and tells where it found the first bad line. */
  async function found(files: readonly (readonly Buffer[])[]): Promise<Place | "nothing"> {
    const path = freshPath();
    writeFiles(path, files);
    const report = await verifyAudit(path);
    if (report.ok) return "nothing";
    const number = /\.(\d+)\.jsonl$/.exec(basename(report.file))?.[1];
    return { file: number === undefined ? files.length - 1 : Number(number) - 1, line: report.line - 1 };
  }

  /** The lines of `files` with those of one place replaced. */
  const replaced = (files: readonly (readonly Buffer[])[], at: Place, by: (line: Buffer) => readonly Buffer[]) =>
    files.map((lines, file) =>
      lines.flatMap((bytes, line) => (file === at.file && line === at.line ? by(bytes) : [bytes])),
    );

  const pick = <Item>(items: readonly Item[], index: number): Item => {
    const item = items[index % items.length];
    if (item === undefined) throw new Error("there is nothing to pick from");
    return item;
  };

  it("finds nothing in a log as it was written", async () => {
    await fc.assert(
      fc.asyncProperty(validLog, async (files) => {
        expect(await found(files)).toBe("nothing");
      }),
    );
  });

  it("finds any altered byte, at its line", async () => {
    await fc.assert(
      fc.asyncProperty(validLog, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), async (files, n, m, mask) => {
        const place = pick(placesIn(files), n);
        const altered = replaced(files, place, (line) => {
          const copy = Buffer.from(line);
          const index = m % copy.length;
          copy.writeUInt8(copy.readUInt8(index) ^ mask, index);
          return [copy];
        });
        expect(await found(altered)).toEqual(place);
      }),
      { numRuns: 1000 },
    );
  });

  it("finds an altered last line end, whatever it became", async () => {
    const lines = validLines([sending("one"), sending("two")]);
    for (let byte = 0; byte <= 255; byte += 1) {
      const altered = Buffer.concat(lines);
      altered.writeUInt8(byte, altered.length - 1);
      expect(await found([[altered]])).toEqual(byte === 0x0a ? "nothing" : { file: 0, line: 1 });
    }
  });

  it("finds a removed line at the one after it", async () => {
    await fc.assert(
      fc.asyncProperty(validLog, fc.nat(), async (files, n) => {
        const places = placesIn(files);
        const place = pick(places.slice(0, -1), n);
        const next = pick(places, places.indexOf(place) + 1);
        const expected = next.file === place.file ? place : next;
        expect(await found(replaced(files, place, () => []))).toEqual(expected);
      }),
    );
  });

  it("finds a repeated line at the copy", async () => {
    await fc.assert(
      fc.asyncProperty(validLog, fc.nat(), async (files, n) => {
        const place = pick(placesIn(files), n);
        const expected = { ...place, line: place.line + 1 };
        expect(await found(replaced(files, place, (line) => [line, line]))).toEqual(expected);
      }),
    );
  });

  it("finds two lines in each other's place at the first of them", async () => {
    await fc.assert(
      fc.asyncProperty(validLog, fc.nat(), fc.nat(), async (files, n, m) => {
        const places = placesIn(files);
        const [first, second] = [n % places.length, m % places.length]
          .sort((a, b) => a - b)
          .map((i) => pick(places, i));
        fc.pre(first !== second && first !== undefined && second !== undefined);
        if (first === undefined || second === undefined) return;
        const lineAt = (place: Place) => pick(files[place.file] ?? [], place.line);
        const swapped = replaced(
          replaced(files, first, () => [lineAt(second)]),
          second,
          () => [lineAt(first)],
        );
        expect(await found(swapped)).toEqual(first);
      }),
    );
  });

  it("finds foreign text, with and without a line end, and a file that is missing in the middle", async () => {
    const lines = validLines(["one", "two", "three"].map(sending));
    expect(await found([[...lines, Buffer.from("hello\n")]])).toEqual({ file: 0, line: 3 });
    expect(await found([[...lines, Buffer.from("hello")]])).toEqual({ file: 0, line: 3 });
    expect(await found([[...lines, Buffer.from("\n")]])).toEqual({ file: 0, line: 3 });
    expect(await found([lines.slice(0, 1), lines.slice(2)])).toEqual({ file: 1, line: 0 });
    expect(await found([[Buffer.alloc(600_000, "x"), ...lines]])).toEqual({ file: 0, line: 0 });
  });

  it("finds a line from another log under the right number", async () => {
    const [one = Buffer.of(), two = Buffer.of()] = validLines([sending("one"), sending("two")]);
    const [other = Buffer.of()] = validLines([sending("other")]);
    expect(await found([[other, two]])).toEqual({ file: 0, line: 1 });
    expect(await found([[one, two]])).toBe("nothing");
  });
});

describe("a line that was cut off", () => {
  it("is a note, is set aside by the next entry, and breaks nothing, wherever it was cut", async () => {
    const [one = Buffer.of(), two = Buffer.of()] = validLines([sending("one"), sending("two")]);
    for (let length = 1; length < two.length; length += 7) {
      const path = freshPath();
      const torn = two.subarray(0, length);
      writeFiles(path, [[one, torn]]);
      expect(await verifyAudit(path)).toMatchObject({
        ok: true,
        lines: 1,
        notes: [expect.stringContaining("cut off")],
      });
      await logOf(path, "three");
      expect(await verifyAudit(path)).toMatchObject({ ok: true, lines: 2, notes: [expect.stringContaining(".torn")] });
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
      expect(await verifyAudit(path)).toMatchObject({ ok: true, lines: files.length });
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

  it("a directory that cannot be written to, at once", async () => {
    const file = freshPath();
    writeFileSync(file, "");
    await expect(logOf(join(file, "audit.jsonl"), "one")).rejects.toThrow("cannot be written: ENOTDIR");
    await expect(logOf("/proc/cloudcert/audit.jsonl", "one")).rejects.toThrow("cannot be written");
  });

  it("an entry with a member that the log does not know, and any entry after the end", async () => {
    const log = new AuditLog(freshPath());
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
    const log = new AuditLog(path, { maxBytes: 1000 });
    await Promise.all(Array.from({ length: 40 }, (_, index) => log.append(sending(`plan-${index}`))));
    await log.append(planned("long", { question: "x".repeat(999) }));
    await log.close();
    const names = readdirSync(dirname(path)).filter((name) => /^audit(\.\d+)?\.jsonl$/.test(name));
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) {
      const text = readFileSync(join(dirname(path), name), "utf8");
      expect(text.length <= 1000 || text.split("\n").length === 2).toBe(true);
    }
    expect(await verifyAudit(path)).toEqual({ ok: true, lines: 41, notes: [] });
  });
});
