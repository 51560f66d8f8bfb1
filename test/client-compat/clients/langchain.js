import { MultiServerMCPClient } from "@langchain/mcp-adapters";

export async function connect({ command, args, env }) {
  const mcpServers = { cloudcert: { transport: "stdio", command, args, env, stderr: "ignore" } };
  const client = new MultiServerMCPClient({ mcpServers });
  const tools = await client.getTools();
  return {
    hasForm: false,
    tools: async () => tools.map(({ name }) => name),
    // Throws where the reply is an error.
    call: async (name, args) => (await tools.find((tool) => tool.name === name).invoke(args)).structuredContent,
    resource: async (uri) => (await client.readResource("cloudcert", uri))[0].text,
    // Prompts are read with the client of the SDK inside, which it hands out for that.
    prompt: async (name, args) => {
      const inner = await client.getClient("cloudcert");
      return (await inner.getPrompt({ name, arguments: args })).messages[0].content.text;
    },
    close: () => client.close(),
  };
}
