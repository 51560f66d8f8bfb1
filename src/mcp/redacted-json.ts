import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import { isObject } from "../lib/json.js";
import type { Redact } from "../lib/redacted-start.js";

/** A message to a client; JSON-RPC has null where an error belongs to no request that could be read. */
type Message = JSONRPCMessage | { readonly id?: string | number | null };

/**
 * A message as it may leave. The id of a request and its progress token are the client's own words, and a reply with
 * others belongs to no request: they stay as they are, even if they hold a secret.
 */
export function redactedJson(message: Message, redact: Redact): string {
  const json = JSON.stringify(message);
  const redacted = redact(json);
  if (redacted === json) return json;
  const parsed: unknown = JSON.parse(redacted);
  if (!isObject(parsed)) return redacted;
  const { params } = parsed;
  const given = "params" in message && isObject(message.params) ? message.params.progressToken : undefined;
  return JSON.stringify({
    ...parsed,
    ...("id" in message && { id: message.id }),
    ...(given !== undefined && isObject(params) && { params: { ...params, progressToken: given } }),
  });
}
