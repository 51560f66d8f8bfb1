import { isObject, mapMembers, parseJson } from "../lib/json.js";

/**
 * Normalizes params that some clients send: null for what is omitted, at any depth, and arguments that are null, an
 * empty list (PHP has one type for both) or JSON text. The SDK's schemas reject all of these, some silently. Any other
 * invalid arguments become an argument named "arguments", which the tool rejects with a message.
 * @param message parsed JSON, not yet checked
 */
export function withoutEmptyArguments(message: unknown): unknown {
  if (!isObject(message) || typeof message.method !== "string") return message;
  const { params, ...rest } = message;
  if (params === null) return rest;
  if (!isObject(params)) return message;
  if (!takesArguments.has(message.method)) return { ...rest, params: withoutNulls(params) };
  const { arguments: args = null, ...envelope } = params;
  const others = withoutNulls(envelope);
  if (args === null) return { ...rest, params: others };
  const given = argumentsIn(args);
  // Prompt arguments are strings; none can be null.
  const meant = message.method === "prompts/get" ? withoutNulls(given) : given;
  return { ...rest, params: { ...others, arguments: meant } };
}

const takesArguments: ReadonlySet<string> = new Set(["tools/call", "prompts/get"]);

function argumentsIn(args: unknown): Readonly<Record<string, unknown>> {
  const value = typeof args === "string" ? (args.trim() === "" ? {} : parseJson(args)) : args;
  if (Array.isArray(value) && value.length === 0) return {};
  return isObject(value) ? value : { arguments: args };
}

function withoutNulls(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return mapMembers(members, (member) => member ?? undefined);
}
