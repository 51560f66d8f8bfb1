import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { approvesByToken, pointedAt } from "../support/assistant.js";
import { startHoldingProxy } from "../support/cloud-proxy.js";
import { type ServerProcess, startInitialized } from "../support/server-process.js";
import { ofRows, rows, wide } from "../support/width.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ speed: 600 });
});
afterAll(() => sandbox.close());

const folder = mkdtempSync(join(tmpdir(), "cloudcert-ending-"));
let number = 0;

interface Held {
  /** The tool that is called, where it is not the operation itself. */
  readonly tool: string;
  readonly service: "tencent-ssl" | "tencent-edgeone";
  readonly flags: readonly string[];
}

const offer = z.object({ approval: z.object({ token: z.string() }) });

/** A call that has reached its cloud, which keeps back the answer to `operation`. */
async function withHeldChange(
  operation: string,
  args: Record<string, unknown>,
  { tool = operation, service = "tencent-ssl", flags = [] }: Partial<Held> = {},
) {
  number += 1;
  const auditLog = join(folder, `${number}.jsonl`);
  const proxy = await startHoldingProxy(sandbox.endpoints[service], operation);
  const { args: endpoints, env } = pointedAt(sandbox);
  const given = [...endpoints, "--endpoint", `${service}=${proxy.url}`, ...approvesByToken];
  const server = await startInitialized([...given, "--audit-log", auditLog, ...flags], env);
  cleanups.push(
    () => server.child.kill("SIGKILL"),
    () => proxy.close(),
  );
  const { structure } = await server.call(tool, args);
  const approval = offer.parse(structure).approval.token;
  const reply = server.call(tool, { ...args, approval });
  await proxy.held;
  const audit = () =>
    readFileSync(auditLog, "utf8")
      .trimEnd()
      .split("\n")
      .map((text): unknown => JSON.parse(text));
  return { server, proxy, reply, audit };
}

function anyCertificate() {
  const [first] = sandbox.account.ssl.certificates.values();
  if (first === undefined) throw new Error("the sandbox holds no certificate");
  return first;
}

/** What the server says to a call once its end has begun: a signal may come after a call that was sent after it. */
async function refusal(server: ServerProcess): Promise<string> {
  const { text } = await server.call("DescribeCertificates");
  return text.includes("this server is shutting down") ? text : refusal(server);
}

const ends: [string, (server: ServerProcess) => void][] = [
  ["SIGTERM", ({ child }) => child.kill("SIGTERM")],
  ["SIGINT", ({ child }) => child.kill("SIGINT")],
  ["the end of stdin", ({ child }) => child.stdin.end()],
];

describe("a change that was sent when the end came", () => {
  it.each(rows(ends, 1))("hears its answer, which is recorded and told, at %s", ofRows, async (name, end) => {
    const { id } = anyCertificate();
    const Alias = `at ${name}`;
    const { server, proxy, reply, audit } = await withHeldChange("ModifyCertificateAlias", {
      CertificateId: id,
      Alias,
    });
    const ended = server.ended();
    end(server);
    // The end has begun once nothing more is taken; of a closed stdin nothing more can come.
    if (server.child.stdin.writable) {
      expect(await refusal(server)).toMatch(/^DescribeCertificates was not carried out: .*\nNothing was changed\./);
    }
    proxy.letGo();
    expect((await reply).text).toContain(id);
    expect(await ended).toMatchObject({ code: 0 });
    expect(audit().at(-1)).toMatchObject({ event: "outcome", sent: "yes", ok: true });
    expect(anyCertificate().alias).toBe(Alias);
  });

  it("hears it also when nobody reads stdout any more", async () => {
    const { id } = anyCertificate();
    const change = { CertificateId: id, Alias: "at EPIPE" };
    const { server, proxy, audit } = await withHeldChange("ModifyCertificateAlias", change);
    server.child.stdout.destroy();
    server.send({ id: 99, method: "tools/list" });
    const ended = server.ended();
    proxy.letGo();
    expect(await ended).toMatchObject({ code: 0 });
    expect(audit().at(-1)).toMatchObject({ event: "outcome", sent: "yes", ok: true });
  });

  it("is recorded as not known when the cloud does not answer in time", wide, async () => {
    const { id } = anyCertificate();
    const change = { CertificateId: id, Alias: "unheard" };
    // The call itself would wait longer than any test may take.
    const flags = ["--timeout", "3600"];
    const { server, reply, audit } = await withHeldChange("ModifyCertificateAlias", change, { flags });
    server.child.kill("SIGTERM");
    const { code, within } = await server.ended();
    expect(code).toBe(0);
    expect(within).toBeGreaterThan(2_000);
    expect((await reply).text).toContain("Outcome unknown");
    expect(audit().at(-1)).toMatchObject({ event: "outcome", sent: "yes", ok: false, changed: "unknown" });
  });

  it("is heard out after a second signal too", wide, async () => {
    const { id } = anyCertificate();
    const change = { CertificateId: id, Alias: "twice" };
    const { server, proxy, audit } = await withHeldChange("ModifyCertificateAlias", change);
    server.child.kill("SIGINT");
    await refusal(server);
    server.child.kill("SIGINT");
    await refusal(server);
    proxy.letGo();
    expect(await server.ended()).toMatchObject({ code: 0 });
    expect(audit().at(-1)).toMatchObject({ event: "outcome", ok: true });
  });
});

