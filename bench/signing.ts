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
import { sha256Hex } from "../src/lib/sha256.js";
import { chain, credentials, key, projectId } from "./material.js";
import { inTurns } from "./measure.js";
import { type Row, rowOf, type Unit } from "./row.js";

const require = createRequire(import.meta.url);
const { OpenApiUtil }: typeof import("@alicloud/openapi-core", { with: { "resolution-mode": "require" }}) =
  require("@alicloud/openapi-core");

const MICROSECONDS: Unit = { name: "µs", digits: 2, ratio: "speed" };
const ROUNDS = 41;
/** Duration of one measurement, in milliseconds. */
const SLICE = 15;

/** The same request signed by us and by the official signer; both return what is sent. */
interface Pair {
  readonly scheme: string;
  readonly rival: string;
  ours(): string;
  theirs(): string;
}

type Texts = Readonly<Record<string, string>>;

const time = new Date("2026-03-14T09:26:53Z");
/** The official signer does not read it. */
const empty = Readable.from([]);
const seconds = Math.trunc(time.getTime() / 1000);

function tc3(params: Readonly<Record<string, unknown>>): Pair {
  // As bytes, so that the official signer does not have to serialize JSON.
  const body = Buffer.from(JSON.stringify(params));
  const host = "ssl.tencentcloudapi.com";
  const type = "application/json";
  const common = { method: "POST", service: "ssl", timestamp: seconds, ...credentials.tencent } as const;
  const url = `https://${host}/`;
  return {
    scheme: "TC3-HMAC-SHA256",
    rival: "tencentcloud-sdk-nodejs-common",
    ours: () => signTc3({ query: "", headers: { "content-type": type, host }, body, ...common }).authorization,
    theirs: () => {
      const headers = { "Content-Type": type };
      return TencentSign.default.sign3({ url, payload: body, headers, multipart: false, boundary: "", ...common });
    },
  };
}

function tencentV1(params: Texts): Pair {
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

/** @param query where the official client puts the parameters @param form where ours puts them */
function acs3(query: Texts, form: Texts): Pair {
  const { accessKeyId, accessKeySecret } = credentials.alibaba;
  const scheme = "ACS3-HMAC-SHA256";
  const method = "POST";
  const inForm = Object.keys(form).length > 0;
  const body = Buffer.from(new URLSearchParams(form).toString());
  const headersWith = (bodySha256: string) => ({
    host: "cdn.aliyuncs.com",
    "x-acs-action": "SetCdnDomainSSLCertificate",
    "x-acs-version": "2018-05-10",
    "x-acs-date": "2026-03-14T09:26:53Z",
    "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
    "x-acs-content-sha256": bodySha256,
    ...(inForm && { "content-type": "application/x-www-form-urlencoded" }),
  });
  return {
    scheme: `${scheme}, parameters in the ${inForm ? "body" : "query"}`,
    rival: "@alicloud/openapi-core",
    ours: () => {
      const bodySha256 = sha256Hex(body);
      const headers = headersWith(bodySha256);
      const call = { method, query: Object.entries(query), headers, bodySha256, ...credentials.alibaba };
      return signAcs3(call).authorization;
    },
    theirs: () => {
      const bodySha256 = OpenApiUtil.hash(body, scheme).toString("hex");
      const headers = headersWith(bodySha256);
      const request = { protocol: "https", port: 443, method, pathname: "/", query, headers, body: empty };
      return OpenApiUtil.getAuthorization(request, scheme, bodySha256, accessKeyId, accessKeySecret);
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
  const type = { "content-type": "application/json" };
  // Each spelled as its own client does.
  const headers = { ...type, "X-Project-Id": projectId, "X-Sdk-Date": date };
  const ownHeaders = { ...type, host, "x-project-id": projectId, "x-sdk-date": date };
  const method = "PUT";
  return {
    scheme: "SDK-HMAC-SHA256",
    rival: "@huaweicloud/huaweicloud-sdk-core",
    ours: () => {
      const request = { method, path, query: Object.entries(queryParams), date, body: JSON.stringify(data) };
      return signSdkHmac({ headers: ownHeaders, ...request, ...credentials.huawei }).authorization;
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
  ["small", acs3({ ...setCertificate, CertType: "cas", CertId: "8089870" }, {})],
  ["9 KB", acs3({ ...setCertificate, SSLPub: chain, SSLPri: key }, {})],
  ["small", acs3({}, { ...setCertificate, CertType: "cas", CertId: "8089870" })],
  ["9 KB", acs3({}, { ...setCertificate, SSLPub: chain, SSLPri: key })],
  ["small", sdkHmac({ tls_certificate: { source: "scm", cert_id: "scs1600000000000" } })],
  ["9 KB", sdkHmac({ certificate: chain, certificate_key: key })],
];

/** Compares signing of the same requests by us and by the official signers, after checking that the results agree. */
export async function signing(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [size, { scheme, rival, ours: sign, theirs: rivalSign }] of pairs) {
    if (sign() !== rivalSign()) throw new Error(`${scheme}, ${size}: ${sign()} is not ${rivalSign()}`);
    const repeats = Math.ceil(SLICE / ((microseconds(rivalSign, 2_000) + microseconds(sign, 2_000)) / 2_000));
    const [ours = [], theirs = []] = await inTurns(ROUNDS, [
      () => microseconds(sign, repeats),
      () => microseconds(rivalSign, repeats),
    ]);
    const limit = { atLeast: 1 };
    rows.push(rowOf({ what: `Signing, ${scheme}, ${size}`, rival, ours, theirs, unit: MICROSECONDS, limit }));
  }
  return rows;
}

/** The time of one call of `sign`. */
function microseconds(sign: () => string, repeats: number): number {
  const start = performance.now();
  for (let time = 0; time < repeats; time += 1) sign();
  return ((performance.now() - start) * 1000) / repeats;
}
