import { createHmac } from "node:crypto";
import { signAcs3 } from "../../cloud/signing/acs3.js";
import { canonicalQuery } from "../../cloud/signing/primitives.js";
import { percentEncode } from "../../lib/percent-encode.js";
import { sameSecret } from "../../lib/same-secret.js";
import { sha256Hex } from "../../lib/sha256.js";
import type { SandboxCredential } from "../credentials.js";
import { pairsOf, type RawRequest } from "../http.js";
import { CloudError } from "../refusal.js";
import { fieldsOf, hostForms, isWithin, knownCredential, signedHeaders, tokenFits } from "./verify.js";

/* Authentication of Alibaba Cloud (docs/cloud-behaviour.md 5.1, 5.2, 1.4). */

const windowMinutes = 15;

const authorizationForm =
  /^ACS3-HMAC-SHA256 Credential=(?<id>[^,\s]+),\s*SignedHeaders=(?<names>[^,\s]+),\s*Signature=(?<signature>[0-9a-f]{64})$/;

/** Used nonces, kept as long as a request with one could still be in time. */
export class NonceMemory {
  readonly #usedAt = new Map<string, number>();

  /** @throws {CloudError} if the nonce was used before */
  use(nonce: string, now: Date): void {
    const forgetBefore = now.getTime() - 2 * windowMinutes * 60_000;
    for (const [known, usedAt] of this.#usedAt) {
      if (usedAt >= forgetBefore) break; // entries are in order of use
      this.#usedAt.delete(known);
    }
    if (this.#usedAt.has(nonce)) throw new CloudError("SignatureNonceUsed", "The nonce has been used before.");
    this.#usedAt.set(nonce, now.getTime());
  }
}

export function authenticateAcs3(request: RawRequest, nonces: NonceMemory, now: Date): void {
  const { headers } = request;
  const { id = "", names = "", signature = "" } = fieldsOf(headers.authorization, authorizationForm);
  const signedNames = names.split(";");
  // Every header of the gateway's own must be signed if sent.
  const mustSign = ["host", ...Object.keys(headers).filter((name) => name.startsWith("x-acs-"))];
  if (!mustSign.every((name) => signedNames.includes(name))) {
    throw new CloudError("IncompleteSignature", "The Authorization header does not have the prescribed form.");
  }
  const nonce = required(headers["x-acs-signature-nonce"], "SignatureNonce");
  const contentSha256 = required(headers["x-acs-content-sha256"], "ContentSha256");
  const credential = knownCredential("alibaba", id, "InvalidAccessKeyId.NotFound");
  refuseStale(required(headers["x-acs-date"], "Timestamp"), now);
  const bodySha256 = sha256Hex(request.body);
  const candidates = hostForms(headers.host ?? "").map((host) =>
    signAcs3({
      accessKeyId: id,
      accessKeySecret: credential.secret,
      method: request.method,
      query: pairsOf(request.query),
      headers: signedHeaders(headers, signedNames, host),
      bodySha256,
    }),
  );
  const fits = candidates.some((candidate) => sameSecret(candidate.signature, signature));
  if (!fits || !sameSecret(contentSha256, bodySha256)) {
    throw wrongSignature(candidates[0]?.stringToSign);
  }
  refuseWrongToken(credential, headers["x-acs-security-token"]);
  nonces.use(nonce, now);
}

/** Alibaba Cloud's older RPC signature (docs/cloud-behaviour.md 5.2), as the official `@alicloud/pop-core` makes it. */
export function signAcsRpc(input: {
  readonly accessKeySecret: string;
  readonly method: string;
  /** All query and form parameters except `Signature`. */
  readonly params: Iterable<readonly [string, string]>;
}) {
  const stringToSign = `${input.method}&%2F&${percentEncode(canonicalQuery(input.params))}`;
  const signature = createHmac("sha1", `${input.accessKeySecret}&`).update(stringToSign).digest("base64");
  return { stringToSign, signature };
}

/** The older RPC signature, over all query and form parameters. */
export function authenticateRpc(
  method: string,
  params: Readonly<Record<string, string>>,
  nonces: NonceMemory,
  now: Date,
): void {
  const { Signature, ...signed } = params;
  const id = required(signed.AccessKeyId, "AccessKeyId");
  const signature = required(Signature, "Signature");
  const nonce = required(signed.SignatureNonce, "SignatureNonce");
  if (required(signed.SignatureMethod, "SignatureMethod") !== "HMAC-SHA1") {
    throw new CloudError("InvalidSignatureMethod", "SignatureMethod must be HMAC-SHA1.");
  }
  const credential = knownCredential("alibaba", id, "InvalidAccessKeyId.NotFound");
  refuseStale(required(signed.Timestamp, "Timestamp"), now);
  const own = signAcsRpc({ accessKeySecret: credential.secret, method, params: Object.entries(signed) });
  if (!sameSecret(own.signature, signature)) throw wrongSignature(own.stringToSign);
  refuseWrongToken(credential, signed.SecurityToken);
  nonces.use(nonce, now);
}

function refuseStale(time: string, now: Date): void {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(time) || Number.isNaN(Date.parse(time))) {
    throw new CloudError("InvalidTimeStamp.Format", "The time must have the form YYYY-MM-DDTHH:mm:ssZ.");
  }
  if (!isWithin(windowMinutes, Date.parse(time), now)) {
    throw new CloudError("InvalidTimeStamp.Expired", `The time is more than ${windowMinutes} minutes off.`);
  }
}

function refuseWrongToken(credential: SandboxCredential, token: string | undefined): void {
  if (tokenFits(credential, token)) return;
  if (token === undefined) throw new CloudError("MissingSecurityToken", "A temporary AccessKey needs its token.");
  throw new CloudError("InvalidSecurityToken.MismatchWithAccessKey", "The token does not belong to the AccessKey.");
}

/** The gateway repeats what was signed, secrets included (docs/cloud-behaviour.md 1.4); callers must handle that. */
function wrongSignature(stringToSign: string | undefined): CloudError {
  return new CloudError(
    "SignatureDoesNotMatch",
    `The signature does not fit the request. server string to sign is:${stringToSign ?? ""}`,
  );
}

function required(value: string | undefined, parameter: string): string {
  if (!value) throw missingInAlibaba(parameter);
  return value;
}

/** The gateway's code for a missing parameter is `Missing` and the parameter's name. */
export function missingInAlibaba(parameter: string): CloudError {
  return new CloudError(`Missing${parameter}`, `The request lacks ${parameter}.`);
}
