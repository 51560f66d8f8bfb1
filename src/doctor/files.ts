import { join } from "node:path";
import { fileNamed } from "../cloud/credentials.js";
import type { EnvironmentVariables } from "../config/environment.js";
import { type Check, type DoctorFinding, doctorWarning, failure, ok, type Setup } from "./finding.js";
import { may, stateOf } from "./path-state.js";

export const credentialFiles: Check = {
  name: "credential files",
  run: async ({ configuration, env, home }) => {
    if (configuration.sandbox) return [ok("Not read: the sandbox brings its own.")];
    const found = (await Promise.all(pathsOf(env, home).map(credentialFile))).flat();
    return found.length > 0 ? found : [ok("None is there.")];
  },
};

/** The vendors' own credential files (docs/cloud-behaviour.md 1.2). */
function pathsOf(env: EnvironmentVariables, home: string): readonly string[] {
  return [
    join(home, ".tencentcloud", "credentials"),
    "/etc/tencentcloud/credentials",
    join(home, ".tccli", "default.credential"),
    join(home, ".aliyun", "config.json"),
    fileNamed(env.ALIBABA_CLOUD_CREDENTIALS_FILE, home) ?? join(home, ".alibabacloud", "credentials"),
    fileNamed(env.HUAWEICLOUD_SDK_CREDENTIALS_FILE, home) ?? join(home, ".huaweicloud", "credentials"),
  ];
}

async function credentialFile(path: string): Promise<DoctorFinding[]> {
  const found = await stateOf(path, true);
  if (found === undefined) return [];
  if (found.kind !== "file" || !(await may(path, "read"))) {
    return [doctorWarning(`${path} cannot be read, so it is skipped.`, "Make it readable to you, or remove it.")];
  }
  if (found.others !== 0) return [doctorWarning(`${path} is open to other users.`, `Run chmod 600 ${path}`)];
  return [ok(`${path} is readable, by you alone.`)];
}

export const keyDirectories: Check = {
  name: "key directories",
  run: async ({ configuration: { files } }: Setup) => {
    if (files.length === 0) return [ok("None is named (--files), so no file: reference is read.")];
    return Promise.all(files.map(keyDirectory));
  },
};

async function keyDirectory(path: string): Promise<DoctorFinding> {
  const found = await stateOf(path, true);
  const named = `It is named by --files: name one that exists and that you can open.`;
  if (found === undefined) return failure(`${path} cannot be found.`, named);
  if (found.kind !== "directory") return failure(`${path} is not a directory.`, named);
  if (!(await may(path, "list")))
    return failure(`${path} cannot be read.`, `Make it readable to you (chmod u+rx ${path}).`);
  if ((found.others & 0o022) !== 0) {
    return doctorWarning(`Other users can put files into ${path}.`, `Run chmod go-w ${path}`);
  }
  return ok(`${path} can be read.`);
}
