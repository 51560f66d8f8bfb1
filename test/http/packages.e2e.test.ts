import { execFile } from "node:child_process";
import { cpSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { beforeAll, describe, expect, it } from "vitest";
import { bareEnvironment, cli } from "../support/assistant.js";
import { wide } from "../support/width.js";

/** The program as it is published, where none of the optional packages is installed. */
let alone: string;

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), "cloudcert-alone-"));
  cpSync(dirname(cli), join(folder, "dist"), { recursive: true });
  cpSync(join(dirname(cli), "../package.json"), join(folder, "package.json"));
  alone = join(folder, "dist/cli.js");
});

const run = (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, [alone, ...args], { env: bareEnvironment }).catch((error: unknown) => error);

describe("an installation without the packages of the team's server", () => {
  it("serves over stdio, calls included", wide, async () => {
    const client = new Client({ name: "test", version: "1" });
    const args = [alone, "--sandbox"];
    await client.connect(new StdioClientTransport({ command: process.execPath, args, env: bareEnvironment }));
    const { tools } = await client.listTools();
    expect(tools.length).toBeGreaterThan(40);
    const { isError = false } = await client.callTool({ name: "find_certificates", arguments: {} });
    expect(isError).toBe(false);
    await client.close();
  });

  it("names all that serve needs, and starts nothing", async () => {
    const outcome = await run("serve", "--http", "127.0.0.1:1", "--sandbox");
    const names =
      /^cloudcert-mcp: The packages (?=.*fastify, ).*@fastify\/cookie, .*jose, openid-client are not installed.*Nothing was started\./;
    expect(outcome).toMatchObject({ code: 2, stderr: expect.stringMatching(names) });
  });
});
