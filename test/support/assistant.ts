import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import {
  type CallToolResult,
  CallToolResultSchema,
  type ElicitRequest,
  ElicitRequestSchema,
  type ElicitResult,
  type JSONRPCMessage,
} from "@modelcontextprotocol/sdk/types.js";
import type { JsonSchemaType, JsonSchemaValidator } from "@modelcontextprotocol/sdk/validation";
import { AjvJsonSchemaValidator } from "@modelcontextprotocol/sdk/validation/ajv";
import { z } from "zod";
import type { Sandbox } from "../../src/sandbox/server.js";

export const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/** What the person at the client does with a question; undefined: the client cannot show one. */
export type Person = ((question: ElicitRequest["params"]) => ElicitResult | Promise<ElicitResult>) | undefined;

/** No person answers faster than this; whatever does is not taken for one. In milliseconds. */
export const READING_TIME = 320;

/** A person who reads the question, and then answers. */
export function reads(answer: (question: ElicitRequest["params"]) => ElicitResult): Person {
  return async (question) => {
    await setTimeout(READING_TIME);
    return answer(question);
  };
}

/** A yes to a question, with the name that it wants typed: the form's own title names it. */
export function accepting({ message }: ElicitRequest["params"]): ElicitResult {
  const confirm = /^To approve, type (.+)\.$/m.exec(message)?.[1];
  return { action: "accept", content: { approve: true, ...(confirm !== undefined && { confirm }) } };
}

/** Reads each question, keeps it, and approves. */
export function approving(questions: string[] = []): Person {
  return reads((question) => {
    questions.push(question.message);
    return accepting(question);
  });
}

/** Reads each question, keeps it, and declines. */
export function declining(questions: string[] = []): Person {
  return reads(({ message }) => {
    questions.push(message);
    return { action: "decline" };
  });
}

export const saysYes = approving();

export interface Assistant {
  readonly client: Client;
  /** Everything that the client received, as it came over the pipe. */
  readonly received: readonly JSONRPCMessage[];
  readonly pid: number;
  stderr(): string;
  /** The links to the approval page that it has told so far; of one operation if that is named. */
  links(operation?: string): readonly string[];
  /**
   * Calls a tool; the client checks the reply against the tool's output schema. Makes the same call again where a reply
   * comes at once because the person sees the question nowhere, as an assistant does that has told them.
   * @param whileWaiting called once the server says that it waits for a person
   */
  call(name: string, args?: Record<string, unknown>, whileWaiting?: () => void): Promise<CallToolResult>;
  /** The same, for a call that must succeed; gives the structured content. */
  result(name: string, args?: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** The same, for a call that must fail; gives the text that the model reads. */
  failure(name: string, args?: Record<string, unknown>): Promise<string>;
  /** The same, for a call that has to be answered before its end; gives the text that the model reads. */
  pending(name: string, args?: Record<string, unknown>): Promise<string>;
  close(): Promise<void>;
}

/** An environment with a home of its own, so that a test neither finds nor leaves anything in a person's. */
export const bareEnvironment: Record<string, string> = {
  PATH: process.env.PATH ?? "",
  HOME: mkdtempSync(join(tmpdir(), "cloudcert-home-")),
};

export interface AssistantOptions {
  readonly env?: Record<string, string>;
  /** The person at the client's form; null: the client has none. */
  readonly person?: Person | null;
  /** The host asks a person at its own prompt, who says yes: for a server that was started with `approvesByToken`. */
  readonly hostApproves?: boolean;
  /** Whether the host shows views (MCP Apps). */
  readonly showsViews?: boolean;
}

/**
 * A client compiles the output schema of every tool that it lists. The servers of the tests list the same tools, and few
 * of them are called: each schema is compiled once, when something is first checked against it.
 */
class SharedSchemas extends AjvJsonSchemaValidator {
  readonly #schemas = new Map<string, JsonSchemaType>();

