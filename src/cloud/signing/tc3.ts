import { createHmac } from "node:crypto";
import { type Bytes, type Hmac, hmacUnder } from "./hmac.js";
import { canonicalHeaders, type Signed, sha256Hex } from "./primitives.js";

export interface Tc3Input {
  readonly secretId: string;
  readonly secretKey: string;
  /** First label of the API's host: `ssl`, `teo`. */
  readonly service: string;
  readonly method: "GET" | "POST";
  /** Query string exactly as on the wire, without `?`; empty for POST. */
  readonly query: string;
  /** Headers to sign. Tencent Cloud's own SDKs sign `content-type` and `host`, no other. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Bytes;
  /** Unix time in whole seconds; the credential scope's date is its UTC day. */
  readonly timestamp: number;
  /** Where the day's key comes from; derived anew when absent. */
  readonly signingKey?: Tc3SigningKey;
}

export type Tc3SigningKey = (secretKey: string, date: string, service: string) => Hmac;

/** The key that signs the requests of one UTC day to one service. */
export function tc3SigningKey(secretKey: string, date: string, service: string): Hmac {
  const steps = [date, service, "tc3_request"];
  const derived = (key: Bytes, step: string) => createHmac("sha256", key).update(step).digest();
  return hmacUnder("sha256", steps.reduce(derived, Buffer.from(`TC3${secretKey}`)));
}

/** The same, keeping the last key of each service: deriving one takes three of the four HMACs of a signature. */
export function keptTc3SigningKeys(): Tc3SigningKey {
  const last = new Map<string, { readonly secretKey: string; readonly date: string; readonly key: Hmac }>();
  return (secretKey, date, service) => {
    const kept = last.get(service);
    if (kept?.date === date && kept.secretKey === secretKey) return kept.key;
    const key = tc3SigningKey(secretKey, date, service);
    last.set(service, { secretKey, date, key });
    return key;
  };
}

/** TC3-HMAC-SHA256 of Tencent Cloud API 3.0 (docs/cloud-behaviour.md 2.1). */
export function signTc3(input: Tc3Input): Signed {
  const headers = canonicalHeaders(input.headers);
  const canonicalRequest = [input.method, "/", input.query, headers.lines, headers.names, sha256Hex(input.body)].join(
    "\n",
  );
  const date = new Date(input.timestamp * 1000).toISOString().slice(0, 10);
  const scope = `${date}/${input.service}/tc3_request`;
  const stringToSign = ["TC3-HMAC-SHA256", input.timestamp, scope, sha256Hex(canonicalRequest)].join("\n");
  const { signingKey = tc3SigningKey } = input;
  const signature = signingKey(input.secretKey, date, input.service)(stringToSign, "hex");
  return {
    canonicalRequest,
    stringToSign,
    signature,
    authorization: `TC3-HMAC-SHA256 Credential=${input.secretId}/${scope}, SignedHeaders=${headers.names}, Signature=${signature}`,
  };
}
