import { isUtf8 } from "node:buffer";
import {
  CallToolRequestSchema,
  CompleteRequestSchema,
  ErrorCode,
  GetPromptRequestSchema,
  InitializeRequestSchema,
  type JSONRPCMessage,
  JSONRPCMessageSchema,
  JSONRPCNotificationSchema,
  JSONRPCRequestSchema,
  JSONRPCResultResponseSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  PingRequestSchema,
  ReadResourceRequestSchema,
  type RequestId,
  RequestIdSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { isObject, type JsonObject, mapMembers, parseJson } from "../lib/json.js";
import { groupedBy } from "../lib/lists.js";
import type { InputLine } from "./line-reader.js";

/** Longest message, in bytes: over twice the largest argument of an operation, a letter of 1.4 MiB in base64. */
export const MAX_MESSAGE_LENGTH = 4 * 1024 * 1024;

/** Deepest nesting of a message; messages are processed recursively. */
const MAX_DEPTH = 64;

/** Most values in a message: parsing cost depends more on their number than on their length. */
const MAX_VALUES = 20_000;

/** The error reply to an invalid message; `id` is null if the request's own could not be read. */
interface ErrorReply {
  readonly jsonrpc: "2.0";
  readonly id: RequestId | null;
  readonly error: { readonly code: number; readonly message: string };
}

/** What a line holds; undefined if it needs no answer. */
type Incoming = { readonly message: JSONRPCMessage } | { readonly reply: ErrorReply } | undefined;

/** Reads the body of one request over HTTP as a message of the protocol. Errors do not repeat its content. */
export function readMessage(line: InputLine): Incoming {
  const read = valueIn(line);
  if (!("value" in read)) return read.incoming;
  return Array.isArray(read.value)
    ? // Protocol revision 2025-06-18 removed batches, and the SDK accepts none under any revision.
      refuseMessage(ErrorCode.InvalidRequest, null, "Batches are not supported: each message is sent by itself.")
    : parseMessage(read.value);
}

/** Most messages in one batch: all of them are taken before other work gets its turn. */
const MAX_BATCH = 50;

/**
 * Reads one line as a message, or as a batch of several, which revision 2025-03-26 requires a server to receive. Each is
 * answered by itself: a client finds its answers by their ids.
 */
export function readMessages(line: InputLine): readonly Incoming[] {
  const read = valueIn(line);
  if (!("value" in read)) return [read.incoming];
  const { value } = read;
  if (!Array.isArray(value)) return [parseMessage(value)];
  const [size, most] = [value.length, MAX_BATCH];
  if (size > 0 && size <= most) return value.map(parseMessage);
  const wrong = size === 0 ? "The batch is empty." : `The batch holds ${size} messages; at most ${most} are read.`;
  return [refuseMessage(ErrorCode.InvalidRequest, null, wrong)];
}

function valueIn(line: InputLine): { readonly value: unknown } | { readonly incoming: Incoming } {
  const refused = (...why: Parameters<typeof refuseMessage>) => ({ incoming: refuseMessage(...why) });
  if (!line.complete) {
    const id = idIn(line.head.toString("latin1"), line.tail.toString("latin1"));
    return refused(ErrorCode.InvalidRequest, id, `The message is longer than ${MAX_MESSAGE_LENGTH} bytes.`);
  }
  if (!isUtf8(line.bytes)) return refused(ErrorCode.ParseError, null, "The message is not UTF-8.");
  const text = utf8.decode(line.bytes);
  if (text.trim() === "") return { incoming: undefined };
  const excess = excessOf(text);
  if (excess !== undefined) return refused(ErrorCode.InvalidRequest, idIn(...endsOf(text)), `The message ${excess}.`);
  try {
    return { value: JSON.parse(text) };
  } catch {
    return refused(ErrorCode.ParseError, null, "The message is not JSON.");
  }
}

/** The answer to an invalid request. */
export function refuseMessage(code: ErrorCode, id: RequestId | null, happened: string): { readonly reply: ErrorReply } {
  const message = `${happened} Nothing was done. Correct it and send it again.`;
  return { reply: { jsonrpc: "2.0", id, error: { code, message } } };
}

/** As much of the SDK's schemas as is needed here. */
interface Schema<Value> {
  safeParse(
    value: unknown,
  ): { success: true; data: Value } | { success: false; error: { readonly issues: readonly Issue[] } };
}

interface Issue {
  readonly path: readonly PropertyKey[];
}

/** The supported requests, with the protocol's schemas. */
const schemaOf = new Map<string, Schema<unknown>>([
  ["initialize", InitializeRequestSchema],
  ["ping", PingRequestSchema],
  ["tools/list", ListToolsRequestSchema],
  ["tools/call", CallToolRequestSchema],
  ["prompts/list", ListPromptsRequestSchema],
  ["prompts/get", GetPromptRequestSchema],
  ["resources/list", ListResourcesRequestSchema],
  ["resources/templates/list", ListResourceTemplatesRequestSchema],
  ["resources/read", ReadResourceRequestSchema],
  ["completion/complete", CompleteRequestSchema],
]);

function parseMessage(value: unknown): Incoming {
  for (let given = normalizeParams(value); ; ) {
    const checked = checkMessage(given);
    if ("message" in checked) return checked;
    // PHP and others write an empty list for an empty object. Each round leaves fewer lists.
    const lists = checked.issues.map(({ path }) => path).filter((path) => isEmptyList(memberAt(given, path)));
    if (lists.length > 0) given = withObjectsAt(given, lists);
    // Responses are never answered, not even malformed ones: two sides could answer each other forever.
    else return isResponse(value) ? undefined : refuseMessage(checked.code, idOf(value), describeInvalid(checked));
  }
}

interface Invalid {
  readonly code: ErrorCode;
  readonly issues: readonly Issue[];
}

function checkMessage(given: unknown): { readonly message: JSONRPCMessage } | Invalid {
  const parsed = envelopeOf(given).safeParse(given);
  if (!parsed.success) return { code: ErrorCode.InvalidRequest, issues: parsed.error.issues };
  const message = parsed.data;
  const checked = "method" in message && "id" in message ? schemaOf.get(message.method)?.safeParse(message) : undefined;
  if (checked?.success !== false) return { message };
  return { code: ErrorCode.InvalidParams, issues: checked.error.issues };
}

/** The schema that is meant: the one for all messages does not tell which member is wrong. */
function envelopeOf(given: unknown): Schema<JSONRPCMessage> {
  if (!isObject(given)) return JSONRPCMessageSchema;
  if ("method" in given) return "id" in given ? JSONRPCRequestSchema : JSONRPCNotificationSchema;
  return "result" in given ? JSONRPCResultResponseSchema : JSONRPCMessageSchema;
}

/** Names the first wrong member, if the name is one of the protocol's and not content of the message. */
function describeInvalid({ code, issues: [first] }: Invalid): string {
  const path = first?.path.map(String).join(".") ?? "";
  const named = /^[\w./-]{1,100}$/.test(path) ? `: its member ${path} is missing or wrong.` : ".";
  return code === ErrorCode.InvalidParams
    ? `The params are not valid for this method${named}`
    : `It is not a valid message of the protocol (MCP over JSON-RPC 2.0)${named}`;
}

const isEmptyList = (value: unknown) => Array.isArray(value) && value.length === 0;

function memberAt(message: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, name) => (isObject(value) ? value[String(name)] : undefined), message);
}

