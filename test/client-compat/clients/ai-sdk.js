import { createMCPClient, ElicitationRequestSchema } from "@ai-sdk/mcp";
import { Experimental_StdioMCPTransport as StdioTransport } from "@ai-sdk/mcp/mcp-stdio";
import { approveInForm } from "../person.js";
import { structureOf } from "./replies.js";

export async function connect({ command, args, env, person = approveInForm }) {
  const transport = new StdioTransport({ command, args, env, stderr: "ignore" });
  const client = await createMCPClient({ transport, capabilities: { elicitation: {} } });
  client.onElicitationRequest(ElicitationRequestSchema, person);
  const tools = await client.tools();
  const context = { messages: [], toolCallId: "1" };
  return {
    hasForm: true,
    tools: async () => Object.keys(tools),
    call: async (name, args) => structureOf(await tools[name].execute(args, context)),
    resource: async (uri) => (await client.readResource({ uri })).contents[0].text,
    prompt: async (name, args) =>
      (await client.experimental_getPrompt({ name, arguments: args })).messages[0].content.text,
    close: () => client.close(),
  };
}
