import { mkdtempSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createMCPClient } from "@ai-sdk/mcp";
import { Client as ClientV2, StreamableHTTPClientTransport as TransportV2 } from "@modelcontextprotocol/client";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bareEnvironment } from "../support/assistant.js";
import { addToken, connectTo, startTeamServer, type TeamServer } from "../support/team-server.js";
import { ofRows, rows } from "../support/width.js";

const file = join(mkdtempSync(join(tmpdir(), "cloudcert-clients-")), "tokens.json");

describe.each(
  rows(
    [
      ["without sessions", []],
      ["with sessions", ["--http-sessions"]],
    ],
    1,
  ),
)("a team's server %s", ofRows, (_, flags) => {
  let server: TeamServer;
  let token: string;
  beforeAll(async () => {
    token = await addToken(file, `t${flags.length}`, "--days", "1");
    server = await startTeamServer(["--sandbox", "--tokens", file, ...flags]);
  });
  afterAll(() => server.end());

  it("serves the SDK's client, version 1", async () => {
    const client = await connectTo(server.endpoint, token);
    expect((await client.listTools()).tools.length).toBeGreaterThan(10);
    expect((await client.callTool({ name: "find_certificates", arguments: {} })).isError ?? false).toBe(false);
    await client.close();
  });

  it("serves the SDK's client, version 2", async () => {
    const client = new ClientV2({ name: "v2", version: "1" });
    const requestInit = { headers: { authorization: `Bearer ${token}` } };
    await client.connect(new TransportV2(new URL(server.endpoint), { requestInit }));
    expect((await client.listTools()).tools.length).toBeGreaterThan(10);
    expect((await client.callTool({ name: "find_certificates", arguments: {} })).isError ?? false).toBe(false);
    await client.close();
  });

  it("serves the AI SDK's client", async () => {
    const headers = { authorization: `Bearer ${token}` };
    const client = await createMCPClient({ transport: { type: "http", url: server.endpoint, headers } });
    const tools = await client.tools();
    expect(Object.keys(tools).length).toBeGreaterThan(10);
    const context = { messages: [], toolCallId: "1", experimental_context: undefined, context: undefined };
    expect(await tools.find_certificates?.execute({}, context)).toMatchObject({ structuredContent: {} });
    await client.close();
  });

  it("serves a client of stdio by way of mcp-remote", async () => {
    const proxy = join(dirname(createRequire(import.meta.url).resolve("mcp-remote/package.json")), "dist/proxy.js");
    const client = new Client({ name: "remote", version: "1" });
    const args = [
      proxy,
      server.endpoint,
      "--allow-http",
      "--transport",
      "http-only",
      "--header",
      `Authorization:Bearer ${token}`,
    ];
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args, env: bareEnvironment, stderr: "ignore" }),
    );
    expect((await client.listTools()).tools.length).toBeGreaterThan(10);
    expect((await client.callTool({ name: "find_certificates", arguments: {} })).isError ?? false).toBe(false);
    await client.close();
  });
});
