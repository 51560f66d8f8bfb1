import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ServerProcess, startInitialized } from "../support/server-process.js";
import { inputs, MAX_MS, seed, spentBy, tell, timed } from "./budget.js";
import { damaged } from "./mutation.js";

/** Lines on stdin, sound ones damaged in every way: the server answers a sound one after them, at once. */

let server: ServerProcess;
beforeAll(async () => {
  server = await startInitialized(["--sandbox", "--approval-wait", "0.2"]);
});
afterAll(() => void server.child.kill("SIGKILL"));

const request = (method: string, params: unknown) => JSON.stringify({ jsonrpc: "2.0", id: "x", method, params });
const sound = [
  request("tools/call", { name: "list_vault", arguments: {} }),
  request("tools/call", { name: "explain_error", arguments: { code: "AuthFailure" } }),
  request("tools/call", { name: "DescribeCertificateDetail", arguments: { CertificateId: 1 } }),
  request("tools/call", {
    name: "inspect_certificate",
    arguments: { certificate: "-----BEGIN CERTIFICATE-----\nMIIB" },
  }),
  request("prompts/get", { name: "rotate_certificate", arguments: { certificate: "abcd1234" } }),
  request("resources/read", { uri: "cloudcert://operations/UploadCertificate" }),
  request("completion/complete", {
    ref: { type: "ref/prompt", name: "rotate_certificate" },
    argument: { name: "certificate", value: "a" },
  }),
  request("ping", {}),
  JSON.stringify({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: "x" } }),
  JSON.stringify({ jsonrpc: "2.0", id: 7, result: {} }),
  JSON.stringify({ jsonrpc: "2.0", id: 7, error: { code: -1, message: "no" } }),
];

/** Lines that are sent before the server is asked whether it is still there. */
const AT_ONCE = 50;

/** Milliseconds that the server works until it answers a ping that stands behind these lines. */
function workedFor(lines: readonly string[]): Promise<number> {
  const { pid } = server.child;
  if (pid === undefined) throw new Error("the server did not start");
  return timed(
    async () => {
      server.child.stdin.write(lines.map((line) => `${line}\n`).join(""));
      const { error } = await server.request("ping");
      expect(error).toBeUndefined();
    },
    () => spentBy(pid),
  );
}

/** The slowest of the lines, each by itself. */
async function slowestOf(lines: readonly string[]): Promise<number> {
  let slowest = 0;
  for (const line of lines) slowest = Math.max(slowest, await workedFor([line]));
  return slowest;
}

it("whatever stands on stdin, the server stays and answers", async () => {
  const numRuns = Math.ceil(inputs(0.2) / AT_ONCE);
  let slowest = 0;
  // Many calls on the sandbox by one process are heard in turn; here the entrance is tried, not the clouds.
  const lines = fc.array(damaged(sound), { minLength: AT_ONCE, maxLength: AT_ONCE });
  await fc.assert(
    fc.asyncProperty(lines, async (batch) => {
      const took = await workedFor(batch);
      // As long as all of them together at most; where that is too long, each is looked at by itself.
      const worst = took <= MAX_MS ? took : await slowestOf(batch);
      slowest = Math.max(slowest, worst);
      expect(worst).toBeLessThanOrEqual(MAX_MS);
      expect(server.child.exitCode).toBeNull();
    }),
    { numRuns, seed, endOnFailure: true },
  );
  expect(server.stderr()).not.toMatch(/defect|TypeError|RangeError/);
  tell("stdio", numRuns * AT_ONCE, slowest);
});
