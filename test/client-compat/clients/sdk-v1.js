import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { approveInForm } from "../person.js";
import { driven } from "./sdk.js";

export async function connect({ command, args, env, person = approveInForm }) {
  const client = new Client({ name: "compat", version: "1" }, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, person);
  await client.connect(new StdioClientTransport({ command, args, env, stderr: "ignore" }));
  return driven(client);
}
