import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { runTokens } from "../../src/identity/tokens-command.js";
import { runCommand } from "../support/command.js";
import { startIssuer, type TestIssuer } from "../support/issuer.js";
import { freePort } from "../support/ports.js";
import { connectTo, listTools, post, startTeamServer, type TeamServer } from "../support/team-server.js";
import { ofRows, rows, wide } from "../support/width.js";

const folder = mkdtempSync(join(tmpdir(), "cloudcert-serving-"));
const tokensFile = join(folder, "tokens.json");
const rulesFile = join(folder, "rules.yaml");

let issuer: TestIssuer;
let server: TeamServer;
let metrics: number;

/** What the command prints. */
async function tokens(...args: readonly string[]): Promise<string> {
  let said = "";
  const out = { write: (text: string) => (said += text), failure: async () => undefined };
  expect(await runTokens([...args, "--tokens", tokensFile], {}, { out, err: { write: () => true } })).toBe(0);
  return said.trim();
}

beforeAll(async () => {
  issuer = await startIssuer();
  metrics = await freePort();
  await tokens("add", "bot", "--scopes", "certs:read", "--days", "1");
  writeFileSync(
    rulesFile,
    `people: {alice: "${issuer.url}#alice", bob: "${issuer.url}#bob"}
access: [{who: [everyone], change: [default]}]
approvals: [{ask: [everyone], approve: [alice, bob]}]
`,
  );
  server = await startTeamServer([
    ...["--sandbox", "--issuer", issuer.url, "--tokens", tokensFile, "--rules", rulesFile],
    ...["--metrics", `127.0.0.1:${metrics}`, "--call-time", "2"],
  ]);
});
afterAll(async () => {
  expect(await server.end()).toBe(0);
  await issuer.close();
});

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const turnOff = { DomainName: "img.example.com", SSLProtocol: "off" };
const call = (name: string, args: object = {}) => ({
  jsonrpc: "2.0",
  id: 7,
  method: "tools/call",
  params: { name, arguments: args },
});

const textOf = (result: unknown) =>
  z
    .object({ content: z.array(z.object({ text: z.string() })) })
    .parse(result)
    .content.map(({ text }) => text)
    .join("");

describe("a client without a token", () => {
  it("is told where to get one, and for which scopes", async () => {
    const { status, headers } = await post(server.endpoint, listTools);
    expect(status).toBe(401);
    const [challenge = ""] = [headers.get("www-authenticate") ?? ""];
    expect(challenge).toBe(
      `Bearer scope="certs:read certs:change", resource_metadata="${server.origin}/.well-known/oauth-protected-resource/mcp"`,
    );
    const metadata = await fetch(`${server.origin}/.well-known/oauth-protected-resource/mcp`);
    expect(await metadata.json()).toEqual({
      resource: server.endpoint,
      authorization_servers: [issuer.url],
      scopes_supported: ["certs:read", "certs:change"],
      bearer_methods_supported: ["header"],
      resource_name: "cloudcert-mcp",
    });
  });
});

describe("scopes", () => {
  it("decide which tools are listed and may be called", async () => {
    const token = await issuer.token(server.endpoint, { scope: "certs:read" });
    const client = await connectTo(server.endpoint, token);
    const { tools } = await client.listTools();
    const names = tools.map(({ name }) => name);
    expect(names).toContain("find_certificates");
    expect(tools.filter(({ annotations }) => annotations?.readOnlyHint !== true)).toEqual([]);
    await client.close();
    const reply = await post(server.endpoint, call("SetCdnDomainSSLCertificate", turnOff), bearer(token));
    expect(reply.status).toBe(403);
    expect(reply.headers.get("www-authenticate")).toMatch(
      /^Bearer error="insufficient_scope", .*scope="certs:read certs:change", resource_metadata="http/,
    );
  });

  it("are needed even to connect", async () => {
    const token = await issuer.token(server.endpoint, { scope: "certs:approve" });
    const reply = await post(server.endpoint, listTools, bearer(token));
    expect(reply.status).toBe(403);
    expect(reply.headers.get("www-authenticate")).toContain('scope="certs:read"');
  });

  it("leave nothing that names a path of the server, whatever they are", async () => {
    const client = await connectTo(server.endpoint, await issuer.token(server.endpoint));
    const { tools } = await client.listTools();
    const names = tools.map(({ name }) => name);
    expect(names).toContain("deploy_certificate");
    expect(names).not.toContain("save_to_file");
    expect(names).not.toContain("check_setup");
    for (const reference of ["file:/etc/ssl/private/key.pem", "file:///etc/passwd", "env:HOME", "env:PATH"]) {
      const { isError, ...result } = await client.callTool({
        name: "inspect_certificate",
        arguments: { certificate: reference },
      });
      expect(isError, reference).toBe(true);
      expect(textOf(result)).toContain("vault:");
    }
    await client.close();
  });
});