/** A copy with an empty object at these paths. */
function withObjectsAt(value: unknown, paths: readonly (readonly PropertyKey[])[]): unknown {
  if (paths.some((path) => path.length === 0)) return {};
  if (!isObject(value)) return value;
  const inside = groupedBy(paths, ([name]) => String(name));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const below = inside.get(name)?.map(([, ...rest]) => rest);
      return [name, below === undefined ? member : withObjectsAt(member, below)];
    }),
  );
}

/**
 * Normalizes params that some clients send: null for what is omitted, at any depth, and arguments that are null, an
 * empty list (PHP has one type for both) or JSON text. The SDK's schemas reject all of these, some silently. Any other
 * invalid arguments become an argument named "arguments", which the tool rejects with a message. A wish for a task is
 * left out: a receiver that does not declare tasks processes the request without one (MCP 2025-11-25, Tasks), where
 * the SDK refuses it.
 * @param message parsed JSON, not yet checked
 */
function normalizeParams(message: unknown): unknown {
  if (!isObject(message) || typeof message.method !== "string") return message;
  const { params: given, ...rest } = message;
  if (given === null) return rest;
  if (!isObject(given)) return message;
  const { task: _, ...params } = given;
  if (!takesArguments.has(message.method)) return { ...rest, params: withoutNulls(params) };
  const { arguments: args = null, ...envelope } = params;
  const others = withoutNulls(envelope);
  if (args === null) return { ...rest, params: others };
  const named = argumentsIn(args);
  // Prompt arguments are strings; none can be null.
  const meant = message.method === "prompts/get" ? withoutNulls(named) : named;
  return { ...rest, params: { ...others, arguments: meant } };
}

