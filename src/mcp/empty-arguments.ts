import { isObject, parseJson } from "../lib/json.js";

/**
 * Normalizes params that some clients send: null for what is omitted, and arguments that are null, an empty list (PHP
 * has one type for both) or JSON text. The SDK's schemas reject all of these, some silently. Any other invalid
 * arguments become an argument named "arguments", which the tool rejects with a message.
 * @param message parsed JSON, not yet checked
 */
export function withoutEmptyArguments(message: unknown): unknown {
  if (!isObject(message) || typeof message.method !== "string") return message;
  const { params, ...rest } = message;
  if (params === null) return rest;
  if (!isObject(params)) return message;
  const { arguments: args, ...others } = withoutNull(params);
  if (args === undefined || !takesArguments.has(message.method)) return { ...rest, params: withoutNull(params) };
  const given = argumentsIn(args);
  // Prompt arguments are strings; none can be null.
  const meant = message.method === "prompts/get" ? withoutNull(given) : given;
  return { ...rest, params: { ...others, arguments: meant } };
}

const takesArguments: ReadonlySet<string> = new Set(["tools/call", "prompts/get"]);

function argumentsIn(args: unknown): Readonly<Record<string, unknown>> {
  const value = typeof args === "string" ? (args.trim() === "" ? {} : parseJson(args)) : args;
  if (Array.isArray(value) && value.length === 0) return {};
  return isObject(value) ? value : { arguments: args };
}

function withoutNull(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
}