describe("addresses of the server's own network", () => {
  it("are not looked at", wide, async () => {
    // In the sandbox, no address is looked at but its own.
    const own = await startTeamServer(["--issuer", issuer.url, "--rules", rulesFile]);
    const token = await issuer.token(own.endpoint);
    for (const address of ["127.0.0.1", "::1", "10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1"]) {
      const reply = await post(
        own.endpoint,
        call("check_served_certificate", { domains: ["www.example.com"], address }),
        bearer(token),
      );
      expect(await reply.text(), address).toContain("Not connected to: it is a");
    }
    await own.end();
  });
});

describe("a static token", () => {
  it("lets in, and is out as soon as it is removed", wide, async () => {
    const token = await tokens("add", "leaving", "--days", "1");
    expect(await tokens("list")).toContain("leaving: certs:read, valid until");
    await expect.poll(async () => (await post(server.endpoint, listTools, bearer(token))).status).toBe(200);
    await tokens("remove", "leaving");
    await expect
      .poll(async () => (await post(server.endpoint, listTools, bearer(token))).status, { timeout: 600_000 })
      .toBe(401);
    expect(server.lines.join("\n")).not.toContain(token);
  });

  it("is in its file as a digest, which does not let in", async () => {
    const file = z.object({ tokens: z.array(z.object({ sha256: z.string() })) });
    const [known] = file.parse(JSON.parse(readFileSync(tokensFile, "utf8"))).tokens;
    for (const guess of [known?.sha256 ?? "", `cloudcert_${known?.sha256}`]) {
      expect((await post(server.endpoint, listTools, bearer(guess))).status).toBe(401);
    }
  });
});

describe("a call that waits for a person", () => {
  it("says until when it stands, and is taken up by the same person alone", wide, async () => {
    const alice = await connectTo(server.endpoint, await issuer.token(server.endpoint));
    const again = await connectTo(server.endpoint, await issuer.token(server.endpoint));
    const bob = await connectTo(server.endpoint, await issuer.token(server.endpoint, { person: "bob" }));
    const asked = { name: "SetCdnDomainSSLCertificate", arguments: turnOff };
    const waiting = z.object({
      state: z.literal("waiting for approval"),
      approval_id: z.string(),
      decide_until: z.string().datetime(),
    });
    const approvalOf = async (client: Client) => {
      // On a busy computer nobody may have been asked when --call-time is over; the same call goes on.
      for (;;) {
        const { data } = waiting.safeParse((await client.callTool(asked)).structuredContent);
        if (data) return data.approval_id;
      }
    };
    const first = await approvalOf(alice);
    // Another connection of hers, with another token.
    expect(await approvalOf(again)).toBe(first);
    expect(await approvalOf(bob)).not.toBe(first);
    for (const client of [alice, again, bob]) await client.close();
  });
});

describe("metrics", () => {
  it("count calls, and are not served to the team", async () => {
    const token = await issuer.token(server.endpoint);
    await post(server.endpoint, call("find_certificates"), bearer(token)).then((reply) => reply.text());
    await post(server.endpoint, call("check_served_certificate", { domains: ["www.example.com"] }), bearer(token)).then(
      (reply) => reply.text(),
    );
    const text = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
    expect(text).toMatch(/^cloudcert_calls_total\{tool="find_certificates",outcome="ok"\} [1-9]/m);
    expect(text).toMatch(/^cloudcert_certificate_days_left\{domain="www.example.com"\} -?\d+$/m);
    expect(text).toContain("process_resident_memory_bytes");
    expect((await fetch(`${server.origin}/metrics`)).status).toBe(404);
  });
});

describe("logs", () => {
  it("have the request and the caller's trace, and nothing of what was sent", async () => {
    const traceId = "0af7651916cd43dd8448eb211c80319c";
    const reply = await post(`${server.endpoint}?secret=hidden`, listTools, {
      ...bearer(await issuer.token(server.endpoint)),
      traceparent: `00-${traceId}-b7ad6b7169203331-01`,
    });
    const id = reply.headers.get("x-request-id") ?? "none";
    const line: unknown = JSON.parse(await server.logged(id));
    expect(line).toMatchObject({
      request_id: id,
      trace_id: traceId,
      person: `${issuer.url}#alice`,
      method: "POST",
      path: "/mcp",
      status: 200,
    });
    expect(server.lines.join("\n")).not.toContain("hidden");
  });
});

describe("sessions", () => {
  it("belong to the person who opened them, and end", wide, async () => {
    const own = await startTeamServer(["--sandbox", "--issuer", issuer.url, "--http-sessions"]);
    const alice = bearer(await issuer.token(own.endpoint));
    const bob = bearer(await issuer.token(own.endpoint, { person: "bob" }));
    const initialize = {
      jsonrpc: "2.0",
      id: 0,
      method: "initialize",
      params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } },
    };
    const opened = await post(own.endpoint, initialize, alice);
    const session = { "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" };
    expect(session["mcp-session-id"]).toMatch(/^[0-9a-f-]{36}$/);
    const status = async (headers: Record<string, string>, method = "POST") =>
      method === "POST"
        ? (await post(own.endpoint, listTools, headers)).status
        : (await fetch(own.endpoint, { method, headers: { accept: "text/event-stream", ...headers } })).status;
    expect(await status({ ...alice, ...session })).toBe(200);
    expect(await status({ ...bob, ...session })).toBe(404);
    expect(await status({ ...bob, ...session }, "GET")).toBe(404);
    expect(await status({ ...bob, ...session }, "DELETE")).toBe(404);
    expect(await status(session)).toBe(401);
    expect(await status({ ...alice, "mcp-session-id": "guessed" })).toBe(404);
    expect(await status(alice)).toBe(400);
    expect(await status({ ...alice, ...session }, "DELETE")).toBe(200);
    expect(await status({ ...alice, ...session })).toBe(404);
    expect(await own.end()).toBe(0);
  });
});

