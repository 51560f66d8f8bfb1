import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { Agent, fetch as undiciFetch } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { shownIn, TeamDesk } from "../../src/approval/team/desk.js";
import { verifiedLines } from "../../src/audit/verified-lines.js";
import { PostgresQuestions } from "../../src/database/questions.js";
import type { Person } from "../../src/identity/person.js";
import { isInstalled } from "../integrations/processes.js";
import { type Shared, sharedBy } from "../state/shared.js";
import { bareEnvironment, cli, pointedAt } from "../support/assistant.js";
import { postgresBin, usePostgres } from "../support/postgres.js";
import { startTeamServer, type TeamServer } from "../support/team-server.js";
import { Company, until } from "../tools/deployment/support.js";
import { type Nginx, ports, startNginx } from "./nginx.js";

/** Three servers behind nginx, as integrations/team has them, on one PostgreSQL and one set of clouds. */

const rules = `
people: { asker: "token:asker", lead: "token:lead" }
access:
  - { who: [asker, lead], read: ["*"], change: ["*"] }
approvals:
  - { ask: [asker], approve: [lead] }
`;

const lead: Person = {
  id: "token:lead",
  name: "lead",
  groups: [],
  scopes: new Set(["certs:read", "certs:change", "certs:approve"]),
};

const isMissing = postgresBin === undefined || !isInstalled("nginx");

describe.skipIf(isMissing && process.env.CI !== "true")("three servers behind nginx", () => {
  const postgres = usePostgres();
  let company: Company;
  let shared: Shared;
  let servers: TeamServer[] = [];
  let proxy: Nginx;
  let token: string;
  let desk: TeamDesk;
  const clients: Client[] = [];

  beforeAll(async () => {
    company = await Company.open();
    shared = await sharedBy(postgres());
    const { home, sandbox } = company;
    const paths = { rules: join(home, "rules.yaml"), tokens: join(home, "tokens.json") };
    writeFileSync(paths.rules, rules);
    const add = ["tokens", "add", "asker", "--tokens", paths.tokens, "--scopes", "certs:read,certs:change"];
    const added = await promisify(execFile)(process.execPath, [cli, ...add], { env: bareEnvironment });
    token = added.stdout.trim();
    const [port = 0, ...own] = await ports(4);
    const pointed = pointedAt(sandbox, sandbox.edge.addresses.slice(0, 2));
    const args = [
      ...pointed.args,
      ...shared.flags,
      ...["--rules", paths.rules, "--tokens", paths.tokens, "--public-url", `https://localhost:${port}`],
      ...["--drain-time", "20"],
      ...["--trusted-proxies", "127.0.0.1", "--rate-limit", "100000", "--address-rate-limit", "100000"],
    ];
    const env = { ...pointed.env, ...shared.env };
    servers = await Promise.all(own.map((each) => startTeamServer(args, { port: each, env })));
    const issued = await sandbox.account.authority.issue({
      names: ["localhost"],
      key: "EC-P256",
      notBefore: new Date(Date.now() - 86_400_000),
      notAfter: new Date(Date.now() + 86_400_000),
    });
    proxy = await startNginx({ servers: own, port, ...issued });
    desk = new TeamDesk(new PostgresQuestions(shared.state.database, shared.signer));
  });
  afterAll(async () => {
    for (const client of clients) await client.close();
    await proxy?.end();
    await Promise.all(servers.map((server) => server.end()));
    await shared?.close();
    await company?.close();
  });

  async function connect(): Promise<Client> {
    const dispatcher = new Agent({ connect: { ca: company.sandbox.edge.rootPem } });
    const client = new Client({ name: "replicas", version: "1" });
    const transport = new StreamableHTTPClientTransport(new URL(`${proxy.origin}/mcp`), {
      requestInit: { headers: { authorization: `Bearer ${token}` } },
      fetch: (url, { method = "GET", headers, body, signal } = {}) =>
        undiciFetch(url, {
          method,
          headers: Object.fromEntries(new Headers(headers)),
          ...(typeof body === "string" && { body }),
          ...(signal && { signal }),
          dispatcher,
        }),
    });
    await client.connect(transport);
    clients.push(client);
    return client;
  }

  const answered = ({ lines }: TeamServer) => lines.filter((line) => line.includes('"/mcp"')).length;

  it("share the calls of one client, whichever server it reaches", async () => {
    const client = await connect();
    for (let count = 0; count < 30; count += 1) {
      const { isError } = await client.callTool({ name: "list_jobs", arguments: {} });
      expect(isError).toBeFalsy();
    }
    for (const server of servers) expect(answered(server)).toBeGreaterThan(0);
  });

  const change = {
    name: "SetCdnDomainSSLCertificate",
    arguments: { DomainName: "img.example.com", SSLProtocol: "off" },
  };
  const changes = () => company.done().filter((line) => line.startsWith(change.name));
  const waiting = async () => (await desk.questionsOf(lead)).filter(({ state }) => state === "open");

  /** The process that wrote the newest line of the audit log. */
  async function lastRecorder(): Promise<number | undefined> {
    let pid: number | undefined;
    for await (const { link } of verifiedLines(shared.audit)) pid = link.pid;
    return pid;
  }

  it("go on with a call whose server was killed while it waited for a person, and send it once", async () => {
    const client = await connect();
    // Its answer never comes; clients give up at their own time.
    void client.callTool(change).catch(() => {});
    await until(async () => (await waiting()).length === 1);
    const [asked] = await waiting();
    const pid = await lastRecorder();
    const killed = servers.find((server) => server.pid === pid);
    expect(await killed?.end("SIGKILL")).toBeNull();
    servers = servers.filter((server) => server !== killed);
    expect(changes()).toEqual([]);
    const again = client.callTool(change);
    const [question] = await waiting();
    expect(question).toMatchObject({ id: asked?.id, asker: { id: "token:asker" } });
    const answer = { approve: true, shown: question ? shownIn(question, "en") : "", loggedInAgain: true };
    const typed = question?.plans.en.typed;
    const given = await desk.answer(question?.id ?? "", lead, { ...answer, ...(typed && { typed }) });
    expect(given.counted).toBe(true);
    const reply = await again;
    expect(reply.isError).toBeFalsy();
    expect(reply.structuredContent).not.toHaveProperty("approval_id");
    expect(changes()).toHaveLength(1);
  });

  it("lose no call while one of them ends in order", async () => {
    const callers = await Promise.all([connect(), connect(), connect()]);
    const [ending, ...staying] = servers;
    let ended = false;
    const call = async (client: Client) => {
      let calls = 0;
      while (!ended || calls < 20) {
        const { isError } = await client.callTool({ name: "list_jobs", arguments: {} });
        expect(isError).toBeFalsy();
        calls += 1;
      }
    };
    const calling = Promise.all(callers.map(call));
    const code = await ending?.end();
    ended = true;
    await calling;
    expect(code).toBe(0);
    servers = staying;
  });
});
