import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import { isObject, parseJson } from "../json.js";

/**
 * A request as it is meant where its params are spelt as some clients spell them: null for a member that is left out, and
 * arguments that are null, an empty list (PHP has one type for both) or JSON text. The SDK answers all of these with an
 * internal error. Arguments that are nothing of the kind become an argument of that name, which the tool refuses in words.
 */
export function asMeant(message: JSONRPCMessage): JSONRPCMessage {
  if (!("method" in message) || message.params === undefined) return message;
  const given = Object.entries(message.params).filter(([, value]) => value !== null);
  const params: Record<string, unknown> = Object.fromEntries(given);
  if (message.method !== "tools/call" && message.method !== "prompts/get") return { ...message, params };
  const { arguments: args, ...rest } = params;
  if (args === undefined) return { ...message, params: rest };
  return { ...message, params: { ...rest, arguments: argumentsIn(args, message.method) } };
}

function argumentsIn(args: unknown, method: string): Readonly<Record<string, unknown>> {
  const value = typeof args === "string" ? (args.trim() === "" ? {} : parseJson(args)) : args;
  if (Array.isArray(value) && value.length === 0) return {};
  if (!isObject(value)) return { arguments: args };
  // Those of a prompt are texts, and none of them can be null.
  if (method === "tools/call") return value;
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
}
