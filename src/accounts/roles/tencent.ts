import type { TencentCredentials } from "../../cloud/credentials.js";
import type { AddressedOperation } from "../../cloud/protocols/protocol.js";
import { tencentTc3 } from "../../cloud/protocols/tencent.js";
import { isObject } from "../../lib/json.js";
import { assumeRoleParams, type NamedRole, type RoleProtocol, temporaryKeysIn } from "./role.js";

/** AssumeRole of Tencent Cloud, STS 2018-08-13 (https://www.tencentcloud.com/document/product/1150/49456). */
const assumeRole: AddressedOperation = {
  name: "AssumeRole",
  service: {
    version: "2018-08-13",
    hosts: { default: { intl: "sts.intl.tencentcloudapi.com", mainland: "sts.tencentcloudapi.com" } },
  },
};

export const tencentTokenService = assumeRole.service;

/** The API requires a region; all regions give the same keys. The vendor's SDK for Node.js sends this one. */
const usualRegion = "ap-guangzhou";

export interface TencentRole extends NamedRole {
  readonly region?: string | undefined;
}

export const tencentRole: RoleProtocol<TencentCredentials, TencentRole> = {
  build: ({ keys, role, url, now, nonce }) =>
    tencentTc3.build({
      operation: assumeRole,
      params: assumeRoleParams(role),
      endpoint: { origin: url.origin, host: url.host },
      credentials: keys,
      now,
      nonce,
      region: role.region ?? usualRegion,
    }),
  read: (reply) => {
    const outcome = tencentTc3.decode(reply);
    if (outcome === undefined) return undefined;
    if (!outcome.ok) return outcome;
    const { Credentials: keys, ExpiredTime: until } = outcome.result;
    if (!isObject(keys)) return undefined;
    return temporaryKeysIn(keys.TmpSecretId, keys.TmpSecretKey, keys.Token, Number(until) * 1000);
  },
};
