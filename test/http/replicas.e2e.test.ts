import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readOnlyRules } from "../../src/access/rules.js";
import { shownDigest, TeamDecisions } from "../../src/approval/team/decisions.js";
import { verifiedLines } from "../../src/audit/verify.js";
import { PostgresQuestions } from "../../src/database/questions.js";
import type { Person } from "../../src/identity/person.js";
import { until } from "../support/company.js";
import { usePostgres } from "../support/postgres.js";
import { addToken, type TeamServer } from "../support/team-server.js";
import { wide } from "../support/width.js";
import { cannotServe, ThreeServers } from "./three-servers.js";

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

describe.skipIf(cannotServe && process.env.CI !== "true")("three servers behind nginx", wide, () => {
  const postgres = usePostgres();
  let team: ThreeServers;
  let token: string;
  let desk: TeamDecisions;

  beforeAll(async () => {
    team = await ThreeServers.start(postgres(), async ({ home }) => {
      const paths = { rules: join(home, "rules.yaml"), tokens: join(home, "tokens.json") };
      writeFileSync(paths.rules, rules);
      token = await addToken(paths.tokens, "asker", "--scopes", "certs:read,certs:change");
      return ["--rules", paths.rules, "--tokens", paths.tokens];
    });
    const { state, signer } = team.shared;
    desk = new TeamDecisions(new PostgresQuestions(state.database, signer), readOnlyRules);
  });
  afterAll(() => team?.close());

  const connect = () => team.connect(() => token);
  const answered = ({ lines }: TeamServer) => lines.filter((line) => line.includes('"/mcp"')).length;

  it("share the calls of one client, whichever server it reaches", async () => {
    const client = await connect();
    for (let count = 0; count < 30; count += 1) {
      const { isError } = await client.callTool({ name: "list_jobs", arguments: {} });
      expect(isError).toBeFalsy();
    }
    for (const server of team.servers) expect(answered(server)).toBeGreaterThan(0);
  });

  const change = {
    name: "SetCdnDomainSSLCertificate",
    arguments: { DomainName: "img.example.com", SSLProtocol: "off" },
  };
  const changes = () => team.company.done().filter((line) => line.startsWith(change.name));
  const waiting = async () => (await desk.questionsOf(lead)).filter(({ state }) => state === "open");

  /** The process that wrote the newest line of the audit log. */
  async function lastRecorder(): Promise<number | undefined> {
    let pid: number | undefined;
    for await (const { link } of verifiedLines(team.shared.audit)) pid = link.pid;
    return pid;
  }

  it("go on with a call whose server was killed while it waited for a person, and send it once", async () => {
    const client = await connect();
    // Its answer never comes; clients give up at their own time.
    void client.callTool(change).catch(() => {});
    await until(async () => (await waiting()).length === 1);
    const [asked] = await waiting();
    const pid = await lastRecorder();
    const holder = team.servers.find((server) => server.pid === pid);
    expect(await holder?.end("SIGKILL")).toBeNull();
    expect(changes()).toEqual([]);
    const again = client.callTool(change);
    const [question] = await waiting();
    expect(question).toMatchObject({ id: asked?.id, asker: { id: "token:asker" } });
    const answer = { approve: true, shown: question ? shownDigest(question, "en") : "", loggedInAgain: true };
    const typed = question?.plans.en.typed;
    const given = await desk.answer(question?.id ?? "", lead, { ...answer, ...(typed && { typed }) });
    expect(given.counted).toBe(true);
    const reply = await again;
    expect(reply.isError).toBeFalsy();
    expect(reply.structuredContent).not.toHaveProperty("approval_id");
    expect(changes()).toHaveLength(1);
  });

  it("lose no call while one of them ends in order", async () => {
    // On one connection, calls in sequence have one worker of nginx open one connection to each server, and no more.
    const client = await team.connect(() => token, 1);
    const call = async () => {
      const { isError } = await client.callTool({ name: "list_jobs", arguments: {} });
      expect(isError).toBeFalsy();
    };
    for (const server of team.servers.filter(({ ended }) => !ended())) {
      const before = answered(server);
      while (answered(server) < before + 2) await call();
    }
    const ending = team.servers.find(({ ended }) => !ended())?.end();
    let ended = false;
    const code = ending?.finally(() => {
      ended = true;
    });
    while (!ended) await call();
    for (let count = 0; count < 20; count += 1) await call();
    expect(await code).toBe(0);
  });
});
