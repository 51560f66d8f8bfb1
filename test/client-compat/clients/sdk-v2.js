import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { approveInForm } from "../person.js";
import { driven } from "./sdk.js";

/** @param {"legacy" | "auto"} mode whether the client first asks for a version of the protocol that has no handshake */
export async function connect({ command, args, env, person = approveInForm }, mode = "legacy") {
  const options = { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode } };
  const client = new Client({ name: "compat", version: "1" }, options);
  client.setRequestHandler("elicitation/create", person);
  await client.connect(new StdioClientTransport({ command, args, env, stderr: "ignore" }));
  return driven(client);
}
