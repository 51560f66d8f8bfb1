import { afterAll, beforeAll, expect, it } from "vitest";
import { type ServerProcess, startInitialized, startServer } from "../support/server-process.js";

/**
 * Members that clients add, and null where nothing is meant; the arguments themselves are in
 * test/pipeline/arguments and test/mcp/protocol.e2e.test.ts. Here is what
 * the SDK's schemas refuse before any tool sees it: with an internal error, which no model can do anything about.
 */

let server: ServerProcess;
beforeAll(async () => {
  server = await startInitialized(["--sandbox"]);
});
afterAll(async () => {
  server.child.stdin.end();
  await server.ended();
});

it.each([
  // chaitin/MonkeyCode#1268: clients in Go send every member of a structure
  ["cursor: null", "tools/list", { cursor: null }],
  ["a prompt's arguments: null", "prompts/get", { name: "expiry_review", arguments: null }],
  ["a prompt's argument: null", "prompts/get", { name: "expiry_review", arguments: { days: null } }],
  ["a progress token: null", "tools/call", { name: "list_vault", _meta: { progressToken: null } }],
  ["a progress token: null, for a list", "tools/list", { _meta: { progressToken: null } }],
  ["a prompt's arguments: []", "prompts/get", { name: "expiry_review", arguments: [] }],
] as const)("%s is taken for what is left out", async (_what, method, params) => {
  const { result, error } = await server.request(method, params);
  expect(error).toBeUndefined();
  expect(result).toEqual((await server.request(method, plainly(params))).result);
});

/** The same request without what says nothing. */
function plainly(params: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { name, arguments: given } = params;
  return { ...(name !== undefined && { name }), ...(given !== undefined && { arguments: {} }) };
}

it("a client that writes each capability and name that it does not have as null is let in", async () => {
  const capabilities = { roots: null, sampling: null, elicitation: null, experimental: null };
  const clientInfo = { name: "nulls", version: "1", title: null };
  const client = startServer(["--sandbox"]);
  const { error, result } = await client.request("initialize", {
    protocolVersion: "2025-06-18",
    capabilities,
    clientInfo,
  });
  expect(error).toBeUndefined();
  expect(result).toHaveProperty("capabilities.tools");
  client.child.stdin.end();
  await client.ended();
});
