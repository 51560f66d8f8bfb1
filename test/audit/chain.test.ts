import { basename } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { auditFiles } from "../../src/audit/read-log.js";
import { verifyAudit } from "../../src/audit/verify.js";
import { runs } from "../support/width.js";
import { freshPath, planned, sending, validLines, writeFiles } from "./support.js";

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
    const report = await verifyAudit(auditFiles(path));
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
      { numRuns: runs(30, 1_000) },
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
      { numRuns: runs(30, 1_000) },
    );
  });

  it("finds a repeated line at the copy", async () => {
    await fc.assert(
      fc.asyncProperty(validLog, fc.nat(), async (files, n) => {
        const place = pick(placesIn(files), n);
        const expected = { ...place, line: place.line + 1 };
        expect(await found(replaced(files, place, (line) => [line, line]))).toEqual(expected);
      }),
      { numRuns: runs(30, 1_000) },
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
      { numRuns: runs(30, 1_000) },
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
