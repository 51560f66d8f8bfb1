import { join } from "node:path";
import { z } from "zod";
import { type Cloud, clouds } from "../catalogue/services.js";
import type { EnvironmentVariables } from "../lib/environment.js";
import { joined, type SafeText, safe, verbatim } from "../lib/safe-text.js";
import { sha256Hex } from "../lib/sha256.js";
import {
  type CredentialNames,
  faultIn,
  fileNamed,
  type KeyParts,
  passOver,
  readIni,
  readJson,
  type SearchResult,
  type SkippedSource,
  searchFirst,
  searchIn,
  searchInFile,
  settingsIn,
  skippedIfPresent,
  unlessExpired,
} from "./credential-search.js";
import { credentialFault, mayBeKey, type Setting, trimmed } from "./credential-text.js";

/** Requests are either signed with keys or carry an IAM token. */
export type HuaweiCredentials = KeyParts | { readonly authToken: string };

/** The credentials of one account on each cloud. */
export interface Credentials {
  readonly tencent?: KeyParts;
  readonly alibaba?: KeyParts;
  readonly huawei?: HuaweiCredentials;
  /** The operator's project; not a secret. */
  readonly huaweiProjectId?: string;
  /** Roles that are assumed, by their names in the cloud: each call is signed with temporary keys of the role. */
  readonly roles?: Partial<Readonly<Record<Cloud, string>>>;
  /** Why what is set for a cloud cannot be a credential, in a sentence that does not repeat it. */
  readonly faults?: Partial<Readonly<Record<Cloud, SafeText>>>;
  /** Places that hold something for a cloud that is no usable credential, so that the next one was searched. */
  readonly passedOver?: Partial<Readonly<Record<Cloud, readonly SkippedSource[]>>>;
}

/** Whether the operator has set anything for a cloud, usable or not. */
export function hasSettingFor({ faults, roles, ...credentials }: Credentials, cloud: Cloud): boolean {
  return credentials[cloud] !== undefined || roles?.[cloud] !== undefined || faults?.[cloud] !== undefined;
}

/** Variables that hold half a credential for a cloud: it is not used, but somebody meant to use the cloud. */
export function halvesFor({ passedOver }: Credentials, cloud: Cloud): readonly SkippedSource[] {
  return (passedOver?.[cloud] ?? []).filter(({ from }) => isCredentialVariable(from));
}

/** The id of the credential that signs calls to a cloud, or the role that it signs for; not a secret. */
export function credentialId(credentials: Credentials, cloud: Cloud): string | undefined {
  const role = credentials.roles?.[cloud];
  if (role !== undefined) return role;
  const id = idAsSet(credentials, cloud);
  return id !== undefined && mayBeKey(id) ? `id of unusual form (hash ${sha256Hex(id).slice(0, 8)})` : id;
}

function idAsSet(credentials: Credentials, cloud: Cloud): string | undefined {
  const keys = credentials[cloud];
  return keys && ("authToken" in keys ? "token from IAM" : keys.id);
}

/** What a person sets to give the server access to a cloud, in order of preference. */
export const credentialVariables: Readonly<Record<Cloud, SafeText>> = {
  tencent: safe`TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY`,
  alibaba: safe`ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET`,
  huawei: safe`HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK and HUAWEICLOUD_SDK_PROJECT_ID`,
};

/**
 * Reads the credentials that the vendors' SDKs and CLIs would find: the environment first, then their files below
 * `home`. Half a credential, and files that are unreadable or need a role or a browser, are passed over, as in the
 * vendors' own chains. Unusable values are not: another account's key must not replace them.
 */
export function readCredentials(env: EnvironmentVariables, home: string, now = new Date()): Credentials {
  const variable = settingsIn(env, (name) => name);
  const tencent = searchFirst([() => searchIn("tencent", tencentVariables, variable), ...tencentFiles(home, now)]);
  const alibaba = searchFirst([() => searchIn("alibaba", alibabaVariables, variable), ...alibabaFiles(env, home)]);
  const ofHuawei = huaweiFile(env, home);
  const token = variable(tokenVariable);
  const huawei = searchFirst<HuaweiCredentials>([
    () => searchIn("huawei", huaweiVariables, variable),
    () => searchIn("huawei", terraformVariables, variable),
    () => token && (faultIn([token]) ?? { keys: { authToken: trimmed(token) } }),
    () => ofHuawei.keys,
    () => skippedIfPresent(join(home, ".hcloud", "config.json"), safe`is KooCLI's, which is not read here`),
  ]);
  const project = variable("HUAWEICLOUD_SDK_PROJECT_ID") ?? projectFor(huawei.keys, ofHuawei);
  const projectFault = project && credentialFault(project);
  const huaweiFault = projectFault ?? huawei.fault;
  const faults = {
    ...(tencent.fault && { tencent: tencent.fault }),
    ...(alibaba.fault && { alibaba: alibaba.fault }),
    ...(huaweiFault && { huawei: huaweiFault }),
  };
  const searches = { tencent, alibaba, huawei };
  const passedOver = clouds.flatMap((cloud) => {
    const all = [...searches[cloud].passedOver, ...otherNamesIn(env, cloud)];
    return all.length === 0 ? [] : [[cloud, all] as const];
  });
  return {
    ...(tencent.keys && { tencent: tencent.keys }),
    ...(alibaba.keys && { alibaba: alibaba.keys }),
    ...(huawei.keys && projectFault === undefined && { huawei: huawei.keys }),
    ...(project && projectFault === undefined && { huaweiProjectId: trimmed(project) }),
    ...(Object.keys(faults).length > 0 && { faults }),
    ...(passedOver.length > 0 && { passedOver: Object.fromEntries(passedOver) }),
  };
}

