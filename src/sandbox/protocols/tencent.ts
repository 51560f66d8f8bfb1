import { authenticateTc3, authenticateV1, missingInTencent } from "../auth/tencent.js";
import { isForm, isJson, jsonReply, pairsOf, type RawRequest } from "../http.js";
import { checkTencent, parseJsonObject, unflatten } from "../parameters.js";
import { CloudError } from "../refusal.js";
import { type Call, handlerOf, type SandboxProtocol, type ServiceEndpoint } from "./protocol.js";

/*
 * Tencent Cloud API 3.0: TC3 with JSON or a query, signature v1 with a form or a query (docs/cloud-behaviour.md 2.1,
 * 2.2, 1.3).
 */

const maxV1BodyBytes = 1024 * 1024;
const maxQueryBytes = 32 * 1024;

/** Signature v1 sends these with the operation's own parameters. */
const commonNames: readonly string[] =
  "Action Version Nonce Timestamp SecretId Region Token Language SignatureMethod RequestClient Signature".split(" ");

export const tencentSandboxProtocol: SandboxProtocol = {
  maxBodyBytes: 10 * 1024 * 1024,
  receive,
  check: checkTencent,
  succeed: (result, requestId) => jsonReply(200, { Response: { ...result, RequestId: requestId } }),
  refuse: ({ code, message }, requestId) =>
    jsonReply(200, { Response: { Error: { Code: code, Message: message }, RequestId: requestId } }),
  tooLarge: () => new CloudError("RequestSizeLimitExceeded", "The request is too large."),
  throttled: () => new CloudError("RequestLimitExceeded", "Too many calls; try again in a moment."),
  fault: () => new CloudError("InternalError", "The sandbox failed."),
};

function receive(request: RawRequest, endpoint: ServiceEndpoint): Call {
  const { method, headers, query } = request;
  if (method !== "GET" && method !== "POST") {
    throw new CloudError("UnsupportedProtocol", "Requests must use GET or POST.");
  }
  if (query.length > maxQueryBytes) throw tencentSandboxProtocol.tooLarge();
  if (headers.authorization !== undefined) {
    authenticateTc3(request, method, endpoint.account.clock.now());
    const handler = handlerOf(headers["x-tc-action"], headers["x-tc-version"], endpoint, unknownOperation);
    const { params } = handler.operation;
    return { handler, params: method === "GET" ? unflatten(pairsOf(query), params) : jsonOf(request) };
  }
  const pairs = pairsOf(method === "GET" ? query : formOf(request));
  const fields = Object.fromEntries(pairs);
  authenticateV1(request, method, fields, endpoint.account.clock.now());
  const handler = handlerOf(fields.Action, fields.Version, endpoint, unknownOperation);
  const own = pairs.filter(([name]) => !commonNames.includes(name));
  return { handler, params: unflatten(own, handler.operation.params) };
}

const unknownOperation = { missing: missingInTencent, version: "NoSuchVersion", action: "InvalidAction" };

function jsonOf(request: RawRequest): Call["params"] {
  const params = isJson(request) ? parseJsonObject(request.body.toString()) : undefined;
  if (params === undefined) throw new CloudError("InvalidParameter", "The body is not a JSON object.");
  return params;
}

function formOf(request: RawRequest): Buffer {
  if (!isForm(request)) {
    throw new CloudError(
      "AuthFailure.InvalidAuthorization",
      "The request is signed neither in a header nor in a form.",
    );
  }
  if (request.body.length > maxV1BodyBytes) throw tencentSandboxProtocol.tooLarge();
  return request.body;
}
