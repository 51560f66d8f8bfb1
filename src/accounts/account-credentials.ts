import { type Cloud, hostOf, type Service, type Site } from "../catalogue/services.js";
import type { CredentialSource, SourceDeps } from "../cloud/credential-source.js";
import { type Credentials, secretsOfCredentials } from "../cloud/credentials.js";
import type { AccountSettings } from "./accounts-file.js";
import { alibabaOf, huaweiOf, type LastingCredentials, readLasting, tencentOf } from "./lasting-credentials.js";
import { alibabaRole, alibabaTokenService } from "./roles/alibaba.js";
import { AssumedRole } from "./roles/assumed.js";
import { huaweiRole, huaweiTokenService } from "./roles/huawei.js";
import { tencentRole, tencentTokenService } from "./roles/tencent.js";

export interface AccountOfFile {
  readonly name: string;
  readonly settings: AccountSettings;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The site of Tencent Cloud where the account does not say which. */
  readonly site: Site;
}

/** How many rotated secrets stay masked: requests in flight may still be signed with an earlier one. */
const HELD = 32;

/** An account's credentials as they are set now, without any call: for a role, its name and no keys. */
export function shownCredentials({ settings, env }: Pick<AccountOfFile, "settings" | "env">): Credentials {
  return withoutRoleKeys(settings, readLasting(settings, env));
}

function withoutRoleKeys({ tencent, alibaba, huawei }: AccountSettings, lasting: LastingCredentials): Credentials {
  const roles = {
    ...(lasting.tencent && tencent?.role && { tencent: tencent.role.arn }),
    ...(lasting.alibaba && alibaba?.role && { alibaba: alibaba.role.arn }),
    ...(lasting.huawei && huawei?.agency && { huawei: agencyInWords(huawei.agency) }),
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

type Agency = NonNullable<NonNullable<AccountSettings["huawei"]>["agency"]>;

const agencyInWords = ({ name, domain_name: domain, domain_id: id }: Agency) => `${domain ?? id}/${name}`;

/** The credentials of one account: read anew for each call, so that a rotated secret counts at once. */
export class AccountCredentials implements CredentialSource {
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
      return { ...shown, tencent: tencentOf(await tencent.keys(lasting.tencent, signal)) };
    }
    if (cloud === "alibaba" && alibaba && lasting.alibaba) {
      return { ...shown, alibaba: alibabaOf(await alibaba.keys(lasting.alibaba, signal)) };
    }
    if (cloud === "huawei" && huawei && lasting.huawei) {
      return { ...shown, huawei: huaweiOf(await huawei.keys(lasting.huawei, signal)) };
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
  const at = (service: Pick<Service, "hosts">, region?: string, where: Site = site) =>
    new URL(`https://${hostOf(service, where, region)}/`);
  const { role: tencentGiven, region: tencentRegion } = tencent ?? {};
  const { role: alibabaGiven } = alibaba ?? {};
  const { agency } = huawei ?? {};
  return {
    tencent:
      tencentGiven &&
      new AssumedRole({
        protocol: tencentRole,
        role: { ...roleOf(tencentGiven), region: tencentRegion },
        named: named(tencentGiven.arn),
        url: endpoints["tencent-sts"] ?? at(tencentTokenService, undefined, tencent?.site),
        deps,
      }),
    alibaba:
      alibabaGiven &&
      new AssumedRole({
        protocol: alibabaRole,
        role: roleOf(alibabaGiven),
        named: named(alibabaGiven.arn),
        url: endpoints["alibaba-sts"] ?? at(alibabaTokenService, alibaba?.region),
        deps,
      }),
    huawei:
      agency &&
      new AssumedRole({
        protocol: huaweiRole,
        role: { name: agency.name, domain: domainOf(agency), seconds: agency.seconds },
        named: `The agency ${agencyInWords(agency)} of account ${name}`,
        url: endpoints["huawei-iam"] ?? at(huaweiTokenService, huawei?.region),
        deps,
      }),
  };
}

type GivenRole = NonNullable<NonNullable<AccountSettings["tencent" | "alibaba"]>["role"]>;

function roleOf({ arn, session_name: session, seconds, external_id: externalId }: GivenRole) {
  return { arn, session, seconds, externalId };
}

function domainOf({ domain_name: name, domain_id: id }: Agency) {
  return name === undefined ? { domain_id: id ?? "" } : { domain_name: name };
}
