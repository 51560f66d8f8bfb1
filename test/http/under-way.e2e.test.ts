import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CallToolResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readOnlyRules } from "../../src/access/rules.js";
import { shownDigest, TeamDecisions } from "../../src/approval/team/decisions.js";
import type { TeamQuestion } from "../../src/approval/team/question.js";
import { verifiedLines } from "../../src/audit/verify.js";
import { PostgresQuestions } from "../../src/database/questions.js";
import type { Person } from "../../src/identity/person.js";
import { type Shared, sharedBy } from "../database/shared.js";
import { pointedAt, textOf } from "../support/assistant.js";
import { startHoldingProxy } from "../support/cloud-proxy.js";
import { runCommand } from "../support/command.js";
import { Company, until } from "../support/company.js";
import { usePostgres } from "../support/postgres.js";
import { addToken, connectTo, listTools, post, startTeamServer, type TeamServer } from "../support/team-server.js";
import { wide } from "../support/width.js";

/** What is under way when a static token is removed, and when a server ends. */

const rules = `
people: { asker: "token:asker", lead: "token:lead" }
access:
  - { who: [asker], read: ["*"], change: ["*"] }
approvals:
  - { ask: [asker], approve: [lead] }
`;

const lead: Person = { id: "token:lead", name: "lead", groups: [], scopes: new Set(["certs:read", "certs:approve"]) };

const scopes = ["--scopes", "certs:read,certs:change"];
const removeToken = (path: string, name: string) => runCommand(["tokens", "remove", name, "--tokens", path]);

const said = (reply: unknown) => textOf(CallToolResultSchema.parse(reply));

/** Resolves once the server has heard of the removal. */
async function isOut(server: TeamServer, token: string): Promise<void> {
  await until(async () => {
    const { status } = await post(server.endpoint, listTools, { authorization: `Bearer ${token}` });
    return status === 401;
  });
}

describe("at two servers, a call that waits for a decision", () => {
  const postgres = usePostgres();
  let company: Company;
  let shared: Shared;
  let start: () => Promise<TeamServer>;
  let server: TeamServer;
  let other: TeamServer;
  let desk: TeamDecisions;
  let path: string;

  beforeAll(async () => {
    company = await Company.open();
    shared = await sharedBy(postgres());
    path = join(company.home, "tokens.json");
    const file = join(company.home, "rules.yaml");
    writeFileSync(file, rules);
    await addToken(path, "other");
    const pointed = pointedAt(company.sandbox);
    const args = [...pointed.args, ...shared.flags, "--rules", file, "--tokens", path, "--call-time", "120"];
    const env = { ...pointed.env, ...shared.env };
    start = () => startTeamServer(args, { env });
    [server, other] = [await start(), await start()];
    desk = new TeamDecisions(new PostgresQuestions(shared.state.database, shared.signer), readOnlyRules);
  });
  afterAll(async () => {
    await Promise.all([server?.end(), other?.end()]);
    await shared?.close();
    await company?.close();
  });

  const waiting = async () => (await desk.questionsOf(lead)).filter(({ state }) => state === "open");
  const approve = async (question: TeamQuestion | undefined) => {
    const answer = { approve: true, shown: question ? shownDigest(question, "en") : "", loggedInAgain: true };
    expect((await desk.answer(question?.id ?? "", lead, answer)).counted).toBe(true);
  };
  const isIn = async (token: string) => {
    for (const { endpoint } of [server, other]) {
      const authorization = `Bearer ${token}`;
      await until(async () => (await post(endpoint, listTools, { authorization })).status === 200);
    }
  };
  const name = "ModifyCertificateAlias";
  const changeTo = (alias: string) => {
    const [certificate] = company.sandbox.account.ssl.certificates.values();
    return { name, arguments: { CertificateId: certificate?.id, Alias: alias } };
  };
  const changes = () => company.sandbox.requests.filter(({ operation }) => operation === name);

  it.each([
    ["ends in order", "SIGTERM"],
    ["is killed", "SIGKILL"],
  ] as const)("stays a question when its server %s, and is joined at the other", async (_, signal) => {
    if (server.ended()) server = await start();
    const before = changes().length;
    const token = await addToken(path, "asker", ...scopes);
    await isIn(token);
    const change = changeTo(`asked at a server that ended by ${signal}`);
    const first = await connectTo(server.endpoint, token);
    // After a kill its answer never comes; clients give up at their own time.
    const cut = first.callTool(change);
    cut.catch(() => {});
    await until(async () => (await waiting()).length === 1);
    const [asked] = await waiting();
    expect(await server.end(signal)).toBe(signal === "SIGTERM" ? 0 : null);
    if (signal === "SIGTERM") expect(said(await cut)).toContain("Nothing was sent.");
    expect(changes()).toHaveLength(before);
    expect((await waiting()).map(({ id }) => id)).toEqual([asked?.id]);
    const second = await connectTo(other.endpoint, token);
    let joined = false;
    const onprogress = ({ message = "" }) => {
      joined ||= message.includes("person");
    };
    const reply = second.callTool(change, undefined, { onprogress });
    await until(async () => joined);
    expect((await waiting()).map(({ id }) => id)).toEqual([asked?.id]);
    await approve(asked);
    expect((await reply).isError).toBeFalsy();
    expect(changes()).toHaveLength(before + 1);
    await removeToken(path, "asker");
    await isOut(other, token);
    for (const client of [first, second]) await client.close();
  });

  it("is not carried out once its token was removed, even if others approve it after that", wide, async () => {
    const token = await addToken(path, "asker", ...scopes);
    await until(
      async () => (await post(other.endpoint, listTools, { authorization: `Bearer ${token}` })).status === 200,
    );
    const client = await connectTo(other.endpoint, token);
    const before = changes().length;
    const change = changeTo("by a removed token");
    const reply = client.callTool(change);
    await until(async () => (await waiting()).length === 1);
    await removeToken(path, "asker");
    // The reply comes with the removal: nobody has answered yet.
    const told = said(await reply);
    expect(told).toContain("The access token used for this call was revoked");
    expect(told).toContain("Nothing was sent.");
    const [question] = await waiting();
    await approve(question);
    await client.close();
    // The same person takes it up with another token, once.
    const next = await addToken(path, "asker", ...scopes);
    await until(
      async () => (await post(other.endpoint, listTools, { authorization: `Bearer ${next}` })).status === 200,
    );
    expect(changes()).toHaveLength(before);
    const again = await connectTo(other.endpoint, next);
    expect((await again.callTool(change)).isError).toBeFalsy();
    expect(changes()).toHaveLength(before + 1);
    await again.close();
    await removeToken(path, "asker");
    await isOut(other, next);
  });
});

