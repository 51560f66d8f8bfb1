import type { NamedAccount } from "../cloud/credential-source.js";
import { type Credentials, isCredentialVariable, readCredentials, secretsOfCredentials } from "../cloud/credentials.js";
import { type ProxySettings, proxyFrom, proxyVariables } from "../cloud/proxy.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import { messageOf } from "../lib/failure.js";
import { homeDirectory, NO_HOME, requiredStateDirectory } from "../lib/paths.js";
import { isReference, partsOfReference } from "../lib/read-secret-reference.js";
import { sandboxCredentialVariables } from "../sandbox/credentials.js";
import { type DatabaseAccess, readDatabaseAccess } from "./database.js";
import { type NotifyTarget, readNotifyTargets } from "./notify.js";
import { asRegion } from "./option-types.js";
import type { Configuration } from "./options.js";
import { ConfigurationError, explained, PREFIX } from "./read.js";

/** What this run takes from its environment, apart from its own settings. */
export interface RuntimeEnvironment {
  readonly credentials: Credentials;
  /** The account of the accounts file that `credentials` belong to; absent where there is no such file. */
  readonly account?: NamedAccount;
  readonly proxy: ProxySettings | undefined;
  /** Where notifications go. With the sandbox, the receivers are still real. */
  readonly notify: { readonly targets: readonly NotifyTarget[]; readonly proxy: ProxySettings | undefined };
  /** Absent: what the program remembers is in files. */
  readonly database: DatabaseAccess | undefined;
  /** Where the settings say that secrets are, those of every account of the process: `env:NAME` or `file:/PATH`. */
  readonly references: readonly string[];
  /** What must be masked of the keys of every account of the accounts file; absent where there is no such file. */
  readonly accountSecrets?: readonly string[];
}

/**
 * Reads credentials and proxy from environment and files; with the sandbox, uses the sandbox's own instead.
 * @throws {ConfigurationError} if the environment names an invalid proxy or region
 * @throws {ToolError} if there is no place for what the program keeps
 */
export function readRuntimeEnvironment(configuration: Configuration, env: EnvironmentVariables): RuntimeEnvironment {
  const targets = explained("--notify", () => readNotifyTargets(configuration.notify, env));
  const notify = { targets, proxy: targets.length > 0 ? proxyIn(env) : undefined };
  const database = databaseIn(configuration, env);
  const { auditLog, jobs, sandbox } = configuration;
  const references = [
    ...configuration.notify.flatMap(({ address, secret }) => [address, ...(secret === undefined ? [] : [secret])]),
    ...[configuration.database, configuration.stateKey].flatMap((each) => (each && isReference(each) ? [each] : [])),
  ];
  // At the start and not at the first call, which is too late for the operator. The sandbox's jobs end with it.
  if (database === undefined && (auditLog === undefined || (jobs === undefined && !sandbox))) requiredStateDirectory();
  if (sandbox) {
    const credentials = readCredentials(sandboxCredentialVariables, NO_HOME);
    return { credentials, proxy: undefined, notify, database, references };
  }
  // It becomes part of a host, like the setting that takes precedence over it.
  const region = terraformRegion(env);
  if (region !== undefined) explained("HW_REGION_NAME", () => asRegion(region));
  const credentials = readCredentials(env, homeDirectory() ?? NO_HOME);
  return { credentials, proxy: proxyIn(env), notify, database, references };
}

/** The Huawei Cloud region by the variable of the vendor's Terraform provider; undefined if that is blank. */
export function terraformRegion({ HW_REGION_NAME: region }: EnvironmentVariables): string | undefined {
  return region?.trim() || undefined;
}

/** The database that servers share, if there is one. @throws {ConfigurationError} if what it needs cannot be read */
export function databaseIn(
  { database, stateKey, auditLog, jobs }: Pick<Configuration, "database" | "stateKey" | "auditLog" | "jobs">,
  env: EnvironmentVariables,
): DatabaseAccess | undefined {
  if (database === undefined) return undefined;
  if (auditLog !== undefined || jobs !== undefined)
    throw new ConfigurationError("--database replaces --audit-log and --jobs: set one or the other");
  return explained("--database", () => readDatabaseAccess(database, stateKey, env));
}

function proxyIn(env: EnvironmentVariables): ProxySettings | undefined {
  try {
    return proxyFrom(env);
  } catch (error) {
    throw new ConfigurationError(messageOf(error));
  }
}

/**
 * The variables that are for this program alone: its settings, its credentials of all accounts, and those that its
 * settings name. No call may have one of them sent to a cloud as its password.
 */
export function ownVariables(
  environment: Parameters<typeof configuredSecrets>[0] & Pick<RuntimeEnvironment, "references">,
  env: EnvironmentVariables,
): ReadonlySet<string> {
  const secrets = configuredSecrets(environment);
  const named = new Set(environment.references.map((reference) => partsOfReference(reference).variable));
  const isOwn = (name: string, value = "") =>
    name.startsWith(PREFIX) ||
    isCredentialVariable(name) ||
    proxyVariables.includes(name) ||
    named.has(name) ||
    secrets.some((secret) => value.includes(secret));
  return new Set(Object.entries(env).flatMap(([name, value]) => (isOwn(name, value) ? [name] : [])));
}

/**
 * What is masked everywhere: the secret parts of the credentials of all accounts, of notification addresses and of the
 * database setting. The proxy's password is not: it may be a word, and a mask would tell a caller who guesses it that
 * the guess is right.
 */
export function configuredSecrets({
  credentials,
  notify,
  database,
  accountSecrets = [],
}: Pick<RuntimeEnvironment, "credentials" | "notify" | "database" | "accountSecrets">): string[] {
  return [
    ...secretsOfCredentials(credentials),
    ...accountSecrets,
    ...notify.targets.flatMap(({ secrets }) => secrets),
    ...(database?.secrets ?? []),
  ];
}
