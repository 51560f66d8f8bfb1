import { type Cloud, clouds, hostOf, type Service, type Site } from "../catalogue/services.js";
import type { CredentialSource, NamedAccount, SourceDeps } from "../cloud/credential-source.js";
import { type Credentials, secretsOfCredentials } from "../cloud/credentials.js";
import { readTextFile } from "../lib/decode-text.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import { keepNewest } from "../lib/keep-newest.js";
import { readYaml } from "../lib/yaml.js";
import { type AccountSettings, accountsFile } from "./accounts-file.js";
import { type LongTermCredentials, readLongTermCredentials, referencesIn } from "./long-term-credentials.js";
import { alibabaRole, tencentRole } from "./roles/assume-role.js";
import { AssumedRole } from "./roles/assumed.js";
import { type HuaweiAgency, huaweiRole } from "./roles/huawei.js";

/** An account of the accounts file. */
export interface ConfiguredAccount extends Required<NamedAccount> {
  readonly settings: AccountSettings;
  /** The clouds that it has credentials for, usable or not. */
  readonly clouds: readonly Cloud[];
  /** Where the file says that its secrets are. */
  readonly references: readonly string[];
  /** As they are set now, without any call. */
  credentials(): Credentials;
  /** What must be masked of them, and of the keys that assume a role, as they are set now. */
  secrets(): readonly string[];
}

interface AccountEntry {
  readonly name: string;
  readonly settings: AccountSettings;
  readonly env: EnvironmentVariables;
  /** The site of Tencent Cloud where the account does not say which. */
  readonly site: Site;
}

/**
 * Reads the accounts file; what is behind its references is read when it is needed.
 * @param site of Tencent Cloud where an account names none
 * @throws {Error} if the file cannot be read, or saying where it is wrong
 */
export function readAccounts(path: string, env: AccountEntry["env"], site: Site): readonly ConfiguredAccount[] {
  const { accounts } = readYaml(readTextFile(path), path, accountsFile).value;
  return Object.entries(accounts).map(([name, settings]) => ({
    name,
    settings,
    clouds: clouds.filter((cloud) => settings[cloud] !== undefined),
    references: referencesIn(settings),
    credentials: () => withoutRoleKeys(settings, readLongTermCredentials(settings, env)),
    secrets: () => secretsOfCredentials(readLongTermCredentials(settings, env)),
    open: (deps: SourceDeps) => new AccountCredentials({ name, settings, env, site }, deps),
  }));
}

/** How many rotated secrets stay masked: requests in flight may still be signed with an earlier one. */
const MAX_MASKED_SECRETS = 32;

/** An account's credentials as they are set now: for a role, its name and no keys. */
function withoutRoleKeys({ tencent, alibaba, huawei }: AccountSettings, longTerm: LongTermCredentials): Credentials {
  const roles = {
    ...(longTerm.tencent && tencent?.role && { tencent: tencent.role.arn }),
    ...(longTerm.alibaba && alibaba?.role && { alibaba: alibaba.role.arn }),
    ...(longTerm.huawei && huawei?.agency && { huawei: agencyName(huawei.agency) }),
  };
  return {
    ...(longTerm.tencent && roles.tencent === undefined && { tencent: longTerm.tencent }),
    ...(longTerm.alibaba && roles.alibaba === undefined && { alibaba: longTerm.alibaba }),
    ...(longTerm.huawei && roles.huawei === undefined && { huawei: longTerm.huawei }),
    ...(huawei?.project_id !== undefined && { huaweiProjectId: huawei.project_id }),
    ...(Object.keys(roles).length > 0 && { roles }),
    ...(longTerm.faults && { faults: longTerm.faults }),
  };
}

const agencyName = ({ name, domain_name: domain, domain_id: id }: HuaweiAgency) => `${domain ?? id}/${name}`;

/** The credentials of one account: read anew for each call, so that a rotated secret counts at once. */
class AccountCredentials implements CredentialSource {
  readonly #entry: AccountEntry;
  readonly #hold: SourceDeps["maskSecrets"];
  readonly #roles: ReturnType<typeof rolesOf>;
  /** The masked secrets; the one that was used last is last. */
  readonly #masked = new Map<string, () => void>();

  constructor(of: AccountEntry, deps: SourceDeps) {
    this.#entry = of;
    this.#hold = deps.maskSecrets;
    this.#roles = rolesOf(of, deps);
  }

  latest(): Credentials {
    return withoutRoleKeys(this.#entry.settings, this.#read());
  }

  async signing(cloud: Cloud, signal: AbortSignal): Promise<Credentials> {
    const longTerm = this.#read(cloud);
    const shown = withoutRoleKeys(this.#entry.settings, longTerm);
    const [role, keys] = [this.#roles[cloud], longTerm[cloud]];
    return role && keys ? { ...shown, [cloud]: await role.keys(keys, signal) } : shown;
  }

  refused(cloud: Cloud): void {
    this.#roles[cloud]?.refused();
  }

  #read(cloud?: Cloud): LongTermCredentials {
    const longTerm = readLongTermCredentials(this.#entry.settings, this.#entry.env, cloud);
    for (const secret of secretsOfCredentials(longTerm)) {
      const release = this.#masked.get(secret) ?? this.#hold([secret]);
      keepNewest(this.#masked, secret, release, MAX_MASKED_SECRETS, (forgotten) => forgotten());
    }
    return longTerm;
  }
}

/** The roles that the account assumes, each with its token service. */
function rolesOf({ name, settings, site }: AccountEntry, deps: SourceDeps) {
  const { tencent, alibaba, huawei, endpoints } = settings;
  const named = (role: string) => `The role ${role} of account ${name}`;
  const at = ({ service }: { readonly service: Pick<Service, "hosts"> }, region?: string, where: Site = site) =>
    new URL(`https://${hostOf(service, where, region)}/`);
  return {
    tencent:
      tencent?.role &&
      new AssumedRole({
        protocol: tencentRole,
        role: { ...tencent.role, region: tencent.region },
        description: named(tencent.role.arn),
        url: endpoints["tencent-sts"] ?? at(tencentRole, undefined, tencent.site),
        deps,
      }),
    alibaba:
      alibaba?.role &&
      new AssumedRole({
        protocol: alibabaRole,
        role: alibaba.role,
        description: named(alibaba.role.arn),
        url: endpoints["alibaba-sts"] ?? at(alibabaRole, alibaba.region),
        deps,
      }),
    huawei:
      huawei?.agency &&
      new AssumedRole({
        protocol: huaweiRole,
        role: huawei.agency,
        description: `The agency ${agencyName(huawei.agency)} of account ${name}`,
        url: endpoints["huawei-iam"] ?? at(huaweiRole, huawei.region),
        deps,
      }),
  };
}
