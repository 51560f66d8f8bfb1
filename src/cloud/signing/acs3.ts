import { sha256Hex } from "../../lib/sha256.js";
import { canonicalHeaders, canonicalQuery, hmacSha256, type Signed } from "./primitives.js";

/** ACS3-HMAC-SHA256 of Alibaba Cloud (docs/cloud-behaviour.md 5.1). */
export function signAcs3(input: {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly method: string;
  readonly query: Iterable<readonly [string, string]>;
  /** Headers to sign: `host`, `content-type` if there is a body, and every `x-acs-*`. */
  readonly headers: Readonly<Record<string, string>>;
  /** SHA-256 of the body, hexadecimal; sent as `x-acs-content-sha256`. */
  readonly bodySha256: string;
}): Signed {
  const headers = canonicalHeaders(input.headers);
  const query = canonicalQuery(input.query);
  const canonicalRequest = `${input.method}\n/\n${query}\n${headers.lines}\n${headers.names}\n${input.bodySha256}`;
  const stringToSign = `ACS3-HMAC-SHA256\n${sha256Hex(canonicalRequest)}`;
  const signature = hmacSha256(input.accessKeySecret, stringToSign).toString("hex");
  return {
    canonicalRequest,
    stringToSign,
    signature,
    authorization: `ACS3-HMAC-SHA256 Credential=${input.accessKeyId},SignedHeaders=${headers.names},Signature=${signature}`,
  };
}