const takesArguments: ReadonlySet<string> = new Set(["tools/call", "prompts/get"]);

function argumentsIn(args: unknown): JsonObject {
  const value = typeof args === "string" ? (args.trim() === "" ? {} : parseJson(args)) : args;
  if (value === null || (Array.isArray(value) && value.length === 0)) return {};
  return isObject(value) ? withNameForProto(value) : { arguments: args };
}

/** The SDK's schema leaves out a member called `__proto__` silently; under another name, the tool refuses it. */
function withNameForProto(given: JsonObject): JsonObject {
  if (!Object.hasOwn(given, "__proto__")) return given;
  return Object.fromEntries(
    Object.entries(given).map(([name, member]) => [name === "__proto__" ? "(__proto__)" : name, member]),
  );
}

function withoutNulls(members: JsonObject): JsonObject {
  return mapMembers(members, (member) => member ?? undefined);
}

/** Leaves out a byte order mark. */
const utf8 = new TextDecoder();

/** The limit that a message exceeds, found without parsing it. */
function excessOf(text: string): string | undefined {
  let depth = 0;
  let values = 1;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (inString) {
      if (character === 0x5c) at += 1;
      else if (character === 0x22) inString = false;
    } else if (character === 0x22) {
      inString = true;
    } else if (character === 0x7b || character === 0x5b) {
      depth += 1;
      values += 1;
      if (depth > MAX_DEPTH) return `is nested more than ${MAX_DEPTH} levels deep`;
    } else if (character === 0x7d || character === 0x5d) {
      depth -= 1;
    } else if (character === 0x2c) {
      values += 1;
    }
    if (values > MAX_VALUES) return `holds more than ${MAX_VALUES} values`;
  }
  return undefined;
}

const member = String.raw`\s*"(?:jsonrpc|id|method)"\s*:\s*(?:"[^"\\]*"|-?\d{1,15})\s*`;
const firstMembers = new RegExp(String.raw`^\s*\{((?:${member},)*)`);
const lastMembers = new RegExp(String.raw`((?:,${member})*)\}\s*$`);

const endsOf = (text: string) => [text.slice(0, 1024), text.slice(-1024)] as const;

/**
 * The id of an unparsed request, to tell the client which request failed. Clients write it before or after the params,
 * so both ends of the line are searched at the outermost level.
 */
function idIn(head: string, tail: string): RequestId | null {
  const first = firstMembers.exec(head)?.[1]?.slice(0, -1) ?? "";
  const last = lastMembers.exec(tail)?.[1]?.slice(1) ?? "";
  const members = [first, last].filter((text) => text !== "").join(",");
  return idOf(parseJson(`{${members}}`));
}

/** The id of at least the start of a request; an id without a method belongs to a response. */
function idOf(value: unknown): RequestId | null {
  if (!isObject(value) || !("method" in value) || typeof value.method !== "string" || !("id" in value)) return null;
  return RequestIdSchema.safeParse(value.id).data ?? null;
}

function isResponse(value: unknown): boolean {
  return isObject(value) && !("method" in value) && ("result" in value || "error" in value);
}
