import { createHmac } from "node:crypto";
import { canonicalQuery } from "../../cloud/signing/primitives.js";
import { percentEncode } from "../../lib/percent-encode.js";

/**
 * Alibaba Cloud's older RPC signature, HMAC-SHA1 (docs/cloud-behaviour.md 5.2). This program never signs with it; the
 * sandbox checks it, because the official `@alicloud/pop-core` uses it.
 */
export function signAcsRpc(input: {
  readonly accessKeySecret: string;
  readonly method: string;
  /** All query and form parameters except `Signature`. */
  readonly params: Iterable<readonly [string, string]>;
}) {
  const stringToSign = `${input.method}&%2F&${percentEncode(canonicalQuery(input.params))}`;
  const signature = createHmac("sha1", `${input.accessKeySecret}&`).update(stringToSign).digest("base64");
  return { stringToSign, signature };
}
