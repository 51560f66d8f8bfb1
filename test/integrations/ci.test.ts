import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runProgram } from "../support/command.js";
import { isInstalled } from "./processes.js";

const script = fileURLToPath(new URL("../../.ci/run", import.meta.url));

/** Runs a copy of the script on a machine that has nothing but a shell and these programs, as this user. */
async function onBareMachine(uid: number, programs: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "cc-ci-"));
  const [bin, log] = [join(folder, "bin"), join(folder, "log")];
  for (const path of [bin, join(folder, ".ci")]) mkdirSync(path);
  copyFileSync(script, join(folder, ".ci", "run"));
  for (const name of ["bash", "dirname", "env"]) symlinkSync(`/usr/bin/${name}`, join(bin, name));
  const all = {
    id: `echo ${uid}`,
    sudo: 'AS_ROOT=yes exec "$@"',
    "apt-get": `[ ${uid} = 0 ] || [ "$AS_ROOT" = yes ] || exit 100\necho "apt-get $*" >>${log}`,
    npm: `echo "npm $*" >>${log}`,
    ...programs,
  };
  for (const [name, body] of Object.entries(all)) {
    writeFileSync(join(bin, name), `#!/usr/bin/bash\n${body}\n`, { mode: 0o755 });
  }
  const { code, err } = await runProgram("/usr/bin/bash", [join(folder, ".ci", "run")], { PATH: bin });
  return { code, err, log: readFileSync(log, "utf8") };
}

describe.skipIf(!isInstalled("/usr/bin/bash"))("the script for CI", () => {
  it.each([0, 1001])("installs what is missing, and runs everything, as user %i", async (uid) => {
    const { code, err, log } = await onBareMachine(uid);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    for (const name of ["openssl", "pebble", "nginx-light", "docker-compose"])
      expect(log).toMatch(new RegExp(`install .*${name}`));
    expect(log).toContain("npm run conformance");
  });

  it("takes the compose of Docker where there is no program of that name", async () => {
    const { log } = await onBareMachine(1001, { docker: '[ "$*" = "compose version" ]' });
    expect(log).not.toContain("docker-compose");
  });
});