/** What was passed over for a cloud, as a sentence; undefined if nothing was. */
export function describeSkipped({ passedOver }: Credentials, cloud: Cloud): SafeText | undefined {
  const places = passedOver?.[cloud]?.map(({ from, why }) => safe`${verbatim(from)} ${why}`);
  return places && safe`${joined(places, safe`; `)}.`;
}

/** Three tools of the vendor use three names for the token: Node SDK, tccli, Terraform provider. */
const tencentVariables: CredentialNames = [
  "TENCENTCLOUD_SECRET_ID",
  "TENCENTCLOUD_SECRET_KEY",
  "TENCENTCLOUD_SESSION_TOKEN",
  "TENCENTCLOUD_TOKEN",
  "TENCENTCLOUD_SECURITY_TOKEN",
];

function tencentFiles(home: string, now: Date): readonly (() => SearchResult)[] {
  const ini: CredentialNames = ["secret_id", "secret_key", "token"];
  const inIni = [join(home, ".tencentcloud", "credentials"), "/etc/tencentcloud/credentials"].map((path) => () => {
    const read = readIni(path);
    return read && "content" in read
      ? searchInFile("tencent", ini, path, verbatim("[default]"), sectionOf(read.content, "default"))
      : read;
  });
  const json: CredentialNames = ["secretId", "secretKey", "token"];
  const path = join(home, ".tccli", "default.credential");
  const inJson = () => {
    const read = readJson(path);
    if (read === undefined || "passedOver" in read) return read;
    const { expiresAt } = tccliLogin.safeParse(read.content).data ?? {};
    return unlessExpired(path, expiresAt, now, searchInFile("tencent", json, path, safe`it`, read.content));
  };
  return [...inIni, inJson];
}

/** What a browser login leaves behind is temporary; in a profile of another type, tccli does not look at its end. */
const tccliLogin = z.object({ type: z.literal("oauth"), expiresAt: z.number() });

function sectionOf(content: unknown, name: string): unknown {
  return z.record(z.string(), z.unknown()).safeParse(content).data?.[name];
}

const alibabaVariables: CredentialNames = [
  "ALIBABA_CLOUD_ACCESS_KEY_ID",
  "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
  "ALIBABA_CLOUD_SECURITY_TOKEN",
];

/** Other profiles may be in any form: only the chosen one counts, and of it only what its mode needs. */
const aliyunConfig = z.object({ current: z.unknown(), profiles: z.array(z.unknown()) });
const aliyunName = z.object({ name: z.string() });
const aliyunMode = z.object({ mode: z.string() });
const alibabaType = z.object({ type: z.enum(["access_key", "sts"]) });

