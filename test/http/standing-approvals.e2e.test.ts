import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { CallToolResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { shownIn, TeamDesk } from "../../src/approval/team/desk.js";
import type { TeamQuestion } from "../../src/approval/team/question.js";
import { PostgresQuestions } from "../../src/database/questions.js";
import type { Person } from "../../src/identity/person.js";
import { type Shared, sharedBy } from "../state/shared.js";
import { bareEnvironment, cli, pointedAt, textOf } from "../support/assistant.js";
import { postgresBin, usePostgres } from "../support/postgres.js";
import { connectTo, startTeamServer, type TeamServer } from "../support/team-server.js";
import { Company, until } from "../tools/deployment/support.js";

const rules = (home: string) => `
people: { alice: "token:alice", carol: "token:carol", bob: "token:bob", dora: "token:dora" }
access:
  - { who: [alice, carol], change: ["*"], directories: ["${home}"] }
approvals:
  - { services: [alibaba-cdn], domains: [img.example.com], ask: [alice], approve: [bob, dora], approvers: 2 }
  - { ask: [alice, carol], approve: [bob] }
`;

const approver = (name: string): Person => ({
  id: `token:${name}`,
  name,
  groups: [],
  scopes: new Set(["certs:read", "certs:approve"]),
});

describe.skipIf(postgresBin === undefined && process.env.CI !== "true")("a standing approval of a team", () => {
  const postgres = usePostgres();
  let company: Company;
  let shared: Shared;
  let server: TeamServer;
  let desk: TeamDesk;
  const clients = new Map<string, Client>();

  beforeAll(async () => {
    company = await Company.open();
    shared = await sharedBy(postgres());
    const { home, sandbox } = company;
    const paths = { rules: join(home, "rules.yaml"), tokens: join(home, "tokens.json") };
    writeFileSync(paths.rules, rules(home));
    const pointed = pointedAt(sandbox, sandbox.edge.addresses.slice(0, 2));
    const tokens: [string, string][] = [];
    for (const name of ["alice", "carol"]) {
      const add = ["tokens", "add", name, "--tokens", paths.tokens, "--scopes", "certs:read,certs:change"];
      const added = await promisify(execFile)(process.execPath, [cli, ...add], { env: bareEnvironment });
      tokens.push([name, added.stdout.trim()]);
    }
    const args = [...pointed.args, ...shared.flags, "--rules", paths.rules, "--tokens", paths.tokens];
    const roots = { NODE_EXTRA_CA_CERTS: join(home, "root.pem") };
    server = await startTeamServer(args, { env: { ...pointed.env, ...shared.env, ...roots } });
    desk = new TeamDesk(new PostgresQuestions(shared.state.database, shared.signer));
    for (const [name, token] of tokens) clients.set(name, await connectTo(server.endpoint, token));
  });
  afterAll(async () => {
    for (const client of clients.values()) await client.close();
    await server?.end();
    await shared?.close();
    await company?.close();
  });

  const call = async (who: string, name: string, args: Record<string, unknown>) => {
    const client = clients.get(who);
    if (client === undefined) throw new Error(who);
    const reply = await client.callTool({ name, arguments: args }, undefined, { timeout: 120_000 });
    return textOf(CallToolResultSchema.parse(reply));
  };
  const open = async () => {
    await until(async () => (await desk.questionsOf(approver("bob"))).some(({ state }) => state === "open"));
    const question = (await desk.questionsOf(approver("bob"))).find(({ state }) => state === "open");
    if (question === undefined) throw new Error("nothing is open");
    return question;
  };
  const approve = (question: TeamQuestion, name: string) =>
    desk.answer(question.id, approver(name), {
      approve: true,
      typed: question.plans.en.typed,
      shown: shownIn(question, "en"),
      loggedInAgain: true,
    });

  it("takes whom the rules want for what it lets through, and serves only those who may ask for that", async () => {
    const proposed = call("alice", "propose_standing_approval", {
      domains: ["*.example.com", "example.com"],
      services: ["alibaba-cdn"],
      directories: [company.home],
      least_gain_days: 1,
      uses_a_day: 9,
      uses: 9,
      last_day: new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10),
    });
    const question = await open();
    expect(question.requirements.map(({ approvers }) => approvers).sort()).toEqual([1, 2]);
    expect(await approve(question, "bob")).toMatchObject({ counted: true, question: { state: "open" } });
    expect(await approve(question, "dora")).toMatchObject({ counted: true, question: { state: "approved" } });
    expect(await proposed).toContain("Given.");
    const { chain, key } = await company.issue("new");
    const deployment = {
      certificate: `file:${chain}`,
      private_key: `file:${key}`,
      targets: [{ service: "alibaba-cdn", domains: ["img.example.com"] }],
    };
    expect(await call("carol", "deploy_certificate", deployment)).toContain("do not let the person who calls ask");
    expect(company.done()).toEqual([]);
    expect(await call("alice", "deploy_certificate", deployment)).toContain("Approved in advance");
    expect(company.done()).toHaveLength(1);
    expect((await desk.questionsOf(approver("bob"))).filter(({ state }) => state === "open")).toEqual([]);
  });
});
