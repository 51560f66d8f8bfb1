import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ofRows, rows } from "./support/width.js";
import { startCommand } from "./unattended/support.js";

const HOME = mkdtempSync(join(tmpdir(), "cc-cli-"));
const run = (...args: readonly string[]) => startCommand(args, { HOME }).ended();

describe("every command reads its whole command line", () => {
  it.each(
    rows(
      [
        "approve --bogus",
        "approve now",
        "approvals list --bogus",
        "audit show --bogus",
        "audit verify --audit-log",
        "doctor --bogus",
        "doctor now",
        "evidence 0123abcd --bogus",
        "renew --bogus",
        "renew now",
        "report --out x.html now",
        "run list_jobs {} --bogus",
        "sandbox --bogus",
        "serve --bogus",
        "tokens list --bogus",
      ],
      1,
    ),
  )("and ends with 2 for what it does not know: %s", ofRows, async (line) => {
    const { code, out, err } = await run(...line.split(" "));
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).not.toBe("");
  });

  it("and speaks the language that it names", async () => {
    expect((await run("approve", "--language", "zh-CN")).err).toContain("终端");
    expect((await run("approvals", "list", "--language", "zh-CN")).out).toMatch(/长期/);
  });
});
