import { signTc3 } from "../../cloud/signing/tc3.js";
import { signTencentV1, type TencentV1Method } from "../../cloud/signing/tencent-v1.js";
import { sameSecret } from "../../lib/same-secret.js";
import type { SandboxCredential } from "../credentials.js";
import type { RawRequest } from "../http.js";
import { CloudError } from "../refusal.js";
import { fieldsOf, hostForms, isWithin, knownCredential, signedHeaders, tokenFits } from "./verify.js";

/* Authentication of Tencent Cloud (docs/cloud-behaviour.md 2.1, 2.2, 1.4). */

const windowMinutes = 5;

const authorizationForm =
  /^TC3-HMAC-SHA256 Credential=(?<id>[^/\s]+)\/(?<date>[\d-]{10})\/(?<service>[^/\s]+)\/tc3_request,\s*SignedHeaders=(?<names>[^,\s]+),\s*Signature=(?<signature>[0-9a-f]{64})$/;

/** Accepts any list of signed headers with the two required ones, and any service in the scope. */
export function authenticateTc3(request: RawRequest, method: "GET" | "POST", now: Date): void {
  const { headers, query, body } = request;
  const fields = fieldsOf(headers.authorization, authorizationForm);
  const { id = "", date, service = "", names = "", signature = "" } = fields;
  const signedNames = names.split(";");
  if (!signedNames.includes("host") || !signedNames.includes("content-type")) {
    throw new CloudError(
      "AuthFailure.InvalidAuthorization",
      "The Authorization header does not have the documented form.",
    );
  }
  const credential = knownCredential("tencent", id, "AuthFailure.SecretIdNotFound");
  const timestamp = timestampOf(headers["x-tc-timestamp"], "X-TC-Timestamp", now);
  const scopeDate = new Date(timestamp * 1000).toISOString().slice(0, 10);
  const fits = signedForms(headers, signedNames).some((signed) => {
    const keys = { secretId: id, secretKey: credential.secret };
    const { signature: own } = signTc3({ ...keys, service, method, query, headers: signed, body, timestamp });
    return sameSecret(own, signature);
  });
  if (date !== scopeDate || !fits) throw wrongSignature();
  refuseWrongToken(credential, headers["x-tc-token"]);
}

/** The documents require lower-case values; the official SDKs sign them as sent (docs/cloud-behaviour.md 2.1). */
function signedForms(headers: RawRequest["headers"], names: readonly string[]): Record<string, string>[] {
  return hostForms(headers.host ?? "").flatMap((host) => {
    const asSent = signedHeaders(headers, names, host);
    const lowerCase = Object.entries(asSent).map(([name, value]) => [name, value.toLowerCase()]);
    return [asSent, Object.fromEntries(lowerCase)];
  });
}

/** Signature v1, over the query or form parameters. */
export function authenticateV1(
  request: RawRequest,
  method: "GET" | "POST",
  params: Readonly<Record<string, string>>,
  now: Date,
): void {
  const { Signature: signature, ...signed } = params;
  const { SecretId: id, Timestamp: time, Nonce: nonce, Token: token, SignatureMethod = "HmacSHA1" } = signed;
  if (id === undefined) throw missingInTencent("SecretId");
  if (signature === undefined) throw missingInTencent("Signature");
  if (nonce === undefined) throw missingInTencent("Nonce");
  const credential = knownCredential("tencent", id, "AuthFailure.SecretIdNotFound");
  timestampOf(time, "Timestamp", now);
  if (!isV1Method(SignatureMethod)) throw wrongSignature();
  const fits = hostForms(request.headers.host ?? "").some((host) => {
    const call = { secretKey: credential.secret, method, host, algorithm: SignatureMethod, params: signed };
    return sameSecret(signTencentV1(call).signature, signature);
  });
  if (!fits) throw wrongSignature();
  refuseWrongToken(credential, token);
}

function timestampOf(text: string | undefined, parameter: string, now: Date): number {
  if (text === undefined) throw missingInTencent(parameter);
  const timestamp = Number(text);
  if (!/^\d{1,11}$/.test(text) || !isWithin(windowMinutes, timestamp * 1000, now)) {
    throw new CloudError("AuthFailure.SignatureExpire", `${parameter} is more than ${windowMinutes} minutes off.`);
  }
  return timestamp;
}

function refuseWrongToken(credential: SandboxCredential, token: string | undefined): void {
  if (!tokenFits(credential, token)) {
    throw new CloudError("AuthFailure.TokenFailure", "The token does not belong to the SecretId.");
  }
}

function isV1Method(method: string): method is TencentV1Method {
  return method === "HmacSHA1" || method === "HmacSHA256";
}

function wrongSignature(): CloudError {
  return new CloudError("AuthFailure.SignatureFailure", "The signature does not fit the request.");
}

export function missingInTencent(parameter: string): CloudError {
  return new CloudError("MissingParameter", `The request lacks the parameter \`${parameter}\`.`);
}
