import { responseText } from "../../cloud/protocols/protocol.js";
import { sdkDate, signSdkHmac } from "../../cloud/signing/sdk-hmac.js";
import { isObject, parseObject } from "../../lib/json.js";
import type { AccountSettings } from "../accounts-file.js";
import { type RoleProtocol, temporaryKeysIn } from "./role.js";

/**
 * Temporary keys of an agency at Huawei Cloud IAM, CreateTemporaryAccessKeyByAgency, signed with an access key
 * (https://support.huaweicloud.com/intl/en-us/api-iam/iam_04_0101.html).
 */
const path = "/v3.0/OS-CREDENTIAL/securitytokens";

/** The account that created it is given by its name or its id. */
export type HuaweiAgency = NonNullable<NonNullable<AccountSettings["huawei"]>["agency"]>;

export const huaweiRole: RoleProtocol<HuaweiAgency> = {
  service: { hosts: { default: "iam.myhuaweicloud.com", regional: "iam.{region}.myhuaweicloud.com" } },
  build: ({ keys: { id: accessKey, key: secretKey, token }, role, url, now }) => {
    const { name: agency_name, domain_name, domain_id, seconds: duration_seconds } = role;
    const assumed = { agency_name, domain_name, domain_id, duration_seconds };
    const body = JSON.stringify({ auth: { identity: { methods: ["assume_role"], assume_role: assumed } } });
    const date = sdkDate(now);
    const headers = {
      "content-type": "application/json;charset=utf8",
      host: url.host,
      "x-sdk-date": date,
      ...(token && { "x-security-token": token }),
    };
    const call = { method: "POST", path, query: [], headers, date, body } as const;
    const { authorization } = signSdkHmac({ ...call, accessKey, secretKey });
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
    const code = responseText(isObject(error) ? error.code : answer.error_code);
    return code === "" ? undefined : { code, requestId: responseText(headers["x-request-id"]) || undefined };
  },
};
