import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { signAcs3 } from "../../../src/cloud/signing/acs3.js";
import { flatten } from "../../../src/cloud/signing/primitives.js";
import { signSdkHmac } from "../../../src/cloud/signing/sdk-hmac.js";
import { signTc3 } from "../../../src/cloud/signing/tc3.js";
import { signTencentV1 } from "../../../src/cloud/signing/tencent-v1.js";
import { sha256Hex } from "../../../src/lib/sha256.js";
import { signAcsRpc } from "../../../src/sandbox/auth/alibaba.js";

/** The vectors were made by running the vendors' official SDKs with clock and nonce frozen. */
const texts = z.record(z.string());
const common = {
  id: z.string(),
  description: z.string(),
  time: z.object({ epochMs: z.number(), header: z.string() }),
  service: z.string(),
  method: z.string(),
  url: z.string().url(),
  headers: texts,
  body: z.string(),
  stringToSign: z.string(),
  signature: z.string(),
};
const headerSigned = { canonicalRequest: z.string(), authorization: z.string() };
const vectorSchema = z.discriminatedUnion("signer", [
  z.object({
    ...common,
    ...headerSigned,
    signer: z.literal("TC3-HMAC-SHA256"),
    credentials: z.object({ secretId: z.string(), secretKey: z.string() }),
    query: z.string(),
  }),
  ...(["HmacSHA1", "HmacSHA256"] as const).map((signer) =>
    z.object({
      ...common,
      signer: z.literal(signer),
      credentials: z.object({ secretKey: z.string() }),
      inputParams: z.union([z.literal("(see body)"), z.record(z.unknown())]),
      flatParams: texts,
    }),
  ),
  z.object({
    ...common,
    ...headerSigned,
    signer: z.literal("ACS3-HMAC-SHA256"),
    credentials: z.object({ accessKeyId: z.string(), accessKeySecret: z.string() }),
    query: texts,
  }),
  z.object({
    ...common,
    signer: z.literal("ACS-RPC-HMAC-SHA1"),
    credentials: z.object({ accessKeySecret: z.string() }),
    flatParams: texts,
  }),
  z.object({
    ...common,
    ...headerSigned,
    signer: z.literal("SDK-HMAC-SHA256"),
    credentials: z.object({ ak: z.string(), sk: z.string() }),
    query: texts,
    signedHeaders: z.array(z.string()),
  }),
]);
type Vector = z.infer<typeof vectorSchema>;

const { vectors } = z
  .object({ vectors: z.array(vectorSchema) })
  .parse(JSON.parse(readFileSync(new URL("../../data/vectors.json", import.meta.url), "utf8")));

/** Those of `headers` that the named list covers, under lower-case names. */
function pick(headers: Record<string, string>, names: readonly string[]): Record<string, string> {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return Object.fromEntries(names.map((name) => [name, lower[name] ?? ""]));
}

function withoutSignature({ Signature: _, ...rest }: Record<string, string>): Record<string, string> {
  return rest;
}

function sign(vector: Vector): Partial<Vector> {
  const { hostname, pathname } = new URL(vector.url);
  switch (vector.signer) {
    case "TC3-HMAC-SHA256":
      return signTc3({
        ...vector.credentials,
        service: vector.service,
        method: vector.method === "GET" ? "GET" : "POST",
        query: vector.query,
        headers: pick(vector.headers, ["content-type", "host"]),
        body: vector.body,
        timestamp: Math.trunc(vector.time.epochMs / 1000),
      });
    case "HmacSHA1":
    case "HmacSHA256":
      return signTencentV1({
        secretKey: vector.credentials.secretKey,
        method: vector.method === "GET" ? "GET" : "POST",
        host: hostname,
        algorithm: vector.signer,
        params: withoutSignature(vector.flatParams),
      });
    case "ACS3-HMAC-SHA256": {
      const signed = Object.keys(vector.headers)
        .map((name) => name.toLowerCase())
        .filter((name) => name === "host" || name === "content-type" || name.startsWith("x-acs-"));
      return signAcs3({
        ...vector.credentials,
        method: vector.method,
        query: Object.entries(vector.query),
        headers: pick(vector.headers, signed),
        bodySha256: sha256Hex(vector.body),
      });
    }
    case "ACS-RPC-HMAC-SHA1":
      return signAcsRpc({
        ...vector.credentials,
        method: vector.method,
        params: Object.entries(withoutSignature(vector.flatParams)),
      });
    case "SDK-HMAC-SHA256":
      return signSdkHmac({
        accessKey: vector.credentials.ak,
        secretKey: vector.credentials.sk,
        method: vector.method,
        path: decodeURIComponent(pathname),
        query: Object.entries(vector.query),
        headers: pick(vector.headers, vector.signedHeaders),
        date: vector.time.header,
        body: vector.body,
      });
  }
}

describe("signatures of the official SDKs", () => {
  it("has all 28 vectors", () => expect(vectors).toHaveLength(28));

  it.each(vectors.map((vector) => [vector.id, vector.description, vector] as const))("%s: %s", (_id, _what, vector) => {
    expect(vector).toMatchObject(sign(vector));
  });

  it.each(
    vectors.flatMap((v) =>
      "inputParams" in v && v.inputParams !== "(see body)" ? [[v.id, v.inputParams, v.flatParams] as const] : [],
    ),
  )("%s: nested parameters flatten as the SDK flattens them", (_id, nested, flat) => {
    expect(flat).toMatchObject(flatten(nested));
  });
});
