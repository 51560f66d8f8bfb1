import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { CallToolResultSchema, ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import type { z } from "zod";
import type { Person } from "./person.js";
import { quote, tell } from "./telling.js";

export const cli = fileURLToPath(new URL("../../../dist/cli.js", import.meta.url));

type Telling = "with progress" | "without progress";

/** An MCP client as in an assistant's host, with the server as its child process. */
export class Assistant {
  readonly #client: Client;
  readonly #transport: StdioClientTransport;
  readonly #received: string[] = [];

  /** @param env the server's environment, in addition to PATH and the like */
  constructor(args: readonly string[], env: Readonly<Record<string, string>>, person: Person) {
    this.#client = new Client({ name: "demo", version: "1" }, { capabilities: { elicitation: {} } });
    this.#client.setRequestHandler(ElicitRequestSchema, ({ params }) => person.answer(params));
    const server = { command: process.execPath, args: [cli, ...args], env: { ...env }, stderr: "inherit" as const };
    this.#transport = new StdioClientTransport(server);
    this.#transport.onmessage = (message) => void this.#received.push(JSON.stringify(message));
  }

  async connect() {
    await this.#client.connect(this.#transport);
    return this.#client.listTools();
  }

  /** Everything that the client received, as JSON. */
  get received(): string {
    return this.#received.join("\n");
  }

  /** Calls a tool that must succeed. */
  async call<Schema extends z.ZodTypeAny>(
    name: string,
    args: Readonly<Record<string, unknown>>,
    schema: Schema,
    telling: Telling = "with progress",
  ): Promise<z.output<Schema>> {
    const reply = await this.try(name, args, telling);
    if (reply.isError) throw new Error(`${name} failed: ${JSON.stringify(reply.content)}`);
    return schema.parse(reply.structuredContent);
  }

  /** The same, for a call that may fail. */
  async try(name: string, args: Readonly<Record<string, unknown>>, telling: Telling = "with progress") {
    tell(`the assistant calls ${name}`);
    const told = new Set<string>();
    const onprogress = ({ message = "" }: { readonly message?: string | undefined }) => {
      if (told.has(message)) return;
      told.add(message);
      if (telling === "with progress") quote("·", [message]);
    };
    const options = { onprogress, resetTimeoutOnProgress: true };
    return CallToolResultSchema.parse(
      await this.#client.callTool({ name, arguments: { ...args } }, undefined, options),
    );
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}
