import { percentEncode } from "../../lib/percent-encode.js";
import { sha256Hex } from "../../lib/sha256.js";
import { type Bytes, canonicalHeaders, canonicalQuery, hmacSha256, type Signed } from "./primitives.js";

/** SDK-HMAC-SHA256 of Huawei Cloud (docs/cloud-behaviour.md 6.1). */
export function signSdkHmac(input: {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly method: string;
  /** Path as sent, decoded. */
  readonly path: string;
  readonly query: Iterable<readonly [string, string]>;
  /** Headers to sign, including `X-Sdk-Date`. */
  readonly headers: Readonly<Record<string, string>>;
  /** As from {@link sdkDate}. */
  readonly date: string;
  readonly body: Bytes;
}): Signed {
  const headers = canonicalHeaders(input.headers);
  const canonicalRequest = [
    input.method,
    canonicalPath(input.path),
    canonicalQuery(input.query),
    headers.lines,
    headers.names,
    sha256Hex(input.body),
  ].join("\n");
  const stringToSign = ["SDK-HMAC-SHA256", input.date, sha256Hex(canonicalRequest)].join("\n");
  const signature = hmacSha256(input.secretKey, stringToSign).toString("hex");
  return {
    canonicalRequest,
    stringToSign,
    signature,
    authorization: `SDK-HMAC-SHA256 Access=${input.accessKey}, SignedHeaders=${headers.names}, Signature=${signature}`,
  };
}

/** The value of the `X-Sdk-Date` header: `YYYYMMDDTHHmmssZ`, UTC. */
export function sdkDate(now: Date): string {
  return now.toISOString().replace(/[-:]|\.\d+/g, "");
}

/** Each segment percent-encoded, with a final slash even if the path sent has none. */
function canonicalPath(path: string): string {
  const encoded = path.split("/").map(percentEncode).join("/");
  return encoded.endsWith("/") ? encoded : `${encoded}/`;
}
