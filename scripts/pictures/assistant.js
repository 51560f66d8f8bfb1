import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/**
 * A real MCP client with the built server on its sandbox, in its own home.
 * @param flags {readonly string[]} in addition to --sandbox
 * @param answer the person's answer in the client's form; without it the client has no form
 * @param env additional environment of the server
 */
export async function startAssistant(flags, answer, env = {}) {
  const home = mkdtempSync(join(tmpdir(), "cloudcert-pictures-"));
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [cli, "--sandbox", ...flags],
    env: { PATH: process.env.PATH ?? "", HOME: home, ...env },
    stderr: "pipe",
  });
  const client = new Client({ name: "pictures", version: "1" }, { capabilities: answer ? { elicitation: {} } : {} });
  if (answer) client.setRequestHandler(ElicitRequestSchema, ({ params }) => answer(params));
  await client.connect(transport);
  return {
    client,
    home,
    stderr: transport.stderr,
    /** Calls a tool that has to succeed; @returns its structured content */
    async call(name, args) {
      const options = { onprogress: () => {}, resetTimeoutOnProgress: true };
      const reply = await client.callTool({ name, arguments: args }, undefined, options);
      if (reply.isError) throw new Error(`${name} failed: ${JSON.stringify(reply.content)}`);
      return reply.structuredContent;
    },
    async close() {
      await client.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
