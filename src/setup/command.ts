import { type FlagForms, readCommandLine } from "../config/command-line.js";
import { configurationFrom } from "../config/read.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import { readerIn } from "../lib/language.js";
import { chosenAccount, chosenAccounts, commandAccounts } from "./accounts.js";

/**
 * The command line of a command that works with accounts, and what follows from its settings.
 * @param own its flags besides the settings and --account
 * @throws {ConfigurationError} for anything unknown or invalid
 */
export function prepareCommand<const Own extends FlagForms>(
  args: readonly string[],
  env: EnvironmentVariables,
  own: Own,
) {
  const { flag, positionals, settings } = readCommandLine(args, { ...own, account: "value" });
  const configuration = configurationFrom(settings, env);
  return {
    flag,
    positionals,
    configuration,
    reader: readerIn(env, configuration.language),
    /** All accounts, or the one that --account names. @throws {ConfigurationError} if there is none of this name */
    accounts: async () => chosenAccounts(await commandAccounts(configuration, env), flag("account")),
    /** The only account. @throws {ConfigurationError} if there are several and none is named */
    account: async () => chosenAccount(await commandAccounts(configuration, env), flag("account")),
  };
}
