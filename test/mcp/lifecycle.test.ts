import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, it } from "vitest";
import { cli, startAssistant, textOf } from "../support/assistant.js";
import { startFaultyServer } from "../support/faulty-server.js";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** A cloud that takes requests and never answers; `requested` resolves when the first has arrived. */
async function silentCloud() {
  let arrived = () => {};
  const requested = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const server = await startFaultyServer(() => arrived());
  cleanups.push(() => server.close());
  return { endpoint: ["--endpoint", `tencent-ssl=${server.url.href}`], requested };
}

const env = { PATH: process.env.PATH ?? "", TENCENTCLOUD_SECRET_ID: "id", TENCENTCLOUD_SECRET_KEY: "key" };

function start(args: readonly string[], variables: Record<string, string> = env): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [cli, ...args], { env: variables, stdio: "pipe" });
  cleanups.push(async () => {
    child.kill("SIGKILL");
  });
  return child;
}

function send(child: ChildProcessWithoutNullStreams, message: Record<string, unknown>): void {
  child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
}

async function initialized(args: readonly string[]): Promise<ChildProcessWithoutNullStreams> {
  const child = start(args);
  const lines = createInterface({ input: child.stdout });
  const clientInfo = { name: "test", version: "1" };
  send(child, {
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo },
  });
  await once(lines, "line");
  send(child, { method: "notifications/initialized" });
  return child;
}

/** Milliseconds until the process has ended, and how. */
async function ending(child: ChildProcessWithoutNullStreams) {
  const started = performance.now();
  const [code, signal] = await once(child, "exit");
  return { code, signal, within: performance.now() - started };
}

describe("the end of the process", () => {
  it.each([
    ["stdin closes", (child: ChildProcessWithoutNullStreams) => child.stdin.end()],
    ["SIGTERM", (child: ChildProcessWithoutNullStreams) => child.kill("SIGTERM")],
    ["SIGINT", (child: ChildProcessWithoutNullStreams) => child.kill("SIGINT")],
  ])("comes with code 0 within a second when %s", async (_name, end) => {
    const child = await initialized([]);
    end(child);
    const { code, within } = await ending(child);
    expect(code).toBe(0);
    expect(within).toBeLessThan(1_000);
  });

  it("comes as soon during a call", async () => {
    const { endpoint, requested } = await silentCloud();
    const child = await initialized(endpoint);
    send(child, { id: 2, method: "tools/call", params: { name: "DescribeCertificates", arguments: {} } });
    await requested;
    child.stdin.end();
    const { code, within } = await ending(child);
    expect(code).toBe(0);
    expect(within).toBeLessThan(1_000);
  });

  it("comes when nobody reads stdout any more", async () => {
    const child = await initialized([]);
    child.stdout.destroy();
    send(child, { id: 2, method: "tools/list" });
    expect(await ending(child)).toMatchObject({ code: 0 });
  });
});

it("a cloud that stalls ends in a clear error after the timeout", async () => {
  const { endpoint } = await silentCloud();
  const assistant = await startAssistant([...endpoint, "--timeout", "0.5"], { env });
  cleanups.push(() => assistant.close());
  const reply = await assistant.call("DescribeCertificates");
  expect(reply.isError).toBe(true);
  expect(textOf(reply)).toContain("did not answer DescribeCertificates within 0.5 seconds");
  expect(textOf(reply)).toContain("Nothing was changed.");
});

describe("a setting that is wrong", () => {
  it.each([
    [["--frobnicate"], {}],
    [[], { CLOUDCERT_FROBNICATE: "1" }],
  ])("refuses to start with one line: %j %j", async (args, variables) => {
    const child = start(args, { ...env, ...variables });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
    const { code } = await ending(child);
    expect(code).toBe(2);
    expect(said).toMatch(/^cloudcert-mcp: .*frobnicate.*\n$/i);
  });
});
