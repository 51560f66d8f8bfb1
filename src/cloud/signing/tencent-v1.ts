import { createHmac } from "node:crypto";
import { byBytes, joined } from "./primitives.js";

export type TencentV1Method = "HmacSHA1" | "HmacSHA256";

export interface TencentV1Input {
  readonly secretKey: string;
  readonly method: "GET" | "POST";
  readonly host: string;
  readonly algorithm: TencentV1Method;
  /** All parameters, common ones included and `Signature` left out, as `flatten` gives them. */
  readonly params: Readonly<Record<string, string>>;
}

/** Signature v1 of Tencent Cloud API 3.0: raw values are signed, encoding comes after (FACTS.md 1.2). */
export function signTencentV1(input: TencentV1Input): { stringToSign: string; signature: string } {
  const query = joined(Object.entries(input.params).sort(([a], [b]) => byBytes(a, b)));
  const stringToSign = `${input.method}${input.host}/?${query}`;
  const hash = input.algorithm === "HmacSHA1" ? "sha1" : "sha256";
  return { stringToSign, signature: createHmac(hash, input.secretKey).update(stringToSign).digest("base64") };
}
