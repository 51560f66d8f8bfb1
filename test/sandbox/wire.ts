import { randomUUID } from "node:crypto";
import { request } from "node:http";
import { z } from "zod";
import { signAcs3 } from "../../src/cloud/signing/acs3.js";
import { flatten } from "../../src/cloud/signing/primitives.js";
import { signSdkHmac } from "../../src/cloud/signing/sdk-hmac.js";
import { signTc3 } from "../../src/cloud/signing/tc3.js";
import { signTencentV1, type TencentV1Method } from "../../src/cloud/signing/tencent-v1.js";
import { sha256Hex } from "../../src/lib/sha256.js";
import { signAcsRpc } from "../../src/sandbox/auth/alibaba.js";
import { huaweiProjectId, permanentCredentials, type SandboxCredential } from "../../src/sandbox/credentials.js";

/** Signed requests as they go over the wire, whole, so that a test can spoil any part before it sends them. */

export interface Wire {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Sends with plain `node:http`: it changes no header, and sends a body in chunks when no length is given. */
export function send({ method, url, headers, body }: Wire): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text });
      });
    });
    outgoing.on("error", reject).end(body);
  });
}

const tencentReply = z.object({
  Response: z.object({ RequestId: z.string().uuid(), Error: z.object({ Code: z.string() }).optional() }).passthrough(),
});
const alibabaReply = z.object({
  RequestId: z.string().uuid(),
  Code: z.string().default("done"),
  Message: z.string().default(""),
});
const huaweiReply = z.object({ error_code: z.string(), error_msg: z.string(), request_id: z.string().optional() });

/** The code of a Tencent Cloud reply, or `done`. */
export function tencentOutcome({ text }: Answer): string {
  return tencentReply.parse(JSON.parse(text)).Response.Error?.Code ?? "done";
}

export function tencentResult({ text }: Answer): Record<string, unknown> {
  return tencentReply.parse(JSON.parse(text)).Response;
}

/** Status and code of an Alibaba Cloud reply. */
export function alibabaOutcome({ status, text }: Answer): string {
  return `${status} ${alibabaReply.parse(JSON.parse(text)).Code}`;
}

export function alibabaMessage({ text }: Answer): string {
  return alibabaReply.parse(JSON.parse(text)).Message;
}

/** Status and code of a Huawei Cloud reply. */
export function huaweiOutcome({ status, text }: Answer): string {
  return text === "" ? `${status} done` : `${status} ${huaweiReply.parse(JSON.parse(text)).error_code}`;
}

/** What a test may want to be otherwise than usual. */
interface Otherwise {
  readonly credential?: SandboxCredential;
  /** Sent instead of the credential's own; an empty one is not sent. */
  readonly token?: string;
  readonly time?: Date;
  readonly version?: string;
  readonly method?: "GET" | "POST";
}

type Params = Readonly<Record<string, unknown>>;

const versions: Readonly<Record<string, string>> = {
  ModifyHostsCertificate: "2022-09-01",
  SetCdnDomainSSLCertificate: "2018-05-10",
  SetVodDomainSSLCertificate: "2017-03-21",
};
const versionOf = (action: string) => versions[action] ?? "2019-12-05";

interface Tc3Otherwise extends Otherwise {
  readonly service?: string;
  /** Signed beside the required headers, in lower case, as the vendor's samples do. */
  readonly alsoSign?: Readonly<Record<string, string>>;
  /** Signed in place of the address, as an SDK does that drops the port. */
  readonly host?: string;
}

export function tc3(endpoint: string, action: string, params: Params, otherwise: Tc3Otherwise = {}): Wire {
  const { credential = permanentCredentials.tencent, time = new Date(), method = "POST", service = "ssl" } = otherwise;
  const query = method === "GET" ? new URLSearchParams(flatten(params)).toString() : "";
  const body = method === "GET" ? "" : JSON.stringify(params);
  const timestamp = Math.trunc(time.getTime() / 1000);
  const headers = {
    "content-type": method === "GET" ? "application/x-www-form-urlencoded" : "application/json",
    host: otherwise.host ?? new URL(endpoint).host,
  };
  const { authorization } = signTc3({
    secretId: credential.id,
    secretKey: credential.secret,
    service,
    method,
    query,
    body,
    timestamp,
    headers: { ...headers, ...otherwise.alsoSign },
  });
  const token = otherwise.token ?? credential.token;
  return {
    method,
    url: query === "" ? `${endpoint}/` : `${endpoint}/?${query}`,
    headers: {
      "content-type": headers["content-type"],
      authorization,
      "x-tc-action": action,
      "x-tc-version": otherwise.version ?? versionOf(action),
      "x-tc-timestamp": String(timestamp),
      "x-tc-region": "null",
      ...(token && { "x-tc-token": token }),
    },
    body,
  };
}

