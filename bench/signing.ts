import { createRequire } from "node:module";
import { Readable } from "node:stream";
import { BasicCredentials } from "@huaweicloud/huaweicloud-sdk-core";
import { AKSKSigner } from "@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js";
import { CommonClient } from "tencentcloud-sdk-nodejs-common";
import TencentSign from "tencentcloud-sdk-nodejs-common/tencentcloud/common/sign.js";
import { signAcs3 } from "../src/cloud/signing/acs3.js";
import { signSdkHmac } from "../src/cloud/signing/sdk-hmac.js";
import { signTc3 } from "../src/cloud/signing/tc3.js";
import { signTencentV1 } from "../src/cloud/signing/tencent-v1.js";
import { chain, credentials, key, projectId } from "./material.js";
import { inTurns } from "./measure.js";
import { type Row, rowOf, type Unit } from "./row.js";

const require = createRequire(import.meta.url);
const { OpenApiUtil }: typeof import("@alicloud/openapi-core", { with: { "resolution-mode": "require" }}) =
  require("@alicloud/openapi-core");

const MICROSECONDS: Unit = { name: "µs", digits: 2, ratio: "speed" };
const ROUNDS = 41;
/** How long one measurement takes, in milliseconds. */
const SLICE = 15;

/** The same request signed by us and by the official signer; both return what goes on the wire. */
interface Pair {
  readonly scheme: string;
  readonly rival: string;
  ours(): string;
  theirs(): string;
}

const time = new Date("2026-03-14T09:26:53Z");
/** The official signer does not look at it. */
const empty = Readable.from([]);
const seconds = Math.trunc(time.getTime() / 1000);

function tc3(params: Readonly<Record<string, unknown>>): Pair {
  // As bytes, so that the official signer need not make JSON of it.
  const body = Buffer.from(JSON.stringify(params));
  const host = "ssl.tencentcloudapi.com";
  const type = "application/json";
  const common = { ...credentials.tencent, method: "POST", service: "ssl", timestamp: seconds } as const;
  const url = `https://${host}/`;
  return {
    scheme: "TC3-HMAC-SHA256",
    rival: "tencentcloud-sdk-nodejs-common",
    ours: () => signTc3({ ...common, query: "", headers: { "content-type": type, host }, body }).authorization,
    theirs: () => {
      const headers = { "Content-Type": type };
      return TencentSign.default.sign3({ ...common, url, payload: body, headers, multipart: false, boundary: "" });
    },
  };
}

function tencentV1(params: Readonly<Record<string, string>>): Pair {
  const { secretId, secretKey } = credentials.tencent;
  const host = "ssl.tencentcloudapi.com";
  const client = new CommonClient(host, "2019-12-05", { credential: credentials.tencent });
  const common = { Version: "2019-12-05", Timestamp: String(seconds), Nonce: "4711", SecretId: secretId };
  const all = { ...params, ...common, SignatureMethod: "HmacSHA256" };
  return {
    scheme: "Tencent v1, HmacSHA256",
    rival: "tencentcloud-sdk-nodejs-common",
    ours: () => signTencentV1({ secretKey, method: "POST", host, algorithm: "HmacSHA256", params: all }).signature,
    // biome-ignore lint/complexity/useLiteralKeys: declared private, and TypeScript lets only this spelling through.
    theirs: () => TencentSign.default.sign(secretKey, client["formatSignString"](all), "HmacSHA256"),
  };
}

