import { setTimeout } from "node:timers/promises";
import { createMCPClient, ElicitationRequestSchema } from "@ai-sdk/mcp";
import { Experimental_StdioMCPTransport as StdioTransport } from "@ai-sdk/mcp/mcp-stdio";
import { expect, it } from "vitest";
import { z } from "zod";
import { bareEnvironment, cli, READING_TIME } from "../support/assistant.js";
import { wide } from "../support/width.js";

/** A client that is not built on the MCP SDK: what holds only between two halves of one library shows here. */
it("an independent client lists the tools, reads, is asked, and changes", wide, async () => {
  const transport = new StdioTransport({
    command: process.execPath,
    args: [cli, "--sandbox"],
    stderr: "ignore",
    env: bareEnvironment,
  });
  const client = await createMCPClient({ transport, capabilities: { elicitation: {} } });
  const questions: string[] = [];
  client.onElicitationRequest(ElicitationRequestSchema, async ({ params }) => {
    questions.push(params.message);
    await setTimeout(READING_TIME);
    return { action: "accept", content: { approve: true } };
  });
  try {
    const tools = await client.tools();
    expect(Object.keys(tools).length).toBeGreaterThanOrEqual(36);
    const context = { messages: [], toolCallId: "1", experimental_context: undefined, context: undefined };
    const call = async (name: string, args: unknown) => {
      const reply = z
        .object({ isError: z.boolean().optional(), structuredContent: z.unknown() })
        .parse(await tools[name]?.execute(args, context));
      expect(reply.isError).not.toBe(true);
      return reply.structuredContent;
    };
    const list = z.object({ Certificates: z.array(z.object({ CertificateId: z.string() })) });
    const { Certificates } = list.parse(await call("DescribeCertificates", { Limit: 1 }));
    const CertificateId = Certificates[0]?.CertificateId;
    expect(await call("ModifyCertificateAlias", { CertificateId, Alias: "seen" })).toMatchObject({ CertificateId });
    expect(questions).toHaveLength(1);
  } finally {
    await client.close();
  }
});
