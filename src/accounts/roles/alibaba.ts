import type { AlibabaCredentials } from "../../cloud/credentials.js";
import { alibabaProtocol } from "../../cloud/protocols/alibaba.js";
import type { AddressedOperation } from "../../cloud/protocols/protocol.js";
import { isObject } from "../../lib/json.js";
import { assumeRoleParams, type NamedRole, type RoleProtocol, temporaryKeysIn } from "./role.js";

/** AssumeRole of Alibaba Cloud, STS 2015-04-01 (https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole). */
const assumeRole: AddressedOperation = {
  name: "AssumeRole",
  service: { version: "2015-04-01", hosts: { default: "sts.aliyuncs.com", regional: "sts.{region}.aliyuncs.com" } },
};

export const alibabaTokenService = assumeRole.service;

export const alibabaRole: RoleProtocol<AlibabaCredentials, NamedRole> = {
  build: ({ keys, role, url, now, nonce }) =>
    alibabaProtocol.build({
      operation: assumeRole,
      params: assumeRoleParams(role),
      endpoint: { origin: url.origin, host: url.host },
      credentials: keys,
      now,
      nonce,
    }),
  read: (reply) => {
    const outcome = alibabaProtocol.decode(reply);
    if (outcome === undefined) return undefined;
    if (!outcome.ok) return outcome;
    const { Credentials: keys } = outcome.result;
    if (!isObject(keys)) return undefined;
    return temporaryKeysIn(
      keys.AccessKeyId,
      keys.AccessKeySecret,
      keys.SecurityToken,
      Date.parse(String(keys.Expiration)),
    );
  },
};
