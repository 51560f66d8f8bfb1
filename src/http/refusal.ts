import type { FastifyReply } from "fastify";

/** Answers a request that was not carried out, in the form that MCP clients read. */
export function refuse(
  reply: FastifyReply,
  status: number,
  message: string,
  id: string | number | null = null,
  code = codeOf(status),
) {
  // Where JSON-RPC has null, MCP has no id (2025-11-25, Streamable HTTP).
  return reply.code(status).send({ jsonrpc: "2.0", ...(id !== null && { id }), error: { code, message } });
}

/** JSON-RPC leaves -32000 to -32099 to servers; -32001 is what MCP clients know as an unknown session. */
function codeOf(status: number): number {
  return status === 404 ? -32_001 : -32_000;
}
