import { alibabaProtocol } from "../../cloud/protocols/alibaba.js";
import type { AddressedOperation } from "../../cloud/protocols/protocol.js";
import { assumedByName, temporaryKeysIn } from "./role.js";

/** AssumeRole of Alibaba Cloud, STS 2015-04-01 (https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole). */
const assumeRole: AddressedOperation = {
  name: "AssumeRole",
  service: { version: "2015-04-01", hosts: { default: "sts.aliyuncs.com", regional: "sts.{region}.aliyuncs.com" } },
};

export const alibabaTokenService = assumeRole.service;

export const alibabaRole = assumedByName(alibabaProtocol, assumeRole, (keys) =>
  temporaryKeysIn(keys.AccessKeyId, keys.AccessKeySecret, keys.SecurityToken, Date.parse(String(keys.Expiration))),
);
