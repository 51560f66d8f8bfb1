import { isObject, parseJson } from "../lib/json.js";

/**
 * A message as it is meant where its params are spelt as some clients spell them: null for what is left out, and arguments
 * that are null, an empty list (PHP has one type for both) or JSON text. The SDK's schemas refuse all of these, some
 * without a word. Arguments that are nothing of the kind become an argument of that name, which the tool refuses in words.
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
  // Those of a prompt are texts, and none of them can be null.
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
