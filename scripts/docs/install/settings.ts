import { sites } from "../../../src/catalogue/services.js";
import type { Approval, OptionName } from "../../../src/config/options.js";
import { variableOf } from "../../../src/config/read.js";

/**
 * What a person fills in when installing the server from a bundle or a registry. Both forms are generated from this
 * list; every other setting is only a flag or a variable.
 */
export interface InstallSetting {
  /** Its name in the manifest of the bundle. */
  readonly key: string;
  /** The variable that passes it to the server. */
  readonly variable: string;
  readonly title: string;
  readonly description: string;
  readonly form: "text" | "secret" | "switch";
  /** The value if a person leaves it unchanged; the server treats an empty text as "not given". */
  readonly fallback: string;
  readonly choices?: readonly string[];
}

/** Ways of asking that need nothing else from the host; `token` is for operators who know their host. */
const channels: readonly Approval[] = ["auto", "elicit", "page", "terminal"];

const setting = (key: string, option: OptionName) => ({ key, variable: variableOf(option) });
const half = (key: string, variable: string, title: string, description: string): InstallSetting => ({
  ...{ key, variable, title, description },
  form: "secret",
  fallback: "",
});

export const installSettings: readonly InstallSetting[] = [
  {
    ...setting("sandbox", "sandbox"),
    title: "Sandbox",
    description: "Use simulated clouds; no account needed. Switch this off once you have entered keys.",
    form: "switch",
    fallback: "true",
  },
  {
    ...setting("read_only", "readOnly"),
    title: "Read only",
    description: "Offer and allow only reads.",
    form: "switch",
    fallback: "false",
  },
  {
    ...setting("approval", "approve"),
    title: "Approval",
    description: `How you are asked before anything changes: ${channels.join(", ")}. auto: in the client if it can ask, otherwise in your browser or a terminal.`,
    form: "text",
    fallback: "auto",
    choices: channels,
  },
  half("tencent_secret_id", "TENCENTCLOUD_SECRET_ID", "Tencent Cloud SecretId", "For SSL Certificates and EdgeOne."),
  half("tencent_secret_key", "TENCENTCLOUD_SECRET_KEY", "Tencent Cloud SecretKey", "The key of that SecretId."),
  {
    ...setting("tencent_site", "site"),
    title: "Tencent Cloud site",
    description: `The site of the Tencent Cloud account: ${sites.join(" or ")}.`,
    form: "text",
    fallback: "intl",
    choices: sites,
  },
  half("alibaba_access_key_id", "ALIBABA_CLOUD_ACCESS_KEY_ID", "Alibaba Cloud AccessKey ID", "For CDN, DCDN and VOD."),
  half(
    "alibaba_access_key_secret",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    "Alibaba Cloud AccessKey secret",
    "The secret of that AccessKey.",
  ),
  half("huawei_ak", "HUAWEICLOUD_SDK_AK", "Huawei Cloud AK", "For Live."),
  half("huawei_sk", "HUAWEICLOUD_SDK_SK", "Huawei Cloud SK", "The secret of that AK."),
  {
    key: "huawei_project_id",
    variable: "HUAWEICLOUD_SDK_PROJECT_ID",
    title: "Huawei Cloud project ID",
    description: "The project of the Live domains.",
    form: "text",
    fallback: "",
  },
  {
    ...setting("huawei_region", "huaweiRegion"),
    title: "Huawei Cloud region",
    description: "The region of the Live service, e.g. ap-southeast-3. Empty: cn-north-4.",
    form: "text",
    fallback: "",
  },
];

/** The directories for `file:` references: the only setting with several values, so it is passed as arguments. */
export const fileDirectories = {
  key: "files",
  title: "Directories",
  description: "Directories from which file: references are read and in which secrets are saved. Default: none.",
};
