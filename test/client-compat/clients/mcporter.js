import { createRuntime } from "mcporter";
import { structureOf } from "./replies.js";

export async function connect({ command, args, env }) {
  const definition = { name: "cloudcert", command: { kind: "stdio", command, args, cwd: process.cwd() }, env };
  const runtime = await createRuntime({ servers: [definition] });
  await runtime.connect("cloudcert");
  return {
    hasForm: false,
    tools: async () => (await runtime.listTools("cloudcert")).map(({ name }) => name),
    call: async (name, args) => structureOf(await runtime.callTool("cloudcert", name, { args })),
    ...(runtime.readResource && {
      resource: async (uri) => (await runtime.readResource("cloudcert", uri)).contents[0].text,
    }),
    close: () => runtime.close(),
  };
}
