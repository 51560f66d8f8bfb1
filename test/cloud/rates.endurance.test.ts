import { expect, it } from "vitest";
import { describeCertificates } from "../../src/catalogue/tencent-ssl/describe-certificates.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { pointedAt, startAssistant } from "../support/assistant.js";

/** Against clouds that enforce the documented rates, in real time: what counts is what they saw. */

const throttled = ({ requests }: Sandbox) =>
  requests.filter(({ outcome }) => outcome === "RequestLimitExceeded").length;

it("200 calls at once are all answered, at the vendor's pace, and none is throttled", async () => {
  const sandbox = await startSandbox({ rates: true });
  const { args, env } = pointedAt(sandbox);
  const assistant = await startAssistant(args, { env });
  const begun = performance.now();
  await Promise.all(Array.from({ length: 200 }, () => assistant.result(describeCertificates.name, { Limit: 1 })));
  const seconds = (performance.now() - begun) / 1000;
  await assistant.close();
  await sandbox.close();
  process.stdout.write(`200 calls at 10 a second: ${seconds.toFixed(2)} s, ideal 19.00 s\n`);
  expect(sandbox.requests.filter(({ outcome }) => outcome === "done")).toHaveLength(200);
  expect(throttled(sandbox)).toBe(0);
});

it("a server that shares its limit with others is throttled, slows down, and loses no call", async () => {
  const sandbox = await startSandbox({ rates: true });
  const { args, env } = pointedAt(sandbox);
  const servers = await Promise.all([startAssistant(args, { env }), startAssistant(args, { env })]);
  const calls = servers.flatMap((each) =>
    Array.from({ length: 20 }, () => each.result(describeCertificates.name, { Limit: 1 })),
  );
  await Promise.all(calls);
  await Promise.all(servers.map((each) => each.close()));
  await sandbox.close();
  expect(sandbox.requests.filter(({ outcome }) => outcome === "done")).toHaveLength(40);
  expect(throttled(sandbox)).toBeGreaterThan(0);
});
