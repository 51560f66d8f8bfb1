import type { ConfiguredAccount } from "../accounts/account.js";
import { type Cloud, clouds, endpointIds, type ServiceId, services, withBothStores } from "../catalogue/services.js";
import { type Credentials, hasSettingFor } from "../cloud/credentials.js";
import { type RuntimeEnvironment, readRuntimeEnvironment, terraformRegion } from "../config/environment.js";
import type { Configuration } from "../config/options.js";
import { ConfigurationError, explained } from "../config/read.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import { withPackages } from "../lib/optional-packages.js";

/** One account as a server works with it: what `compose` takes. */
export interface RuntimeAccount {
  /** The operator's name; absent for the one account of the environment. */
  readonly name: string | undefined;
  readonly clouds: readonly Cloud[];
  readonly configuration: Configuration;
  readonly environment: RuntimeEnvironment;
}

/**
 * The accounts of this server: those that --accounts names, else the one of the environment.
 * @throws {ConfigurationError} if the file is not as it should be
 */
export async function runtimeAccounts(
  given: Configuration,
  env: EnvironmentVariables,
  environment: RuntimeEnvironment,
): Promise<readonly RuntimeAccount[]> {
  // If it is not set, the variable of the vendor's Terraform provider counts.
  const huaweiRegion = given.huaweiRegion ?? terraformRegion(env);
  const configuration = { ...given, huaweiRegion };
  const { accounts: path, site } = configuration;
  if (path === undefined) {
    const set = clouds.filter((cloud) => hasSettingFor(environment.credentials, cloud));
    return [{ name: undefined, clouds: set, configuration, environment }];
  }
  const { readAccounts } = await withPackages(() => import("../accounts/account.js"));
  return explained("--accounts", () => {
    const accounts = readAccounts(path, env, site);
    // Of all of them: what one account may not send is also no matter for the others, and is masked in their replies.
    const processEnvironment: RuntimeEnvironment = {
      ...environment,
      references: [...environment.references, ...accounts.flatMap(({ references }) => references)],
      accountSecrets: [...new Set(accounts.flatMap((account) => account.secrets()))],
    };
    return accounts.map((account) => withAccountSettings(account, configuration, processEnvironment));
  });
}

/** The same for a command, from its settings. */
export function commandAccounts(configuration: Configuration, env: EnvironmentVariables) {
  return runtimeAccounts(configuration, env, readRuntimeEnvironment(configuration, env));
}

/** All accounts, or the one that --account names. @throws {ConfigurationError} if there is none of this name */
export function chosenAccounts(
  accounts: readonly RuntimeAccount[],
  name: string | undefined,
): readonly RuntimeAccount[] {
  if (name === undefined) return accounts;
  const found = accounts.filter((account) => account.name === name);
  if (found.length > 0) return found;
  const names = accounts.flatMap((account) => account.name ?? []).join(", ");
  throw new ConfigurationError(
    names === "" ? "--account requires --accounts" : `there is no account ${name}; there are ${names}`,
  );
}

/** The account of a command that works with one. @throws {ConfigurationError} if none of several is named */
export function chosenAccount(accounts: readonly RuntimeAccount[], name: string | undefined): RuntimeAccount {
  const [only, ...others] = chosenAccounts(accounts, name);
  if (only !== undefined && others.length === 0) return only;
  const names = accounts.flatMap((account) => account.name ?? []).join(", ");
  throw new ConfigurationError(`choose one with --account: ${names}`);
}

function withAccountSettings(
  account: ConfiguredAccount,
  configuration: Configuration,
  environment: RuntimeEnvironment,
): RuntimeAccount {
  const { name, settings, clouds: set, open } = account;
  const { tencent, alibaba, huawei, endpoints } = settings;
  const { sandbox } = configuration;
  // Addresses of token services are used only by the account's credentials.
  const own = endpointIds.flatMap((id) => (endpoints[id] === undefined ? [] : [[id, endpoints[id]] as const]));
  return {
    name,
    clouds: set,
    configuration: {
      ...configuration,
      services: configuration.services?.filter((id) => set.some((cloud) => cloud === cloudOf(id))),
      site: tencent?.site ?? configuration.site,
      tencentRegion: tencent?.region ?? configuration.tencentRegion,
      alibabaRegion: alibaba?.region ?? configuration.alibabaRegion,
      huaweiRegion: huawei?.region ?? configuration.huaweiRegion,
      endpoint: { ...configuration.endpoint, ...(!sandbox && withBothStores(Object.fromEntries(own))) },
    },
    environment: {
      ...environment,
      // In the sandbox each account is a sandbox of its own, with its credentials for the clouds that the account has.
      credentials: sandbox ? restrictedTo(environment.credentials, set) : account.credentials(),
      account: sandbox ? { name } : { name, open },
    },
  };
}

const cloudOf = (id: ServiceId) => services.find((service) => service.id === id)?.cloud;

/** Those of these clouds alone. */
function restrictedTo({ tencent, alibaba, huawei, huaweiProjectId }: Credentials, set: readonly Cloud[]): Credentials {
  return {
    ...(tencent && set.includes("tencent") && { tencent }),
    ...(alibaba && set.includes("alibaba") && { alibaba }),
    ...(huawei && set.includes("huawei") && { huawei, ...(huaweiProjectId !== undefined && { huaweiProjectId }) }),
  };
}
