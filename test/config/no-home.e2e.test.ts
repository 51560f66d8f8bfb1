import { chmodSync, mkdirSync, mkdtempSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import os, { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { homeDirectory, tildeDirectory, userStateDirectory, writtenPath } from "../../src/lib/paths.js";
import { runCommand } from "../support/command.js";
import { ofRows, rows } from "../support/width.js";

/* Containers run programs under user ids that no account has: those have no home directory unless HOME is set. */

describe("without a home directory", () => {
  const { homedir, userInfo } = os;
  const { HOME, XDG_STATE_HOME } = process.env;
  const none = () => {
    throw Object.assign(new Error("uv_os_homedir returned ENOENT"), { code: "ERR_SYSTEM_ERROR" });
  };
  const use = (changed: Partial<Pick<typeof os, "homedir" | "userInfo">>) => {
    Object.assign(os, changed);
    syncBuiltinESMExports();
  };
  afterEach(() => {
    use({ homedir, userInfo });
    Object.assign(process.env, HOME === undefined ? {} : { HOME });
    if (XDG_STATE_HOME === undefined) delete process.env.XDG_STATE_HOME;
  });

  it("only what needs one fails, and says so", () => {
    use({ homedir: none, userInfo: none });
    delete process.env.XDG_STATE_HOME;
    expect([homeDirectory(), userStateDirectory()]).toEqual([undefined, undefined]);
    expect(writtenPath("/keys")).toBe("/keys");
    expect(() => tildeDirectory()).toThrow(/^there is no home directory for uid \d+, so ~ stands for nothing/);
    expect(() => writtenPath("~/keys")).toThrow("there is no home directory");
    process.env.XDG_STATE_HOME = "/state";
    expect(userStateDirectory()).toBe("/state/cloudcert-mcp");
  });

  it("an empty HOME is none, where the system knows none either", () => {
    use({ homedir: () => "", userInfo: none });
    expect(homeDirectory()).toBeUndefined();
  });
});

/** A user id that no account has. */
const uid = 54_321;

describe.skipIf(process.getuid?.() !== 0)("the program under a user id that no account has", () => {
  const run = (args: readonly string[], env: Record<string, string> = {}) =>
    runCommand(args, { HOME: undefined, ...env }, { uid });
  const says = `there is no home directory for uid ${uid}: set HOME, or --audit-log and --jobs`;

  it("starts where no home directory is needed", async () => {
    expect(await run(["--version"])).toMatchObject({ code: 0, err: "" });
    const folder = mkdtempSync(join(tmpdir(), "cc-no-home-"));
    chmodSync(folder, 0o777);
    const named = { CLOUDCERT_AUDIT_LOG: join(folder, "audit.jsonl"), CLOUDCERT_JOBS: join(folder, "jobs") };
    for (const env of [named, { XDG_STATE_HOME: folder }]) {
      const { out, err } = await run(["doctor", "--sandbox", "--files", folder], env);
      expect([out, err]).toEqual([expect.stringContaining("audit log"), ""]);
      expect(out).not.toContain("uv_os");
      // A server that nobody talks to ends.
      expect(await run(["--sandbox", "--files", folder], env)).toMatchObject({ code: 0 });
    }
  });

  it.each(rows([{}, { HOME: "" }], 1))("says in one line what to set where one is: %j", ofRows, async (env) => {
    const folder = mkdtempSync(join(tmpdir(), "cc-no-home-"));
    mkdirSync(join(folder, "keys"));
    chmodSync(folder, 0o755);
    const server = await run(["--sandbox", "--files", folder], env);
    expect(server).toEqual({ code: 2, out: "", err: `cloudcert-mcp: ${says}\n` });
    expect((await run(["doctor", "--sandbox"], env)).out).toContain(says);
    expect((await run(["--sandbox", "--files", "~/keys"], env)).err).toMatch(
      /^cloudcert-mcp: --files: there is no home directory for uid 54321, so ~ stands for nothing.*\n$/,
    );
  });
});
