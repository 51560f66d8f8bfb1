import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, openSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bareEnvironment, cli } from "./support/assistant.js";
import { runCommand } from "./support/command.js";
import { ofRows, rows } from "./support/width.js";

const HOME = mkdtempSync(join(tmpdir(), "cc-cli-"));
const run = (...args: readonly string[]) => runCommand(args, { HOME });

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

/** Linux only: a device that takes nothing, as a full disk. */
const full = "/dev/full";

describe.skipIf(!existsSync(full))("a stream that takes nothing", () => {
  const intoFull = async (which: "stdout" | "stderr", ...args: readonly string[]) => {
    const other = which === "stdout" ? "stderr" : "stdout";
    const child = spawn(process.execPath, [cli, ...args], {
      env: { ...bareEnvironment, HOME },
      stdio: [
        "ignore",
        ...(["stdout", "stderr"] as const).map((name) => (name === which ? openSync(full, "w") : "pipe")),
      ],
    });
    let text = "";
    child[other]?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    const [code] = await once(child, "close");
    return { code, text };
  };
  const dryRun = [
    "run",
    "deploy_certificate",
    '{"certificate_id":"AyqfDJN3","covered":true}',
    "--sandbox",
    "--dry-run",
  ];

  it.each([["--version"], ["doctor --json --sandbox"], ["sandbox"]])(
    "is no success for what belongs on stdout: %s",
    async (line) => {
      const { code, text } = await intoFull("stdout", ...line.split(" "));
      expect(code).toBe(6);
      expect(text).toMatch(/the output could not be written to stdout: ENOSPC[^\n]*\n$/);
      expect(text).not.toContain("    at ");
    },
  );

  it("has the result of a job on stderr instead", async () => {
    const { code, text } = await intoFull("stdout", ...dryRun);
    expect(code).toBe(6);
    expect(text).toMatch(/^\{"tool":"deploy_certificate","outcome":"done","exit_code":0,/m);
  });

  it("does not end a job that tells its progress there", async () => {
    const { code, text } = await intoFull("stderr", ...dryRun);
    expect(code).toBe(0);
    expect(text).toMatch(/^\{"tool":"deploy_certificate","outcome":"done"/);
  });
});