function alibabaFiles(env: EnvironmentVariables, home: string): readonly (() => SearchResult)[] {
  const inProfile = (): SearchResult => {
    const path = join(home, ".aliyun", "config.json");
    const read = readJson(path);
    if (read === undefined || "passedOver" in read) return read;
    const config = aliyunConfig.safeParse(read.content).data;
    if (config === undefined) return passOver(path, safe`is not in the form that the aliyun CLI writes`);
    const name = env.ALIBABA_CLOUD_PROFILE || z.string().safeParse(config.current).data || "";
    const section = safe`profile ${verbatim(JSON.stringify(name))}`;
    const profile = config.profiles.find((candidate) => aliyunName.safeParse(candidate).data?.name === name);
    if (profile === undefined) return passOver(path, safe`has no ${section}`);
    const { mode = "" } = aliyunMode.safeParse(profile).data ?? {};
    const isTemporary = mode === "StsToken";
    if (mode !== "AK" && !isTemporary) {
      const why = safe`has ${section} of mode ${verbatim(JSON.stringify(mode))}, and only AK and StsToken are read here`;
      return passOver(path, why);
    }
    // An `sts_expiration` here is a leftover: it belongs to the modes of a login, which are not read.
    const names: CredentialNames = ["access_key_id", "access_key_secret", ...(isTemporary ? ["sts_token"] : [])];
    return searchInFile("alibaba", names, path, section, profile);
  };
  const inIni = (): SearchResult => {
    const named = fileNamed(env.ALIBABA_CLOUD_CREDENTIALS_FILE, home);
    const path = named ?? join(home, ".alibabacloud", "credentials");
    const read = readIni(path);
    if (read === undefined) return named === undefined ? undefined : missingFile("ALIBABA_CLOUD_CREDENTIALS_FILE");
    if ("passedOver" in read) return read;
    const name = env.ALIBABA_CLOUD_PROFILE || "default";
    const inSection = safe`section ${verbatim(JSON.stringify(name))}`;
    const section = sectionOf(read.content, name);
    if (section === undefined) return passOver(path, safe`has no ${inSection}`);
    if (!alibabaType.safeParse(section).success)
      return passOver(path, safe`has in ${inSection} no type that is read here (access_key, sts)`);
    const names: CredentialNames = ["access_key_id", "access_key_secret", "security_token"];
    return searchInFile("alibaba", names, path, inSection, section);
  };
  const disabled = env.ALIBABA_CLOUD_CLI_PROFILE_DISABLED?.toLowerCase() === "true";
  return disabled ? [inIni] : [inProfile, inIni];
}

const missingFile = (variable: string) => passOver(variable, safe`names a file that is not there`);

const huaweiVariables: CredentialNames = ["HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK", "HUAWEICLOUD_SDK_SECURITY_TOKEN"];
/** Those of the vendor's Terraform provider; the SDK has none for an IAM token. */
const terraformVariables: CredentialNames = ["HW_ACCESS_KEY", "HW_SECRET_KEY"];
const tokenVariable = "HW_AUTH_TOKEN";

/** Whether a credential may be in the variable of this name. */
export function isCredentialVariable(name: string): boolean {
  return [...tencentVariables, ...alibabaVariables, ...huaweiVariables, ...terraformVariables, tokenVariable].includes(
    name,
  );
}

/** Names of ids in other tools, or in older versions, which are not read here. */
const otherNames: Readonly<Record<Cloud, readonly string[]>> = {
  tencent: ["TENCENT_SECRET_ID", "TENCENTCLOUD_SECRETID", "QCLOUD_SECRET_ID"],
  alibaba: ["ALICLOUD_ACCESS_KEY", "ALICLOUD_ACCESS_KEY_ID", "ALIYUN_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_ID"],
  huawei: ["HUAWEICLOUD_ACCESS_KEY", "HUAWEICLOUD_AK", "HUAWEI_ACCESS_KEY", "OS_ACCESS_KEY"],
};

function otherNamesIn(env: EnvironmentVariables, cloud: Cloud): readonly SkippedSource[] {
  return otherNames[cloud]
    .filter((name) => env[name])
    .map((from) => ({ from, why: safe`is set, but is not a name that is read here` }));
}

const huaweiNames: CredentialNames = ["ak", "sk", "security_token"];

/** What must be masked in everything that leaves the process: ids may be shown unless they may be keys. */
export function secretsOfCredentials(credentials: Credentials): string[] {
  return clouds.flatMap((cloud) => {
    const keys = credentials[cloud];
    if (keys === undefined) return [];
    if ("authToken" in keys) return [keys.authToken];
    const { id, key, token } = keys;
    return [key, ...(token === undefined ? [] : [token]), ...(mayBeKey(id) ? [id] : [])];
  });
}

/** Keys and the project, which count each by itself. */
interface HuaweiFile {
  readonly keys: SearchResult;
  readonly project?: Setting;
}

/** The project of the file, whatever keys are used. If they come from elsewhere, one that cannot be used is left out. */
function projectFor(used: HuaweiCredentials | undefined, { keys, project }: HuaweiFile): Setting | undefined {
  if (project === undefined || credentialFault(project) === undefined) return project;
  return keys && "keys" in keys && used === keys.keys ? project : undefined;
}

function huaweiFile(env: EnvironmentVariables, home: string): HuaweiFile {
  const named = fileNamed(env.HUAWEICLOUD_SDK_CREDENTIALS_FILE, home);
  const path = named ?? join(home, ".huaweicloud", "credentials");
  const read = readIni(path);
  if (read === undefined)
    return { keys: named === undefined ? undefined : missingFile("HUAWEICLOUD_SDK_CREDENTIALS_FILE") };
  if ("passedOver" in read) return { keys: read };
  const section = sectionOf(read.content, "basic");
  const keys = searchInFile("huawei", huaweiNames, path, verbatim("[basic]"), section);
  const project = huaweiProject.safeParse(section).data?.project_id;
  return { keys, ...(project && { project: { from: `project_id in ${path}`, value: project } }) };
}

const huaweiProject = z.object({ project_id: z.string().nullish() });
