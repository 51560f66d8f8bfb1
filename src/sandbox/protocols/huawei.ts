import { z } from "zod";
import { errorStatus } from "../../catalogue/errors/index.js";
import type { Operation } from "../../catalogue/operation.js";
import { innermost } from "../../catalogue/params.js";
import { unlessThrown } from "../../lib/failure.js";
import { authenticateHuawei } from "../auth/huawei.js";
import { isJson, jsonReply, pairsOf, type RawRequest } from "../http.js";
import { parseJsonObject } from "../parameters.js";
import { CloudError } from "../refusal.js";
import type { Call, SandboxProtocol, ServiceEndpoint } from "./protocol.js";

/* Huawei Cloud REST: parameters in the path, the query and a JSON body (docs/cloud-behaviour.md 6.1, 6.2, 1.3). */

export const huaweiSandboxProtocol: SandboxProtocol = {
  maxBodyBytes: 12 * 1024 * 1024,
  receive,
  check,
  succeed: (result, requestId, { route }) => {
    if (route?.method === "DELETE") return { status: 204, headers: idHeader(requestId), body: "" };
    // A change is answered without a body (docs/cloud-behaviour.md 1.3).
    if (Object.keys(result).length === 0) return { status: 200, headers: idHeader(requestId), body: "" };
    return jsonReply(200, result, idHeader(requestId));
  },
  refuse: ({ code, message, status }, requestId, { service }) => {
    // Only the gateway in front of the service repeats the id in the body.
    const fromGateway = code.startsWith("APIGW.") ? { request_id: requestId } : {};
    const body = { error_code: code, error_msg: message, ...fromGateway };
    return jsonReply(status ?? errorStatus(service, code) ?? 400, body, idHeader(requestId));
  },
  tooLarge: () => new CloudError("APIGW.0201", "The request is too large.", 413),
  throttled: () => new CloudError("APIGW.0308", "Too many calls; try again in a moment."),
  // Of Live; that the store answers likewise is inferred.
  fault: () => new CloudError("LIVE.100011005", "The sandbox failed."),
};

function receive(request: RawRequest, endpoint: ServiceEndpoint): Call {
  const path = unlessThrown(() => decodeURIComponent(request.path));
  if (path === undefined) throw new CloudError("APIGW.0201", "The path cannot be decoded.", 400);
  const matches = matchesOf(path, endpoint);
  if (matches.length === 0) throw new CloudError("APIGW.0101", `There is no API at ${path}.`);
  authenticateHuawei(request, path, endpoint.account.clock.now());
  const match = matches.find(({ route }) => route.method === request.method);
  if (match === undefined) {
    throw new CloudError("LIVE.100011011", `The path is not served with ${request.method}.`);
  }
  const { handler, route, inPath } = match;
  const inQuery = pairsOf(request.query)
    .filter(([name]) => route.query.includes(name))
    .map(([name, text]) => [name, isFlag(handler.operation, name) ? text === "true" : text] as const);
  const projectId = request.headers["x-project-id"];
  const inBody = route.method === "PUT" ? bodyOf(request) : {};
  return {
    handler,
    params: { ...(projectId && { project_id: projectId }), ...inBody, ...Object.fromEntries(inQuery), ...inPath },
  };
}

function isFlag({ params }: Operation, name: string): boolean {
  const member = new Map<string, z.ZodTypeAny>(Object.entries(params.shape)).get(name);
  return member !== undefined && innermost(member) instanceof z.ZodBoolean;
}

/** The routes with the request's path, and the values in the path. */
function matchesOf(path: string, { handlers }: ServiceEndpoint) {
  return handlers.flatMap((handler) => {
    const { route } = handler.operation;
    const inPath = route && valuesIn(path, route.path);
    return route !== undefined && inPath !== undefined ? [{ handler, route, inPath }] : [];
  });
}

/** The values that `path` has for the names in `pattern`; undefined if it does not match. */
function valuesIn(path: string, pattern: string): Record<string, string> | undefined {
  const form = new RegExp(`^${pattern.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);
  const found = form.exec(path);
  return found === null ? undefined : { ...found.groups };
}

function bodyOf(request: RawRequest): Readonly<Record<string, unknown>> {
  if (!isJson(request)) throw new CloudError("LIVE.100011012", "The body must be JSON.");
  const body = parseJsonObject(request.body.toString());
  if (body === undefined) throw new CloudError("LIVE.100011001", "The body is not a JSON object.");
  return body;
}

function check(operation: Operation, params: Call["params"]): void {
  const [issue] = operation.params.safeParse(params).error?.issues ?? [];
  const code = operation.service.id === "huawei-scm" ? "SCM.0005" : "LIVE.100011001";
  if (issue !== undefined) throw new CloudError(code, `${issue.path.join(".")}: ${issue.message}`);
}

function idHeader(requestId: string): Record<string, string> {
  return { "x-request-id": requestId };
}
