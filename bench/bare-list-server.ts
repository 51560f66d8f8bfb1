// The smallest server that the SDK makes with one tool that calls the address given as its argument and hands on the
// reply: nothing is signed, checked or masked. Bundled by tool-call.ts like the program.
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { Agent, request } from "undici";
import { z } from "zod";

const [address = ""] = process.argv.slice(2);
const dispatcher = new Agent();
const Reply = z.record(z.string(), z.unknown());

const server = new McpServer({ name: "bare", version: "1.0.0" });
const inputSchema = { Limit: z.number().optional(), ExpirationSort: z.string().optional() };
server.registerTool("DescribeCertificates", { description: "Lists certificates.", inputSchema }, async (params) => {
  const headers = { "content-type": "application/json" };
  const { body } = await request(address, { method: "POST", headers, body: JSON.stringify(params), dispatcher });
  const reply = Reply.parse(await body.json());
  return { content: [{ type: "text", text: JSON.stringify(reply) }], structuredContent: reply };
});
await server.connect(new StdioServerTransport());
