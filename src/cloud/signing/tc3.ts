import { sha256Hex } from "../../lib/sha256.js";
import { type Bytes, canonicalHeaders, hmacSha256, type Signed } from "./primitives.js";

/** The key that signs the requests of one UTC day to one service. */
function signingKey(secretKey: string, date: string, service: string): Buffer {
  return hmacSha256(hmacSha256(hmacSha256(`TC3${secretKey}`, date), service), "tc3_request");
}

/** TC3-HMAC-SHA256 of Tencent Cloud API 3.0 (docs/cloud-behaviour.md 2.1). */
export function signTc3(input: {
  readonly secretId: string;
  readonly secretKey: string;
  /** First label of the API's host: `ssl`, `teo`. */
  readonly service: string;
  readonly method: "GET" | "POST";
  /** Query string exactly as sent, without `?`; empty for POST. */
  readonly query: string;
  /** Headers to sign. Tencent Cloud's own SDKs sign only `content-type` and `host`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Bytes;
  /** Unix time in whole seconds; the credential scope's date is its UTC day. */
  readonly timestamp: number;
}): Signed {
  const headers = canonicalHeaders(input.headers);
  const canonicalRequest = [input.method, "/", input.query, headers.lines, headers.names, sha256Hex(input.body)].join(
    "\n",
  );
  const date = new Date(input.timestamp * 1000).toISOString().slice(0, 10);
  const scope = `${date}/${input.service}/tc3_request`;
  const stringToSign = ["TC3-HMAC-SHA256", input.timestamp, scope, sha256Hex(canonicalRequest)].join("\n");
  const signature = hmacSha256(signingKey(input.secretKey, date, input.service), stringToSign).toString("hex");
  return {
    canonicalRequest,
    stringToSign,
    signature,
    authorization: `TC3-HMAC-SHA256 Credential=${input.secretId}/${scope}, SignedHeaders=${headers.names}, Signature=${signature}`,
  };
}