  override getValidator<T>(schema: JsonSchemaType): JsonSchemaValidator<T> {
    const text = JSON.stringify(schema);
    const first = this.#schemas.get(text) ?? schema;
    this.#schemas.set(text, first);
    // Ajv knows the object that it has compiled.
    return (input) => super.getValidator<T>(first)(input);
  }
}

/** For the clients of all tests. */
export const jsonSchemaValidator = new SharedSchemas();

/** Flags for a server whose host approves. */
export const approvesByToken = ["--approve", "token", "--token-for-destructive", "--allow-purchases"];

/** Starts the built server as a child process and connects a real MCP client to it over stdio. */
export async function startAssistant(
  args: readonly string[],
  { env = {}, person = saysYes, hostApproves = false, showsViews = false }: AssistantOptions = {},
): Promise<Assistant> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [cli, ...args],
    env: { ...bareEnvironment, ...env },
    stderr: "pipe",
  });
  const received: JSONRPCMessage[] = [];
  let stderr = "";
  transport.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const capabilities = {
    ...(person && { elicitation: {} }),
    ...(showsViews && { extensions: { "io.modelcontextprotocol/ui": { mimeTypes: ["text/html;profile=mcp-app"] } } }),
  };
  const client = new Client({ name: "test-client", version: "1" }, { capabilities, jsonSchemaValidator });
  if (person) client.setRequestHandler(ElicitRequestSchema, ({ params }) => person(params));
  await client.connect(transport);
  const deliver = transport.onmessage;
  transport.onmessage = (message) => {
    received.push(message);
    deliver?.(message);
  };
  await client.listTools();

  const shownQuestions = new Set<string>();
  const callOnce = async (name: string, args: Record<string, unknown>, whileWaiting?: () => void) => {
    let waits = false;
    const onprogress = () => {
      if (!waits) whileWaiting?.();
      waits = true;
    };
    const options = whileWaiting && { onprogress, resetTimeoutOnProgress: true };
    const request = async () =>
      CallToolResultSchema.parse(await client.callTool({ name, arguments: args }, undefined, options));
    const reply = await request();
    const unseen = unseenQuestion(reply);
    if (unseen === undefined || shownQuestions.has(unseen)) return reply;
    shownQuestions.add(unseen);
    return request();
  };
  const call = async (name: string, given: Record<string, unknown> = {}, whileWaiting?: () => void) => {
    const reply = await callOnce(name, given, whileWaiting);
    const token = offeredToken(reply);
    return hostApproves && token !== undefined ? callOnce(name, { ...given, approval: token }) : reply;
  };
  return {
    client,
    received,
    pid: transport.pid ?? 0,
    stderr: () => stderr,
    links: (operation = "") =>
      [...stderr.matchAll(new RegExp(`${operation} waits for approval: (http\\S+)`, "g"))].map(([, link = ""]) => link),
    call,
    result: async (name, given) => {
      const reply = await untilEnded(await call(name, given), () => call(name, given));
      if (reply.isError) throw new Error(`${name} failed: ${textOf(reply)}`);
      return reply.structuredContent ?? {};
    },
    failure: async (name, given) => {
      const reply = await call(name, given);
      if (!reply.isError) throw new Error(`${name} succeeded: ${textOf(reply)}`);
      return textOf(reply);
    },
    pending: async (name, given) => {
      const reply = await call(name, given);
      if (!reply.isError && reply.structuredContent?.state !== undefined) return textOf(reply);
      throw new Error(`${name} is not under way: ${textOf(reply)}`);
    },
    close: () => client.close(),
  };
}

/** The last reply of a job: it may outlive its call on a busy machine, and the same call goes on with it. */
export async function untilEnded(first: CallToolResult, again: () => Promise<CallToolResult>): Promise<CallToolResult> {
  let reply = first;
  while (reply.structuredContent?.state === "being carried out") reply = await again();
  return reply;
}

const waitingReply = z.object({ state: z.literal("waiting for approval"), approval_id: z.string() });

/** The question in a reply that says that the person sees it nowhere. */
function unseenQuestion(reply: CallToolResult): string | undefined {
  if (!/Nobody could be asked yet|It is not shown anywhere else/.test(textOf(reply))) return undefined;
  return waitingReply.safeParse(reply.structuredContent).data?.approval_id;
}

const tokenReply = z.object({ approval: z.object({ token: z.string() }) });

/** The token in a reply that offers one. */
export function offeredToken(reply: CallToolResult): string | undefined {
  return tokenReply.safeParse(reply.structuredContent).data?.approval.token;
}

/**
 * Flags and variables that point a server at `sandbox`, and at its edge unless another one is given. Two addresses are
 * enough to see a change arrive at one after the other; each look costs handshakes.
 */
export function pointedAt(
  sandbox: Sandbox,
  addresses = sandbox.edge.addresses.slice(0, 2),
): { args: string[]; env: Record<string, string> } {
  const endpoints = Object.entries(sandbox.endpoints).map(([id, address]) => `${id}=${address}`);
  const edge = addresses.map(({ address, port }) => `${address}:${port}`);
  const args = [...endpoints.flatMap((each) => ["--endpoint", each]), ...edge.flatMap((each) => ["--edge", each])];
  const root = join(mkdtempSync(join(tmpdir(), "cloudcert-root-")), "root.pem");
  writeFileSync(root, sandbox.edge.rootPem);
  return { args, env: { ...sandbox.env, NODE_EXTRA_CA_CERTS: root } };
}

export function textOf(reply: CallToolResult): string {
  return reply.content.map((part) => (part.type === "text" ? part.text : "")).join("");
}