export function tencentV1(
  endpoint: string,
  action: string,
  params: Params,
  otherwise: Otherwise & { readonly algorithm?: TencentV1Method } = {},
): Wire {
  const {
    credential = permanentCredentials.tencent,
    time = new Date(),
    method = "POST",
    algorithm = "HmacSHA256",
  } = otherwise;
  const token = otherwise.token ?? credential.token;
  const fields = {
    ...flatten(params),
    Action: action,
    Version: otherwise.version ?? versionOf(action),
    Nonce: "4711",
    Timestamp: String(Math.round(time.getTime() / 1000)),
    SecretId: credential.id,
    SignatureMethod: algorithm,
    ...(token && { Token: token }),
  };
  const { host } = new URL(endpoint);
  const { signature } = signTencentV1({ secretKey: credential.secret, method, host, algorithm, params: fields });
  const form = new URLSearchParams({ ...fields, Signature: signature }).toString();
  return method === "GET"
    ? { method, url: `${endpoint}/?${form}`, headers: {}, body: "" }
    : { method, url: `${endpoint}/`, headers: { "content-type": "application/x-www-form-urlencoded" }, body: form };
}

interface AlibabaOtherwise extends Otherwise {
  readonly nonce?: string;
}

/** @param inForm parameters in a form body; `inQuery` go into the URL */
export function acs3(
  endpoint: string,
  action: string,
  { inQuery = {}, inForm = {} }: { inQuery?: Record<string, string>; inForm?: Record<string, string> },
  otherwise: AlibabaOtherwise = {},
): Wire {
  const { credential = permanentCredentials.alibaba, time = new Date(), method = "POST" } = otherwise;
  const body = new URLSearchParams(inForm).toString();
  const token = otherwise.token ?? credential.token;
  const headers = {
    host: new URL(endpoint).host,
    "x-acs-action": action,
    "x-acs-version": otherwise.version ?? versionOf(action),
    "x-acs-date": time.toISOString().replace(/\.\d+Z$/, "Z"),
    "x-acs-signature-nonce": otherwise.nonce ?? randomUUID(),
    "x-acs-content-sha256": sha256Hex(body),
    ...(body !== "" && { "content-type": "application/x-www-form-urlencoded" }),
    ...(token && { "x-acs-accesskey-id": credential.id, "x-acs-security-token": token }),
  };
  const keys = { accessKeyId: credential.id, accessKeySecret: credential.secret };
  const { authorization } = signAcs3({
    ...keys,
    method,
    query: Object.entries(inQuery),
    headers,
    bodySha256: sha256Hex(body),
  });
  return { method, url: `${endpoint}/?${new URLSearchParams(inQuery)}`, headers: { ...headers, authorization }, body };
}

export function acsRpc(
  endpoint: string,
  action: string,
  params: Record<string, string>,
  otherwise: AlibabaOtherwise = {},
): Wire {
  const { credential = permanentCredentials.alibaba, time = new Date(), method = "POST" } = otherwise;
  const token = otherwise.token ?? credential.token;
  const fields = {
    ...params,
    Action: action,
    Version: otherwise.version ?? versionOf(action),
    Format: "JSON",
    AccessKeyId: credential.id,
    SignatureMethod: "HMAC-SHA1",
    SignatureVersion: "1.0",
    SignatureNonce: otherwise.nonce ?? randomUUID(),
    Timestamp: time.toISOString().replace(/\.\d+Z$/, "Z"),
    ...(token && { SecurityToken: token }),
  };
  const { signature } = signAcsRpc({ accessKeySecret: credential.secret, method, params: Object.entries(fields) });
  const form = new URLSearchParams({ ...fields, Signature: signature }).toString();
  return method === "GET"
    ? { method, url: `${endpoint}/?${form}`, headers: {}, body: "" }
    : { method, url: `${endpoint}/`, headers: { "content-type": "application/x-www-form-urlencoded" }, body: form };
}

interface HuaweiOtherwise extends Omit<Otherwise, "method" | "version"> {
  readonly method?: string;
  readonly path?: string;
  readonly project?: string;
}

export function sdkHmac(endpoint: string, domain: string, params: Params, otherwise: HuaweiOtherwise = {}): Wire {
  const {
    credential = permanentCredentials.huawei,
    time = new Date(),
    method = "PUT",
    project = huaweiProjectId,
  } = otherwise;
  const path = otherwise.path ?? `/v1/${project}/guard/https-cert`;
  const date = time.toISOString().replace(/[-:]|\.\d+/g, "");
  const body = JSON.stringify(params);
  const token = otherwise.token ?? credential.token;
  const headers = {
    "content-type": "application/json",
    host: new URL(endpoint).host,
    "x-project-id": project,
    "x-sdk-date": date,
    ...(token && { "x-security-token": token }),
  };
  const keys = { accessKey: credential.id, secretKey: credential.secret };
  const { authorization } = signSdkHmac({ ...keys, method, path, query: [["domain", domain]], headers, date, body });
  const url = `${endpoint}${path}?${new URLSearchParams({ domain })}`;
  return { method, url, headers: { ...headers, authorization }, body };
}
