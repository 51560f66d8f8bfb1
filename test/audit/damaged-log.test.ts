import { chmodSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runAudit } from "../../src/audit/command.js";
import { AuditLog } from "../../src/audit/log.js";
import { freshPath, sending, validLines } from "./support.js";

/** What `audit verify` says of a log that somebody, or a power cut, has been at, and whether the server goes on with it. */

const lines = validLines(["one", "two", "three", "four"].map(sending)).map(String);
const good = lines.join("");
const [first = "", second = "", third = "", last = ""] = lines;

/** As at the command line: exit code, and what is printed. */
async function verify(text: string, path = freshPath()): Promise<{ code: number; said: string; path: string }> {
  writeFileSync(path, text, { mode: 0o600 });
  let said = "";
  const out = { write: (part: string) => (said += part) };
  return { code: await runAudit({ words: ["verify"], path }, { path }, out, out), said, path };
}

async function goesOn(path: string): Promise<string> {
  const log = new AuditLog(path, { redact: (json) => json });
  const written = await log.append(sending("five")).then(
    () => "written",
    (error: unknown) => String(error),
  );
  await log.close();
  return written;
}

describe("a newest line that has lost its line end", () => {
  it("is told as what it is, counts, and keeps its place when the log goes on", async () => {
    const { code, said, path } = await verify(good.trimEnd());
    expect([code, said]).toEqual([
      0,
      expect.stringMatching(/whole: 4 lines\.\nNote: .*a whole line that has lost its/),
    ]);
    expect(said).not.toContain("acknowledged");
    expect(await goesOn(path)).toBe("written");
    const text = readFileSync(path, "utf8");
    expect(text.startsWith(good)).toBe(true);
    expect(await verify(text)).toMatchObject({ code: 0, said: "The chain is whole: 5 lines.\n" });
  });

  it("may be the only line of the log", async () => {
    const { said, path } = await verify(first.trimEnd());
    expect(said).toContain("whole: 1 line.");
    await goesOn(path);
    expect((await verify(readFileSync(path, "utf8"))).said).toBe("The chain is whole: 2 lines.\n");
  });

  it.each([
    ["and was altered", good.trimEnd().replace('"four"', '"five"'), /was altered/],
    [
      "and is another log's",
      first + second + third + String(validLines(["a", "b", "c", "d"].map(sending))[3]).trimEnd(),
      /one of the two was replaced/,
    ],
    ["and is a copy of the one before", first + second + second.trimEnd(), /repeated or moved/],
    ["after a line that was removed", first + second + last.trimEnd(), /line 3 of the log is missing/],
  ])("%s is damage, and the log does not go on", async (_what, text, why) => {
    const { code, said, path } = await verify(text);
    expect([code, said]).toEqual([1, expect.stringMatching(why)]);
    expect(await goesOn(path)).toMatch(/last line of .* is damaged/);
    expect(readFileSync(path, "utf8")).toBe(text);
  });
});

describe("what is only the beginning of a line", () => {
  it.each([1, 9, 30, 60, 150, last.length - 3])(
    "of %d bytes counts for nothing, and nobody says why it is short",
    async (bytes) => {
      const { code, said, path } = await verify(first + second + third + last.slice(0, bytes));
      expect([code, said]).toEqual([
        0,
        expect.stringContaining(
          `ends with ${bytes} bytes of a line that was cut off, while it was written or afterwards`,
        ),
      ]);
      expect(said).not.toContain("acknowledged");
      expect(await goesOn(path)).toBe("written");
    },
  );

  it.each([
    ["a time that is none", '{"seq":5,"at":"whatever a person hides here, 100 characters or more'],
    ["another line's hash", `{"seq":5,"at":"2026-11-22T10:36:05.123Z","pid":4242,"prev":"${"0".repeat(64)}"`],
    ["other members", '{"seq":5,"note":"hello'],
    ["another number", '{"seq":6,"at":"2026'],
    ["a number that goes on", '{"seq":51'],
    ["plain text", "x"],
  ])("with %s is foreign", async (_what, text) => {
    const { code, path } = await verify(good + text);
    expect(code).toBe(1);
    expect(await goesOn(path)).toContain("is damaged");
  });
});

describe("a log that was tampered with", () => {
  it.each([
    ["a blank line in between", `${first}\n${second}${third}${last}`, /line 2 .*not a line of this log/],
    ["a carriage return", first + second + third.replace("\n", "\r\n") + last, /line 3 .*not a line of this log/],
    ["a letter", good.replace("two", "tvo"), /line 2 .*altered/],
    ["a missing line", first + third + last, /line 2 of the log is missing/],
    ["a doubled line", first + first + second, /repeated or moved/],
    ["missing oldest lines", third + last, /lines 1 to 2 of the log are missing/],
    ["a damaged last line", `${good.slice(0, -10)}\n`, /line 4 .*(altered|not a line)/],
  ])("with %s is broken there", async (_what, text, why) => {
    const { code, said } = await verify(text);
    expect([code, said]).toEqual([1, expect.stringMatching(why)]);
  });

  it("is not written to through a link, nor where others can write", async () => {
    const { path } = await verify(good);
    const link = freshPath();
    symlinkSync(path, link);
    expect(await goesOn(link)).toContain("is a symbolic link");
    chmodSync(path, 0o644);
    expect(await goesOn(path)).toContain("open to other users");
    expect(readFileSync(path, "utf8")).toBe(good);
  });
});

it("a clock that was set back shows in a note, since the record has the times as the clock had them", async () => {
  const path = freshPath();
  const times = ["2026-11-22T10:00:00Z", "2026-11-22T09:00:00Z", "2026-11-22T09:00:30Z"];
  const log = new AuditLog(path, { redact: (json) => json, now: () => new Date(times.shift() ?? 0) });
  for (const id of ["one", "two", "three"]) await log.append(sending(id));
  await log.close();
  const { code, said } = await verify(readFileSync(path, "utf8"));
  expect([code, said]).toEqual([0, expect.stringContaining("the clock was set back before line 2 of audit.jsonl")]);
});
