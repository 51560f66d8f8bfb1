import { errorStatus } from "../../catalogue/errors/index.js";
import { authenticateAcs3, authenticateRpc, missingInAlibaba } from "../auth/alibaba.js";
import { isForm, jsonReply, pairsOf, type RawRequest } from "../http.js";
import { CloudError } from "../refusal.js";
import { type Call, handlerOf, type SandboxProtocol, type ServiceEndpoint } from "./protocol.js";

/*
 * Alibaba Cloud's RPC style: ACS3 or the older RPC signature, parameters in the query or a form
 * (docs/cloud-behaviour.md 5.1, 5.2).
 */

/** The older signature sends these with the operation's own parameters. */
const commonNames: readonly string[] = [
  ..."Action Version Format AccessKeyId Timestamp SecurityToken".split(" "),
  ..."Signature SignatureMethod SignatureVersion SignatureNonce".split(" "),
];

export const alibabaSandboxProtocol: SandboxProtocol = {
  maxBodyBytes: 10 * 1024 * 1024, // inferred: no documented limit
  receive,
  // The gateway passes unknown parameters, and the operations check in their own order (docs/cloud-behaviour.md 5.4).
  check: () => {},
  succeed: (result, requestId) => jsonReply(200, { ...result, RequestId: requestId }, idHeader(requestId)),
  refuse: ({ code, message, status }, requestId, { service, host }) => {
    const Recommend = `https://api.alibabacloud.com/troubleshoot?q=${code}&requestId=${requestId}`;
    const body = { RequestId: requestId, HostId: host, Code: code, Message: message, Recommend };
    return jsonReply(status ?? errorStatus(service, code) ?? 400, body, idHeader(requestId));
  },
  tooLarge: () => new CloudError("InvalidParameter", "The request is too large.", 413),
  throttled: () => new CloudError("Throttling.User", "Too many calls; try again in a moment."),
  fault: () => new CloudError("InternalError", "The sandbox failed."),
};

function receive(request: RawRequest, endpoint: ServiceEndpoint): Call {
  const { method, headers, path, query } = request;
  if (method !== "GET" && method !== "POST") {
    throw new CloudError("UnsupportedHTTPMethod", "Requests must use GET or POST.");
  }
  if (path !== "/") throw new CloudError("InvalidApi.NotFound", `There is no API at ${path}.`);
  const params = Object.fromEntries([...pairsOf(query), ...pairsOf(isForm(request) ? request.body : "")]);
  const isAcs3 = headers.authorization !== undefined;
  if (isAcs3) authenticateAcs3(request, endpoint.nonces, endpoint.account.clock.now());
  else authenticateRpc(method, params, endpoint.nonces, endpoint.account.clock.now());
  const action = isAcs3 ? headers["x-acs-action"] : params.Action;
  const version = isAcs3 ? headers["x-acs-version"] : params.Version;
  const own = Object.entries(params).filter(([name]) => !commonNames.includes(name));
  return { handler: handlerOf(action, version, endpoint, unknownOperation), params: Object.fromEntries(own) };
}

const unknownOperation = { missing: missingInAlibaba, version: "InvalidVersion", action: "InvalidAction.NotFound" };

function idHeader(requestId: string): Record<string, string> {
  return { "x-acs-request-id": requestId };
}
