import { readFileSync } from "node:fs";
import { type Cloud, clouds, hostOf, type Service, type Site } from "../catalogue/services.js";
import type { CredentialSource, NamedAccount, SourceDeps } from "../cloud/credential-source.js";
import { alibabaKeys, type Credentials, huaweiKeys, secretsOfCredentials, tencentKeys } from "../cloud/credentials.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import { systemCodeOf } from "../lib/failure.js";
import { FileFault, readYaml } from "../lib/yaml.js";
import { type AccountSettings, accountsFile } from "./accounts-file.js";
import { type LastingCredentials, readLasting, referencesIn } from "./lasting-credentials.js";
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

interface AccountOfFile {
  readonly name: string;
  readonly settings: AccountSettings;
  readonly env: EnvironmentVariables;
  /** The site of Tencent Cloud where the account does not say which. */
  readonly site: Site;
}

/**
 * Reads the accounts file; what is behind its references is read when it is needed.
 * @param site of Tencent Cloud where an account names none
 * @throws {FileFault} saying where the file is wrong
 */
export function readAccounts(path: string, env: AccountOfFile["env"], site: Site): readonly ConfiguredAccount[] {
  const { accounts } = readYaml(textOf(path), path, accountsFile).value;
  return Object.entries(accounts).map(([name, settings]) => ({
    name,
    settings,
    clouds: clouds.filter((cloud) => settings[cloud] !== undefined),
    references: referencesIn(settings),
    credentials: () => withoutRoleKeys(settings, readLasting(settings, env)),
    secrets: () => secretsOfCredentials(readLasting(settings, env)),
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

/** How many rotated secrets stay masked: requests in flight may still be signed with an earlier one. */
const HELD = 32;

/** An account's credentials as they are set now: for a role, its name and no keys. */
function withoutRoleKeys({ tencent, alibaba, huawei }: AccountSettings, lasting: LastingCredentials): Credentials {
  const roles = {
    ...(lasting.tencent && tencent?.role && { tencent: tencent.role.arn }),
    ...(lasting.alibaba && alibaba?.role && { alibaba: alibaba.role.arn }),
    ...(lasting.huawei && huawei?.agency && { huawei: agencyName(huawei.agency) }),
  };
  return {
    ...(lasting.tencent && roles.tencent === undefined && { tencent: lasting.tencent }),
    ...(lasting.alibaba && roles.alibaba === undefined && { alibaba: lasting.alibaba }),
    ...(lasting.huawei && roles.huawei === undefined && { huawei: lasting.huawei }),
    ...(huawei?.project_id !== undefined && { huaweiProjectId: huawei.project_id }),
    ...(Object.keys(roles).length > 0 && { roles }),
    ...(lasting.faults && { faults: lasting.faults }),
  };
}

const agencyName = ({ name, domain_name: domain, domain_id: id }: HuaweiAgency) => `${domain ?? id}/${name}`;

/** The credentials of one account: read anew for each call, so that a rotated secret counts at once. */
class AccountCredentials implements CredentialSource {
  readonly #of: AccountOfFile;
  readonly #hold: SourceDeps["hold"];
  readonly #roles: ReturnType<typeof rolesOf>;
  /** The masked secrets, oldest first. */
  readonly #held = new Map<string, () => void>();

  constructor(of: AccountOfFile, deps: SourceDeps) {
    this.#of = of;
    this.#hold = deps.hold;
    this.#roles = rolesOf(of, deps);
  }

  latest(): Credentials {
    return withoutRoleKeys(this.#of.settings, this.#read());
  }

  async signing(cloud: Cloud, signal: AbortSignal): Promise<Credentials> {
    const lasting = this.#read(cloud);
    const { tencent, alibaba, huawei } = this.#roles;
    const shown = withoutRoleKeys(this.#of.settings, lasting);
    if (cloud === "tencent" && tencent && lasting.tencent) {
      return { ...shown, tencent: tencentKeys(await tencent.keys(lasting.tencent, signal)) };
    }
    if (cloud === "alibaba" && alibaba && lasting.alibaba) {
      return { ...shown, alibaba: alibabaKeys(await alibaba.keys(lasting.alibaba, signal)) };
    }
    if (cloud === "huawei" && huawei && lasting.huawei) {
      return { ...shown, huawei: huaweiKeys(await huawei.keys(lasting.huawei, signal)) };
    }
    return shown;
  }

  refused(cloud: Cloud): void {
    this.#roles[cloud]?.refused();
  }

  #read(cloud?: Cloud): LastingCredentials {
    const lasting = readLasting(this.#of.settings, this.#of.env, cloud);
    for (const secret of secretsOfCredentials(lasting)) {
      if (!this.#held.has(secret)) this.#held.set(secret, this.#hold([secret]));
    }
    for (const [oldest, release] of this.#held) {
      if (this.#held.size <= HELD) break;
      this.#held.delete(oldest);
      release();
    }
    return lasting;
  }
}

/** The roles that the account assumes, each with its token service. */
function rolesOf({ name, settings, site }: AccountOfFile, deps: SourceDeps) {
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
        named: named(tencent.role.arn),
        url: endpoints["tencent-sts"] ?? at(tencentRole, undefined, tencent.site),
        deps,
      }),
    alibaba:
      alibaba?.role &&
      new AssumedRole({
        protocol: alibabaRole,
        role: alibaba.role,
        named: named(alibaba.role.arn),
        url: endpoints["alibaba-sts"] ?? at(alibabaRole, alibaba.region),
        deps,
      }),
    huawei:
      huawei?.agency &&
      new AssumedRole({
        protocol: huaweiRole,
        role: huawei.agency,
        named: `The agency ${agencyName(huawei.agency)} of account ${name}`,
        url: endpoints["huawei-iam"] ?? at(huaweiRole, huawei.region),
        deps,
      }),
  };
}
