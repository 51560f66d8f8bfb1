import { signSdkHmac } from "../../cloud/signing/sdk-hmac.js";
import { sameSecret } from "../../lib/same-secret.js";
import { credentialOf, huaweiAuthToken } from "../credentials.js";
import { pairsOf, type RawRequest } from "../http.js";
import { CloudError } from "../refusal.js";
import { fieldsOf, hostForms, isWithin, signedHeaders, tokenFits } from "./verify.js";

/* Authentication of Huawei Cloud (docs/cloud-behaviour.md 6.1, 1.4). The gateway has one code for every failure. */

const windowMinutes = 15;

const authorizationForm =
  /^SDK-HMAC-SHA256 Access=(?<id>[^,\s]+),\s*SignedHeaders=(?<names>[^,\s]+),\s*Signature=(?<signature>[0-9a-f]{64})$/;

/** @param path the request's path, decoded */
export function authenticateHuawei(request: RawRequest, path: string, now: Date): void {
  const token = request.headers["x-auth-token"];
  if (token !== undefined) {
    if (!sameSecret(token, huaweiAuthToken)) throw unauthenticated("the token is not valid");
    return;
  }
  authenticateSdkHmac(request, path, now);
  // Mandatory with a signature, according to the vendor's page (docs/cloud-behaviour.md 6.2).
  if (request.headers["x-project-id"] === undefined) throw unauthenticated("X-Project-Id is missing");
}

/** By the signature alone, as IAM does, which works for no project. */
export function authenticateSdkHmac(request: RawRequest, path: string, now: Date): void {
  const { headers } = request;
  const { id = "", names = "", signature = "" } = fieldsOf(headers.authorization, authorizationForm);
  const signedNames = names.split(";");
  if (!signedNames.includes("host") || !signedNames.includes("x-sdk-date")) {
    throw unauthenticated("the Authorization header does not have the prescribed form");
  }
  const credential = credentialOf("huawei", id);
  if (credential === undefined) throw unauthenticated(`there is no AK ${id}`);
  const date = headers["x-sdk-date"] ?? "";
  if (!isWithin(windowMinutes, timeOf(date), now)) {
    throw unauthenticated(`the request's time is more than ${windowMinutes} minutes off`);
  }
  const candidates = hostForms(headers.host ?? "").map((host) =>
    signSdkHmac({
      accessKey: id,
      secretKey: credential.secret,
      method: request.method,
      path,
      query: pairsOf(request.query),
      headers: signedHeaders(headers, signedNames, host),
      date,
      body: request.body,
    }),
  );
  if (!candidates.some((candidate) => sameSecret(candidate.signature, signature))) {
    throw unauthenticated("the signature does not fit the request");
  }
  if (!tokenFits(credential, headers["x-security-token"])) {
    throw unauthenticated("the security token does not belong to the AK");
  }
}

/** `YYYYMMDDTHHmmssZ` in milliseconds; NaN for any other form. */
function timeOf(date: string): number {
  const form = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
  return form.test(date) ? Date.parse(date.replace(form, "$1-$2-$3T$4:$5:$6Z")) : Number.NaN;
}

function unauthenticated(reason: string): CloudError {
  return new CloudError("APIGW.0301", `The caller could not be authenticated: ${reason}`);
}
