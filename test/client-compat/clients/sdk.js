import { structureOf } from "./replies.js";

/** Drives a client of either SDK once it is connected: both have these methods. */
export function driven(client) {
  return {
    hasForm: true,
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args) => structureOf(await client.callTool({ name, arguments: args })),
    resource: async (uri) => (await client.readResource({ uri })).contents[0].text,
    prompt: async (name, args) => (await client.getPrompt({ name, arguments: args })).messages[0].content.text,
    close: () => client.close(),
  };
}
