import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { CallToolResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { bareEnvironment, textOf } from "../support/assistant.js";

/** How a host starts a server. */
export interface Start {
  readonly command: string;
  readonly args?: readonly string[] | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string;
}

/** What a client finds that starts a server so: the names of its tools, and the text of the reply to one call. */
export async function tryOut({ command, args = [], env = {}, cwd }: Start, name: string, given = {}) {
  const transport = new StdioClientTransport({
    command,
    args: [...args],
    env: { ...bareEnvironment, ...env },
    stderr: "pipe",
    ...(cwd !== undefined && { cwd }),
  });
  let stderr = "";
  transport.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const client = new Client({ name: "installer", version: "1" });
  try {
    await client.connect(transport);
    const { tools } = await client.listTools();
    const reply = CallToolResultSchema.parse(await client.callTool({ name, arguments: given }));
    return { tools: tools.map((tool) => tool.name), failed: reply.isError === true, text: textOf(reply) };
  } catch (error) {
    throw new Error(`the server did not answer; it said: ${stderr}`, { cause: error });
  } finally {
    await client.close();
  }
}
