import { createHmac } from "node:crypto";

export type TencentV1Method = "HmacSHA1" | "HmacSHA256";

/** Signature v1 of Tencent Cloud API 3.0: raw values are signed, encoding follows (docs/cloud-behaviour.md 2.2). */
export function signTencentV1(input: {
  readonly secretKey: string;
  readonly method: "GET" | "POST";
  readonly host: string;
  readonly algorithm: TencentV1Method;
  /** All parameters including the common ones, without `Signature`, as returned by `flatten`. */
  readonly params: Readonly<Record<string, string>>;
}) {
  const { method, host, params } = input;
  let stringToSign = `${method}${host}/`;
  let mark = "?";
  for (const name of Object.keys(params).sort()) {
    stringToSign += `${mark}${name}=${params[name]}`;
    mark = "&";
  }
  const hash = input.algorithm === "HmacSHA1" ? "sha1" : "sha256";
  return { stringToSign, signature: createHmac(hash, input.secretKey).update(stringToSign).digest("base64") };
}
