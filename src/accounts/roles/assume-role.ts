import type { KeyParts } from "../../cloud/credential-search.js";
import { alibabaProtocol } from "../../cloud/protocols/alibaba.js";
import type { AddressedOperation, Protocol } from "../../cloud/protocols/protocol.js";
import { tencentTc3 } from "../../cloud/protocols/tencent.js";
import { isObject, type JsonObject } from "../../lib/json.js";
import type { AccountSettings } from "../accounts-file.js";
import { type RoleProtocol, type TemporaryKeys, temporaryKeysIn } from "./role.js";

/** A role that is assumed by its name, at Tencent Cloud and Alibaba Cloud alike. */
type NamedRole = NonNullable<NonNullable<AccountSettings["tencent" | "alibaba"]>["role"]> & {
  /** Where the API asks for one. */
  readonly region?: string | undefined;
};

/**
 * AssumeRole, which both clouds call the same, with the same parameters.
 * @param keysIn the keys in a reply
 */
function assumedByName(
  { build, decode }: Pick<Protocol<KeyParts>, "build" | "decode">,
  operation: AddressedOperation,
  keysIn: (keys: JsonObject, result: JsonObject) => TemporaryKeys | undefined,
  usualRegion?: string,
): RoleProtocol<NamedRole> {
  return {
    service: operation.service,
    build: ({ keys: credentials, role, url, now, nonce }) => {
      const { arn, session_name: session, seconds, external_id: externalId, region = usualRegion } = role;
      const params = {
        RoleArn: arn,
        RoleSessionName: session,
        DurationSeconds: seconds,
        ...(externalId !== undefined && { ExternalId: externalId }),
      };
      const endpoint = { origin: url.origin, host: url.host };
      return build({ operation, params, endpoint, credentials, now, nonce, ...(region !== undefined && { region }) });
    },
    read: (reply) => {
      const outcome = decode(reply);
      if (!outcome?.ok) return outcome;
      const { Credentials: keys } = outcome.result;
      return isObject(keys) ? keysIn(keys, outcome.result) : undefined;
    },
  };
}

/** AssumeRole of Tencent Cloud, STS 2018-08-13 (https://www.tencentcloud.com/document/product/1150/49456). */
const tencentAssumeRole: AddressedOperation = {
  name: "AssumeRole",
  service: {
    version: "2018-08-13",
    hosts: { default: { intl: "sts.intl.tencentcloudapi.com", mainland: "sts.tencentcloudapi.com" } },
  },
};

/** The API requires a region; all regions give the same keys. The vendor's SDK for Node.js sends this one. */
const usualTencentRegion = "ap-guangzhou";

export const tencentRole = assumedByName(
  tencentTc3,
  tencentAssumeRole,
  (keys, { ExpiredTime: until }) =>
    temporaryKeysIn(keys.TmpSecretId, keys.TmpSecretKey, keys.Token, Number(until) * 1000),
  usualTencentRegion,
);

/** AssumeRole of Alibaba Cloud, STS 2015-04-01 (https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole). */
const alibabaAssumeRole: AddressedOperation = {
  name: "AssumeRole",
  service: { version: "2015-04-01", hosts: { default: "sts.aliyuncs.com", regional: "sts.{region}.aliyuncs.com" } },
};

export const alibabaRole = assumedByName(alibabaProtocol, alibabaAssumeRole, (keys) =>
  temporaryKeysIn(keys.AccessKeyId, keys.AccessKeySecret, keys.SecurityToken, Date.parse(String(keys.Expiration))),
);