describe("a static token that is removed while a cloud is at work", () => {
  const postgres = usePostgres();
  let company: Company;
  let shared: Shared;
  let path: string;
  let file: string;

  beforeAll(async () => {
    company = await Company.open();
    shared = await sharedBy(postgres());
    path = join(company.home, "tokens.json");
    file = join(company.home, "rules.yaml");
    writeFileSync(file, rules);
  });
  afterAll(async () => {
    await shared?.close();
    await company?.close();
  });

  /** A server whose cloud keeps the answer to the operation back. */
  const holding = async (operation: string) => {
    const { endpoints } = company.sandbox;
    const proxy = await startHoldingProxy(endpoints["tencent-ssl"], operation);
    const token = await addToken(path, "asker", ...scopes);
    const pointed = pointedAt({ ...company.sandbox, endpoints: { ...endpoints, "tencent-ssl": proxy.url } });
    const args = [...pointed.args, ...shared.flags, "--rules", file, "--tokens", path, "--call-time", "120"];
    const server = await startTeamServer(args, { env: { ...pointed.env, ...shared.env } });
    return { proxy, server, client: await connectTo(server.endpoint, token) };
  };

  it("answers the change, which is awaited and recorded all the same", wide, async () => {
    const { proxy, server, client } = await holding("ModifyCertificateAlias");
    const [certificate] = company.sandbox.account.ssl.certificates.values();
    const reply = client.callTool({
      name: "ModifyCertificateAlias",
      arguments: { CertificateId: certificate?.id, Alias: "by a token removed too late" },
    });
    const desk = new TeamDecisions(new PostgresQuestions(shared.state.database, shared.signer), readOnlyRules);
    await until(async () => (await desk.questionsOf(lead)).some(({ state }) => state === "open"));
    const [question] = await desk.questionsOf(lead);
    const shown = question ? shownDigest(question, "en") : "";
    await desk.answer(question?.id ?? "", lead, { approve: true, shown, loggedInAgain: true });
    await proxy.held;
    await removeToken(path, "asker");
    const told = said(await reply);
    expect(told).toContain("The access token used for this call was revoked");
    expect(told).toContain("it is still carried out and recorded");
    await client.close();
    const outcomes = async () => {
      const found: unknown[] = [];
      for await (const { entry } of verifiedLines(shared.state.auditSource))
        if (entry.event === "outcome") found.push(entry);
      return found;
    };
    expect(await outcomes()).toEqual([]);
    proxy.letGo();
    await until(async () => (await outcomes()).length > 0);
    expect(await outcomes()).toMatchObject([{ sent: "yes", ok: true }]);
    expect(certificate?.alias).toBe("by a token removed too late");
    await server.end();
    await proxy.close();
  });

  it("answers the read, which is given up", wide, async () => {
    const { proxy, server, client } = await holding("DescribeCertificates");
    const reply = client.callTool({ name: "DescribeCertificates", arguments: {} });
    await proxy.held;
    await removeToken(path, "asker");
    const told = said(await reply);
    expect(told).toContain("The access token used for this call was revoked");
    expect(told).toContain("DescribeCertificates was cancelled");
    await client.close();
    proxy.letGo();
    await server.end();
    await proxy.close();
  });
});

describe("with sessions, a static token that is removed", () => {
  it("ends the stream that it opened", wide, async () => {
    const path = join(mkdtempSync(join(tmpdir(), "cloudcert-tokens-")), "tokens.json");
    const token = await addToken(path, "listener");
    const server = await startTeamServer(["--sandbox", "--tokens", path, "--http-sessions"]);
    const authorization = `Bearer ${token}`;
    const client = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "a", version: "1" } };
    const begun = await post(
      server.endpoint,
      { jsonrpc: "2.0", id: 1, method: "initialize", params: client },
      { authorization },
    );
    const session = begun.headers.get("mcp-session-id") ?? "";
    const stream = await fetch(server.endpoint, {
      headers: { authorization, "mcp-session-id": session, accept: "text/event-stream" },
    });
    expect(stream.status).toBe(200);
    await removeToken(path, "listener");
    // It never ends if the server leaves it open.
    await stream.text();
    await isOut(server, token);
    await server.end();
  });
});