it("a job ends after the step that was sent, and its journal says what became of each target", wide, async () => {
  const jobs = join(folder, "jobs");
  const issued = [...sandbox.account.ssl.certificates.values()].find(({ alias }) => alias === "storefront, next");
  const host = { service: "tencent-edgeone", zone_id: "zone-sandboxdemo" };
  const targets = ["www.example.com", "shop.example.com"].map((domain) => ({ ...host, domains: [domain] }));
  const held = { tool: "deploy_certificate", service: "tencent-edgeone", flags: ["--jobs", jobs] } as const;
  const args = { certificate_id: issued?.id, targets };
  const { server, proxy, reply, audit } = await withHeldChange("ModifyHostsCertificate", args, held);
  const ended = server.ended();
  server.child.kill("SIGTERM");
  await refusal(server);
  proxy.letGo();
  expect(await ended).toMatchObject({ code: 0 });
  expect((await reply).text).toMatch(
    /^deploy_certificate was cut short\. Accepted by the cloud: EdgeOne host www\.example\.com .*\.\nPart of the change was made, or is being made\.\nNext: .*list_jobs/,
  );
  const [file = ""] = readdirSync(jobs).filter((name) => name.endsWith(".json"));
  expect(JSON.parse(readFileSync(join(jobs, file), "utf8"))).toMatchObject({
    // It had begun with a look at what the second one serves.
    targets: [
      { state: "accepted" },
      { state: "not attempted", says: expect.stringMatching(/was (?:not carried out|cancelled)/) },
    ],
  });
  const outcomes = audit().filter((entry) => z.object({ event: z.literal("outcome") }).safeParse(entry).success);
  expect(outcomes[0]).toMatchObject({ sent: "yes", ok: true });
  expect(outcomes.slice(1)).not.toContainEqual(expect.objectContaining({ sent: "yes" }));
});

describe("a defect", () => {
  /** A module that is loaded before the program and, on SIGUSR2, throws where nothing catches it. */
  const thrower = (text: string) =>
    `data:text/javascript,${encodeURIComponent(`process.on("SIGUSR2", () => { throw new Error(${JSON.stringify(text)}); })`)}`;

  it("is logged without the secrets in it, and ends the process with code 1", async () => {
    const { args, env } = pointedAt(sandbox);
    const secret = env.TENCENTCLOUD_SECRET_KEY ?? "";
    const server = await startInitialized(args, { ...env, NODE_OPTIONS: `--import=${thrower(`broken by ${secret}`)}` });
    server.child.kill("SIGUSR2");
    expect(await server.ended()).toMatchObject({ code: 1 });
    expect(server.stderr()).toContain("broken by [sealed]");
    expect(server.stderr()).not.toContain(secret);
  });
});

it("a message that is too long is answered, and ends nothing", async () => {
  const server = await startInitialized([]);
  cleanups.push(() => server.child.kill("SIGKILL"));
  server.child.stdin.write(`${"x".repeat(11 * 1024 * 1024)}\n`);
  expect((await server.request("ping")).error).toBeUndefined();
  expect(server.child.exitCode).toBeNull();
});

it("a stderr that nobody reads does not end the server", async () => {
  const { args, env } = pointedAt(sandbox);
  const server = await startInitialized([...args, "--approve", "terminal"], env);
  cleanups.push(() => server.child.kill("SIGKILL"));
  server.child.stderr.destroy();
  // It logs that this waits for approval.
  void server.call("ModifyCertificateAlias", { CertificateId: anyCertificate().id, Alias: "unlogged" });
  const { text } = await server.call("DescribeCertificates");
  expect(text).toContain("Certificates");
  expect(server.child.exitCode).toBeNull();
});
