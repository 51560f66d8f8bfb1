import type { Cloud } from "../catalogue/services.js";

/* Credentials of the sandbox's account. They are public on purpose and open nothing else. */

export interface SandboxCredential {
  readonly id: string;
  readonly secret: string;
  /** Of a temporary credential. */
  readonly token?: string;
}

export const permanentCredentials: Readonly<Record<Cloud, SandboxCredential>> = {
  tencent: { id: "AKIDsandboxTencentPermanent", secret: "sandbox-tencent-secret-key" },
  alibaba: { id: "LTAIsandboxAlibabaPermanent", secret: "sandbox-alibaba-secret-key" },
  huawei: { id: "SANDBOXHUAWEIPERMANENT", secret: "sandbox-huawei-secret-key" },
};

/** As from a cloud's token service: id and secret are valid only with their token. */
export const temporaryCredentials: Readonly<Record<Cloud, Required<SandboxCredential>>> = {
  tencent: {
    id: "AKIDsandboxTencentTemporary",
    secret: "sandbox-tencent-temporary-key",
    token: "sandbox/tencent+token==",
  },
  alibaba: {
    id: "STS.sandboxAlibabaTemporary",
    secret: "sandbox-alibaba-temporary-key",
    token: "sandbox/alibaba+token==",
  },
  huawei: { id: "SANDBOXHUAWEITEMPORARY", secret: "sandbox-huawei-temporary-key", token: "sandbox/huawei+token==" },
};

/** Accepted by Huawei Cloud in `X-Auth-Token`, like a project token from IAM. */
export const huaweiAuthToken = "sandbox-huawei-x-auth-token";

export const huaweiProjectId = "sandboxproject";

/** The account's credential with this id. */
export function credentialOf(cloud: Cloud, id: string): SandboxCredential | undefined {
  return [permanentCredentials[cloud], temporaryCredentials[cloud]].find((credential) => credential.id === id);
}

/** The permanent credentials under the variable names of the program (docs/cloud-behaviour.md 1.2). */
export const sandboxCredentialVariables: Readonly<Record<string, string>> = {
  TENCENTCLOUD_SECRET_ID: permanentCredentials.tencent.id,
  TENCENTCLOUD_SECRET_KEY: permanentCredentials.tencent.secret,
  ALIBABA_CLOUD_ACCESS_KEY_ID: permanentCredentials.alibaba.id,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: permanentCredentials.alibaba.secret,
  HUAWEICLOUD_SDK_AK: permanentCredentials.huawei.id,
  HUAWEICLOUD_SDK_SK: permanentCredentials.huawei.secret,
  HUAWEICLOUD_SDK_PROJECT_ID: huaweiProjectId,
};

/** The key of the bucket behind the domains of EdgeOne, which no reply may show. */
export const bucketSecret = "sandbox-bucket-secret-4c1d7e0f2b9a";
