import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { runProgram } from "../support/command.js";
import { integration } from "./paths.js";
import { isInstalled } from "./processes.js";

/** Skipped where the program is missing, but never in CI. */
const needs = (program: string) => it.skipIf(!isInstalled(program) && process.env.CI !== "true");

describe("the systemd units", () => {
  const names = ["cloudcert-renew.service", "cloudcert-renew.timer"];

  function verified(change = (unit: string) => unit) {
    const folder = mkdtempSync(join(tmpdir(), "cc-units-"));
    const paths = names.map((name) => join(folder, name));
    for (const [index, name] of names.entries()) {
      writeFileSync(paths[index] ?? "", change(readFileSync(integration(`systemd/${name}`), "utf8")));
    }
    return runProgram("systemd-analyze", ["verify", "--man=no", ...paths]);
  }

  needs("systemd-analyze")("pass systemd-analyze verify", async () => {
    const { code, err } = await verified();
    expect({ code, err }).toEqual({ code: 0, err: "" });
  });

  needs("systemd-analyze").each([
    ["ProtectSystem=strict", "ProtectSystem=very"],
    ["OnCalendar=*-*-* 03,15:00:00", "OnCalendar=twice a day"],
    ["RestrictAddressFamilies=AF_INET", "RestrictAdressFamilies=AF_INET"],
  ])("would not with %s as %s", async (right, wrong) => {
    expect((await verified((unit) => unit.replace(right, wrong))).err).not.toBe("");
  });

  needs("systemd-analyze")("are exposed to little, as systemd-analyze rates it", async () => {
    const service = integration("systemd/cloudcert-renew.service");
    const { out } = await runProgram("systemd-analyze", ["security", "--offline=true", "--no-pager", service]);
    expect(Number(/exposure level for \S+ (\d+\.\d+)/.exec(out)?.[1])).toBeLessThan(2);
  });
});

needs("shellcheck").each(["deploy-hook.sh", "acme.sh/cloudcert.sh"])("%s passes shellcheck as POSIX shell", (path) => {
  const { status, stdout } = spawnSync("shellcheck", ["--shell=sh", integration(path)], { encoding: "utf8" });
  expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
});

/** The command as cron hands it to the shell: an escaped % is a plain one. */
function cronCommand(settings: string): string {
  const [line = ""] = readFileSync(integration("cron/cloudcert-renew"), "utf8").match(/^\d.*/m) ?? [];
  const said = line.split(" ").slice(6).join(" ");
  expect(said).not.toMatch(/(?<!\\)%/);
  return said.replaceAll("\\%", "%").replace("/etc/cloudcert-mcp/settings", settings);
}

/** A program that only tells how it was called. */
const teller = '#!/bin/sh\necho "$SAYS: $*"\nexit "$EXIT"\n';

describe("the steps in a file's comment", () => {
  /** Follows them below a root of the test's own, where this user is the one who renews. */
  async function installed(path: string) {
    const from = mkdtempSync(join(tmpdir(), "cc-steps-"));
    const root = join(from, "root");
    for (const present of ["etc/cron.d", "etc/systemd/system", "var/lib"]) {
      mkdirSync(join(root, present), { recursive: true });
    }
    const folder = dirname(integration(path));
    for (const name of readdirSync(folder)) copyFileSync(join(folder, name), join(from, name));
    writeFileSync(join(from, "settings"), "SAYS=renewal\nEXIT=0\n");
    for (const name of ["useradd", "systemctl", "cloudcert-mcp"]) {
      writeFileSync(join(from, name), name === "cloudcert-mcp" ? teller : "#!/bin/sh\n", { mode: 0o755 });
    }
    const steps = [...readFileSync(integration(path), "utf8").matchAll(/^# {3}((?:useradd|install|systemctl) .*)$/gm)]
      .map(([, step = ""]) => step.replace(/-o \S+ /, "").replace(/-g \S+ /, ""))
      .map((step) => step.replaceAll(/ (?=\/(?:etc|var)\/)/g, ` ${root}`));
    const env = { PATH: `${from}:${process.env.PATH}` };
    const ended = await runProgram("sh", ["-e", "-c", steps.join("\n")], env, { cwd: from });
    expect(ended).toEqual({ code: 0, out: "", err: "" });
    return { root, env: { ...env, HOME: join(root, "var/lib/cloudcert-mcp") } };
  }

  const modeOf = (path: string) => statSync(path).mode & 0o777;

  needs("install").each(["systemd/cloudcert-renew.service", "cron/cloudcert-renew"])(
    "%s leave settings and a private state directory for the first run",
    async (path) => {
      const { root, env } = await installed(path);
      expect(modeOf(env.HOME)).toBe(0o700);
      expect(modeOf(join(root, "etc/cloudcert-mcp"))).toBe(0o755);
      expect(modeOf(join(root, "etc/cloudcert-mcp/settings"))).toBe(0o640);
    },
  );

  needs("flock")("let the line for cron renew", async () => {
    const { root, env } = await installed("cron/cloudcert-renew");
    const command = cronCommand(join(root, "etc/cloudcert-mcp/settings"));
    expect(await runProgram("sh", ["-c", command], env)).toEqual({ code: 0, out: "", err: "" });
    expect(readdirSync(env.HOME)).toEqual(["renew.lock"]);
  });
});

describe("the line for cron", () => {
  /** What cron would mail, and how the command ends, if a renewal says something and ends with `code`. */
  async function mailed(code: number) {
    const folder = mkdtempSync(join(tmpdir(), "cc-cron-"));
    const settings = join(folder, "settings");
    writeFileSync(settings, `SAYS=renewal\nEXIT=${code}\n`);
    writeFileSync(join(folder, "cloudcert-mcp"), teller, { mode: 0o755 });
    const env = { HOME: folder, PATH: `${folder}:${process.env.PATH}` };
    const ended = await runProgram("sh", ["-c", cronCommand(settings)], env);
    return { code: ended.code, mail: ended.out + ended.err };
  }

  needs("flock").each([
    [0, ""],
    [3, "renewal: renew\nexit code 3\n"],
    [4, "renewal: renew\nexit code 4\n"],
  ])("after a renewal that ends with %i mails %j", async (code, mail) => {
    expect(await mailed(code)).toEqual({ code, mail });
  });
});

it("the terminal in Kubernetes finds what the settings of the renewals name", () => {
  const mountsIn = (path: string) =>
    [...readFileSync(integration(path), "utf8").matchAll(/mountPath: (\S+)/g)].map(([, at]) => at);
  expect(mountsIn("kubernetes/terminal.yaml")).toEqual(mountsIn("kubernetes/cronjob.yaml"));
});
