import { readFileSync } from "node:fs";
import { type Cloud, clouds, type Site } from "../catalogue/services.js";
import type { NamedAccount, SourceDeps } from "../cloud/credential-source.js";
import type { Credentials } from "../cloud/credentials.js";
import { systemCodeOf } from "../lib/failure.js";
import { FileFault, readYaml } from "../lib/yaml.js";
import { AccountCredentials, shownCredentials } from "./account-credentials.js";
import { type AccountSettings, accountsFile } from "./accounts-file.js";

/** An account of the accounts file. */
export interface ConfiguredAccount extends Required<NamedAccount> {
  readonly settings: AccountSettings;
  /** The clouds that it has credentials for, usable or not. */
  readonly clouds: readonly Cloud[];
  /** As they are set now, without any call. */
  credentials(): Credentials;
}

/**
 * Reads the accounts file; what is behind its references is read when it is needed.
 * @param site of Tencent Cloud where an account names none
 * @throws {FileFault} saying where the file is wrong
 */
export function readAccounts(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
  site: Site,
): readonly ConfiguredAccount[] {
  const { accounts } = readYaml(textOf(path), path, accountsFile).value;
  return Object.entries(accounts).map(([name, settings]) => ({
    name,
    settings,
    clouds: clouds.filter((cloud) => settings[cloud] !== undefined),
    credentials: () => shownCredentials({ settings, env }),
    open: (deps: SourceDeps) => new AccountCredentials({ name, settings, env, site }, deps),
  }));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new FileFault(`${path} cannot be read (${systemCodeOf(error) ?? "unknown"})`);
  }
}