describe("at the end", () => {
  it("whichever signal asks for it, the server answers what runs", wide, async () => {
    const own = await startTeamServer(["--sandbox", "--issuer", issuer.url, "--rules", rulesFile]);
    const client = await connectTo(own.endpoint, await issuer.token(own.endpoint));
    let asked = () => {};
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const onprogress = ({ message = "" }) => message.includes("person") && asked();
    const waiting = client.callTool({ name: "SetCdnDomainSSLCertificate", arguments: turnOff }, undefined, {
      onprogress,
    });
    await isAsked;
    const ended = own.end("SIGHUP");
    await own.logged("ending");
    expect(textOf(await waiting)).toContain("Nothing was changed.");
    expect(await ended).toBe(0);
  });
});

describe("an address that the system does not give", () => {
  const startOn = (args: readonly string[]) => runCommand(["serve", "--sandbox", ...args], { XDG_STATE_HOME: folder });

  it.each<[string, (busy: number, free: number) => string[], string]>(
    rows(
      [
        ["a port in use", (busy: number) => ["--http", `127.0.0.1:${busy}`], "--http: cannot listen on 127.0.0.1:"],
        [
          "a port in use, with metrics at another",
          (busy: number, free: number) => ["--http", `127.0.0.1:${busy}`, "--metrics", `127.0.0.1:${free}`],
          "--http: cannot listen on 127.0.0.1:",
        ],
        [
          "a port in use for the metrics",
          (busy: number, free: number) => ["--http", `127.0.0.1:${free}`, "--metrics", `127.0.0.1:${busy}`],
          "--metrics: cannot listen on 127.0.0.1:",
        ],
      ],
      1,
    ),
  )("ends the server with an error and a line that names it: %s", ofRows, async (_, args, says) => {
    const { code, err } = await startOn(args(metrics, await freePort()));
    expect(code).toBe(2);
    expect(err).toContain(says);
    expect(err).toContain("(EADDRINUSE)");
    expect(err).not.toContain("    at ");
  });
});

describe("the server does not start", () => {
  it.each(
    rows(
      [
        ["without a way to know who calls", [], "--issuer"],
        ["with a sandbox for everybody beyond this computer", ["--sandbox", "--http", "0.0.0.0:1"], "TLS"],
        [
          "beyond this computer without TLS",
          ["--http", "0.0.0.0:1", "--issuer", "https://i.example"],
          "--behind-tls-proxy",
        ],
        ["with directories for everybody", ["--sandbox", "--files", "/tmp"], "--rules"],
        ["with variables for everybody", ["--sandbox", "--env-prefix", "X_"], "--env-prefix"],
        ["with private addresses for everybody", ["--sandbox", "--edge-private"], "--edge-private"],
        ["with approvals by the caller's own client", ["--sandbox", "--approve", "elicit"], "cannot approve"],
        ["with approvals by token", ["--sandbox", "--approve", "token"], "cannot approve"],
        ["with an issuer that is not https", ["--issuer", "http://login.example"], "https"],
        ["with half a TLS pair", ["--sandbox", "--tls-cert", "/tmp/none.pem"], "--tls-key"],
        [
          "with files that are no TLS pair",
          ["--sandbox", "--tls-cert", "/etc/passwd", "--tls-key", "/etc/passwd"],
          "/etc/passwd is not a certificate and its chain",
        ],
        ["with an audience that a shell left empty", ["--sandbox", "--audience", ""], "--audience: the value is empty"],
        [
          "with a client that a shell left empty",
          ["--sandbox", "--login-client", ""],
          "--login-client: the value is empty",
        ],
        ["with a time that no timer waits", ["--sandbox", "--call-time", "2592000"], '--call-time: "2592000" is more'],
        ["with tokens that cannot be read", ["--tokens", "/nonexistent/tokens.json"], "--tokens: /nonexistent/tokens"],
        ["with rules that do not parse", ["--sandbox", "--rules", "/dev/null"], "--rules"],
      ],
      1,
    ),
  )("%s", ofRows, async (_, args, says) => {
    const listen = args.includes("--http") ? [] : ["--http", `127.0.0.1:${await freePort()}`];
    const { code, err } = await runCommand(["serve", ...listen, ...args]);
    expect(code).toBe(2);
    expect(err).toContain(says);
  });
});
