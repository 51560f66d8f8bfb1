import { afterEach, describe, expect, it } from "vitest";
import { startAssistant, textOf } from "../support/assistant.js";
import { startFaultyServer } from "../support/faulty-server.js";
import { type ServerProcess, startInitialized, startServer } from "../support/server-process.js";

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

const env = { TENCENTCLOUD_SECRET_ID: "id", TENCENTCLOUD_SECRET_KEY: "key" };

function kept(server: ServerProcess): ServerProcess {
  cleanups.push(async () => void server.child.kill("SIGKILL"));
  return server;
}

describe("the end of the process", () => {
  it.each([
    ["stdin closes", ({ child }: ServerProcess) => child.stdin.end()],
    ["SIGTERM", ({ child }: ServerProcess) => child.kill("SIGTERM")],
    ["SIGINT", ({ child }: ServerProcess) => child.kill("SIGINT")],
  ])("comes with code 0 when %s", async (_name, end) => {
    const server = kept(await startInitialized([], env));
    end(server);
    expect(await server.ended()).toMatchObject({ code: 0 });
  });

  it("does not wait for a call that reads", async () => {
    const { endpoint, requested } = await silentCloud();
    // Longer than any test may take.
    const server = kept(await startInitialized([...endpoint, "--timeout", "3600"], env));
    void server.call("DescribeCertificates");
    await requested;
    server.child.stdin.end();
    expect(await server.ended()).toMatchObject({ code: 0 });
  });

  it("comes when nobody reads stdout any more", async () => {
    const server = kept(await startInitialized([], env));
    server.child.stdout.destroy();
    server.send({ id: 2, method: "tools/list" });
    expect(await server.ended()).toMatchObject({ code: 0 });
  });
});

it("replies that a client reads late wait without a warning", async () => {
  const { endpoint, requested } = await silentCloud();
  const server = kept(await startInitialized(endpoint, env));
  server.child.stdout.pause();
  const lists = Array.from({ length: 40 }, () => server.request("tools/list"));
  void server.call("DescribeCertificates");
  // By now all that came before the call has been answered.
  await requested;
  server.child.stdout.resume();
  expect(await Promise.all(lists)).toHaveLength(40);
  expect(server.stderr()).not.toContain("Warning");
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
    const server = kept(startServer(args, { ...env, ...variables }));
    expect(await server.ended()).toMatchObject({ code: 2 });
    expect(server.stderr()).toMatch(/^cloudcert-mcp: .*frobnicate.*\n$/i);
  });
});
