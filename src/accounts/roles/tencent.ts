import type { AddressedOperation } from "../../cloud/protocols/protocol.js";
import { tencentTc3 } from "../../cloud/protocols/tencent.js";
import { assumedByName, temporaryKeysIn } from "./role.js";

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

export const tencentRole = assumedByName(
  tencentTc3,
  assumeRole,
  (keys, { ExpiredTime: until }) =>
    temporaryKeysIn(keys.TmpSecretId, keys.TmpSecretKey, keys.Token, Number(until) * 1000),
  usualRegion,
);
