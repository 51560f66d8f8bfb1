import type { HuaweiKeys } from "../../cloud/credentials.js";
import { limitedText } from "../../cloud/protocols/protocol.js";
import { signSdkHmac } from "../../cloud/signing/sdk-hmac.js";
import { isObject, parseObject } from "../../lib/json.js";
import { type RoleProtocol, temporaryKeysIn } from "./role.js";

/**
 * Temporary keys of an agency at Huawei Cloud IAM, CreateTemporaryAccessKeyByAgency, signed with an access key
 * (https://support.huaweicloud.com/intl/en-us/api-iam/iam_04_0101.html).
 */
const path = "/v3.0/OS-CREDENTIAL/securitytokens";

export const huaweiTokenService = {
  hosts: { default: "iam.myhuaweicloud.com", regional: "iam.{region}.myhuaweicloud.com" },
};

export interface HuaweiAgency {
  readonly name: string;
  /** The account that created the agency, by its name or its id. */
  readonly domain: { readonly domain_name: string } | { readonly domain_id: string };
  readonly seconds: number;
}

export const huaweiRole: RoleProtocol<HuaweiKeys, HuaweiAgency> = {
  build: ({ keys, role, url, now }) => {
    const assumed = { agency_name: role.name, ...role.domain, duration_seconds: role.seconds };
    const body = JSON.stringify({ auth: { identity: { methods: ["assume_role"], assume_role: assumed } } });
    const date = now.toISOString().replace(/[-:]|\.\d+/g, "");
    const headers = {
      "content-type": "application/json;charset=utf8",
      host: url.host,
      "x-sdk-date": date,
      ...(keys.securityToken && { "x-security-token": keys.securityToken }),
    };
    const { authorization } = signSdkHmac({ method: "POST", path, query: [], headers, date, body, ...keys });
    return { method: "POST", origin: url.origin, path, headers: { authorization, ...headers }, body };
  },
  read: ({ status, headers, body }) => {
    const answer = parseObject(body);
    if (answer === undefined) return undefined;
    if (status >= 200 && status < 300) {
      const { credential } = answer;
      if (!isObject(credential)) return undefined;
      const { access, secret, securitytoken: token, expires_at: until } = credential;
      return temporaryKeysIn(access, secret, token, Date.parse(String(until)));
    }
    // IAM has an envelope of its own, the gateway before it another.
    const { error } = answer;
    const code = limitedText(isObject(error) ? error.code : answer.error_code);
    return code === "" ? undefined : { code, requestId: limitedText(headers["x-request-id"]) || undefined };
  },
};