/** As the official client makes the request: all parameters in the query. */
function acs3(query: Readonly<Record<string, string>>): Pair {
  const { accessKeyId, accessKeySecret } = credentials.alibaba;
  const headers = {
    host: "cdn.aliyuncs.com",
    "x-acs-action": "SetCdnDomainSSLCertificate",
    "x-acs-version": "2018-05-10",
    "x-acs-date": "2026-03-14T09:26:53Z",
    "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
    "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  };
  const method = "POST";
  return {
    scheme: "ACS3-HMAC-SHA256",
    rival: "@alicloud/openapi-core",
    ours: () =>
      signAcs3({ ...credentials.alibaba, method, query: Object.entries(query), headers, body: "" }).authorization,
    theirs: () => {
      const hash = OpenApiUtil.hash(Buffer.from("", "utf8"), "ACS3-HMAC-SHA256").toString("hex");
      const request = { protocol: "https", port: 443, method, pathname: "/", query, headers, body: empty };
      return OpenApiUtil.getAuthorization(request, "ACS3-HMAC-SHA256", hash, accessKeyId, accessKeySecret);
    },
  };
}

/** As our client makes the request: all parameters in the body. */
function acs3Body(query: Readonly<Record<string, string>>): Pair {
  const { accessKeyId, accessKeySecret } = credentials.alibaba;
  const body = Buffer.from(new URLSearchParams(query).toString());
  const headers = {
    host: "cdn.aliyuncs.com",
    "content-type": "application/x-www-form-urlencoded",
    "x-acs-action": "SetCdnDomainSSLCertificate",
    "x-acs-version": "2018-05-10",
    "x-acs-date": "2026-03-14T09:26:53Z",
    "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
    "x-acs-content-sha256": OpenApiUtil.hash(body, "ACS3-HMAC-SHA256").toString("hex"),
  };
  const method = "POST";
  return {
    scheme: "ACS3-HMAC-SHA256 body",
    rival: "@alicloud/openapi-core",
    ours: () => signAcs3({ ...credentials.alibaba, method, query: [], headers, body }).authorization,
    theirs: () => {
      const hash = OpenApiUtil.hash(body, "ACS3-HMAC-SHA256").toString("hex");
      const request = { protocol: "https", port: 443, method, pathname: "/", query: {}, headers, body: empty };
      return OpenApiUtil.getAuthorization(request, "ACS3-HMAC-SHA256", hash, accessKeyId, accessKeySecret);
    },
  };
}

function sdkHmac(data: Readonly<Record<string, unknown>>): Pair {
  const { accessKey, secretKey } = credentials.huawei;
  const credential = new BasicCredentials({ projectId }).withAk(accessKey).withSk(secretKey);
  const host = "live.cn-north-4.myhuaweicloud.com";
  const path = `/v1/${projectId}/guard/https-cert`;
  const queryParams = { domain: "play.example.com" };
  const date = "20260314T092653Z";
  const headers = { "content-type": "application/json", "X-Project-Id": projectId, "X-Sdk-Date": date };
  const method = "PUT";
  return {
    scheme: "SDK-HMAC-SHA256",
    rival: "@huaweicloud/huaweicloud-sdk-core",
    ours: () => {
      const request = { method, path, query: Object.entries(queryParams), date, body: JSON.stringify(data) };
      return signSdkHmac({ ...credentials.huawei, ...request, headers: { ...headers, host } }).authorization;
    },
    theirs: () => {
      const signed = AKSKSigner.sign(
        { endpoint: `https://${host}${path}`, method, queryParams, headers, data },
        credential,
      );
      return "Authorization" in signed ? String(signed.Authorization) : "";
    },
  };
}

const upload = { CertificatePublicKey: chain, CertificatePrivateKey: key, Alias: "web" };
const setCertificate = { DomainName: "img.example.com", SSLProtocol: "on", CertType: "upload", CertName: "web-2026" };

const pairs: readonly (readonly [string, Pair])[] = [
  ["small", tc3({ CertificateId: "abcd1234" })],
  ["9 KB", tc3(upload)],
  ["small", tencentV1({ CertificateId: "abcd1234" })],
  ["9 KB", tencentV1(upload)],
  ["small", acs3({ ...setCertificate, CertType: "cas", CertId: "8089870" })],
  ["9 KB", acs3({ ...setCertificate, SSLPub: chain, SSLPri: key })],
  ["small", acs3Body({ ...setCertificate, CertType: "cas", CertId: "8089870" })],
  ["9 KB", acs3Body({ ...setCertificate, SSLPub: chain, SSLPri: key })],
  ["small", sdkHmac({ tls_certificate: { source: "scm", cert_id: "scs1600000000000" } })],
  ["9 KB", sdkHmac({ certificate: chain, certificate_key: key })],
];

/** Signing of the same requests by us and by the official signers; that the signatures are equal is checked first. */
export async function signing(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [size, { scheme, rival, ours: sign, theirs: rivalSign }] of pairs) {
    if (sign() !== rivalSign()) throw new Error(`${scheme}, ${size}: ${sign()} is not ${rivalSign()}`);
    const repeats = Math.ceil(SLICE / ((microseconds(rivalSign, 2_000) + microseconds(sign, 2_000)) / 2_000));
    const [ours = [], theirs = []] = await inTurns(ROUNDS, [
      () => microseconds(sign, repeats),
      () => microseconds(rivalSign, repeats),
    ]);
    const limit = { atLeast: size === "small" ? 2 : 1 };
    rows.push(rowOf({ what: `Signing, ${scheme}, ${size}`, rival, ours, theirs, unit: MICROSECONDS, limit }));
  }
  return rows;
}

/** What one call of `sign` takes. */
function microseconds(sign: () => string, repeats: number): number {
  const start = performance.now();
  for (let time = 0; time < repeats; time += 1) sign();
  return ((performance.now() - start) * 1000) / repeats;
}
