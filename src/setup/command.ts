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
    /** All accounts, and those that are meant: all, or the one that --account names. @throws {ConfigurationError} if there is none of this name */
    accounts: async () => {
      const all = await commandAccounts(configuration, env);
      return { all, chosen: chosenAccounts(all, flag("account")) };
    },
    /** All accounts, and the one that is meant. @throws {ConfigurationError} if there are several and none is named */
    account: async () => {
      const all = await commandAccounts(configuration, env);
      return { all, account: chosenAccount(all, flag("account")) };
    },
  };
}
