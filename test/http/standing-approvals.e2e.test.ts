import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { CallToolResultSchema } from "@modelcontextprotocol/sdk/types.js";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { readOnlyRules } from "../../src/access/rules.js";
import { shownDigest, TeamDecisions } from "../../src/approval/team/decisions.js";
import { PostgresQuestions } from "../../src/database/questions.js";
import type { Person } from "../../src/identity/person.js";
import { type Shared, sharedBy } from "../database/shared.js";
import { pointedAt, textOf } from "../support/assistant.js";
import { runCommand } from "../support/command.js";
import { Company, until } from "../support/company.js";
import { freePort } from "../support/ports.js";
import { postgresBin, usePostgres } from "../support/postgres.js";
import { addToken, connectTo, startTeamServer, type TeamServer } from "../support/team-server.js";
import { wide } from "../support/width.js";
import { clientId, clientSecret, startProvider, type TestProvider } from "./pages/provider.js";
import { describeWithBrowsers, enterName, logIn } from "./pages/support.js";

const rules = (home: string, issuer: string) => `
people: { alice: "token:alice", carol: "token:carol", bob: "${issuer}#bob", dora: "${issuer}#dora" }
access:
  - { who: [alice, carol], change: ["*"], directories: ["${home}"] }
approvals:
  - { services: [alibaba-cdn], domains: [img.example.com], ask: [alice], approve: [bob, dora], approvers: 2 }
  - { ask: [alice, carol], approve: [bob] }
`;

const decidedBy = z.object({ id: z.string(), name: z.string(), answer: z.string(), shown_sha256: z.string() });
const evidenceOf = z.object({
  verdict: z.string(),
  summary: z.object({
    approvals: z.array(
      z.object({
        operation: z.string(),
        channel: z.string(),
        asked_by: z.object({ id: z.string(), name: z.string(), client: z.string() }),
        decided_by: z.array(decidedBy).optional(),
      }),
    ),
  }),
});

describe.skipIf(postgresBin === undefined && process.env.CI !== "true")("a standing approval of a team", () => {
  const postgres = usePostgres();
  describeWithBrowsers("whose approvers decide on the pages", (people) => {
    let company: Company;
    let shared: Shared;
    let server: TeamServer;
    let desk: TeamDecisions;
    let provider: TestProvider;
    const clients = new Map<string, Client>();

    beforeAll(async () => {
      company = await Company.open();
      shared = await sharedBy(postgres());
      provider = await startProvider();
      const port = await freePort();
      const origin = `http://127.0.0.1:${port}`;
      provider.addClient(new URL(origin));
      const { home, sandbox } = company;
      const issuer = provider.issuer.origin;
      const paths = { rules: join(home, "rules.yaml"), tokens: join(home, "tokens.json") };
      writeFileSync(paths.rules, rules(home, issuer));
      const pointed = pointedAt(sandbox);
      const tokens: [string, string][] = [];
      for (const name of ["alice", "carol"])
        tokens.push([name, await addToken(paths.tokens, name, "--scopes", "certs:read,certs:change")]);
      const login = ["--issuer", issuer, "--login-client", clientId, "--login-secret", "env:LOGIN_SECRET"];
      const team = ["--rules", paths.rules, "--tokens", paths.tokens, "--public-url", origin, ...login];
      const env = { NODE_EXTRA_CA_CERTS: join(home, "root.pem"), LOGIN_SECRET: clientSecret };
      server = await startTeamServer([...pointed.args, ...shared.flags, ...team], {
        port,
        env: { ...pointed.env, ...shared.env, ...env },
      });
      desk = new TeamDecisions(new PostgresQuestions(shared.state.database, shared.signer), readOnlyRules);
      for (const [name, token] of tokens) clients.set(name, await connectTo(server.endpoint, token));
    });
    afterAll(async () => {
      for (const client of clients.values()) await client.close();
      await server?.end();
      await shared?.close();
      await company?.close();
      await provider?.[Symbol.asyncDispose]();
    });

    const call = async (who: string, name: string, args: Record<string, unknown>) => {
      const client = clients.get(who);
      if (client === undefined) throw new Error(who);
      const reply = await client.callTool({ name, arguments: args }, undefined, { timeout: 600_000 });
      return textOf(CallToolResultSchema.parse(reply));
    };
    const openQuestions = async () => {
      const scopes: Person["scopes"] = new Set(["certs:read", "certs:approve"]);
      const bob = { id: `${provider.issuer.origin}#bob`, name: "Bob", groups: [], scopes };
      return (await desk.questionsOf(bob)).filter(({ state }) => state === "open");
    };
    const pictured = async (tab: Page, name: string) => {
      const directory = process.env.PICTURES;
      if (directory !== undefined) await tab.screenshot({ path: join(directory, `${name}.png`), fullPage: true });
    };

    /** Logs in, opens the question from the list, logs in anew for it, reads, and approves. */
    const approveAs = async (name: string, locale: string, words: Record<"again" | "approve", string>) => {
      const tab = await people.browser({ locale });
      await logIn(tab, `${server.origin}/approvals`, name);
      await tab.locator(".list a").first().waitFor();
      await pictured(tab, `standing-list-${locale}`);
      await tab.locator(".list a").first().click();
      await tab.getByRole("link", { name: words.again }).waitFor();
      await pictured(tab, `standing-again-${locale}`);
      await tab.getByRole("link", { name: words.again }).click();
      await enterName(tab, name);
      const button = tab.getByRole("button", { name: words.approve, exact: true });
      await tab.locator("input[name=typed]").fill("*.example.com");
      const shown = await tab.locator("main").innerText();
      await pictured(tab, `standing-${locale}`);
      await button.click();
      await tab.locator(".told li").first().waitFor();
      await pictured(tab, `standing-answered-${locale}`);
      return shown;
    };

    it(
      "takes whom the rules want for what it lets through, and serves only those who may ask for that",
      wide,
      async () => {
        const lastDay = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
        const proposed = call("alice", "propose_standing_approval", {
          domains: ["*.example.com", "example.com"],
          services: ["alibaba-cdn"],
          directories: [company.home],
          least_gain_days: 1,
          uses_a_day: 9,
          uses: 8,
          last_day: lastDay,
        });
        await until(async () => (await openQuestions()).length > 0);
        const [question] = await openQuestions();
        if (question === undefined) throw new Error("nothing is open");
        expect(question.requirements.map(({ approvers }) => approvers).sort()).toEqual([1, 2]);
        const toBob = await approveAs("bob", "en-US", { again: "Log in again", approve: "Approve" });
        // All that it would let through is before whoever approves it.
        const bounds = ["*.example.com", "example.com", "alibaba-cdn", "9", "8", lastDay, company.home];
        for (const bound of bounds) expect(toBob).toContain(bound);
        expect(await openQuestions()).toHaveLength(1);
        const toDora = await approveAs("dora", "zh-CN", { again: "重新登录", approve: "批准" });
        for (const bound of bounds) expect(toDora).toContain(bound);
        expect(await proposed).toContain("Given.");

        const { chain, key } = await company.issue("new");
        const deployment = {
          certificate: `file:${chain}`,
          private_key: `file:${key}`,
          targets: [{ service: "alibaba-cdn", domains: ["img.example.com"] }],
        };
        expect(await call("carol", "deploy_certificate", deployment)).toContain("do not let the person who calls ask");
        expect(company.done()).toEqual([]);
        const told = await call("alice", "deploy_certificate", deployment);
        expect(told).toContain("Approved in advance");
        expect(company.done()).toHaveLength(1);
        expect(await openQuestions()).toEqual([]);

        // The evidence says who asked, and who decided on which words.
        const [, job = ""] = /"job": ?"([0-9a-f]{8})"/.exec(told) ?? [];
        const file = join(company.home, "evidence.json");
        const env = { HOME: company.home, ...shared.env };
        const run = (...args: readonly string[]) => runCommand(args, env);
        await run("evidence", job, "--out", file, ...shared.flags);
        const head = (await run("audit", "head", ...shared.flags.slice(0, 2))).out.trim();
        const verify = ["evidence", "verify", file, "--head", head];
        const { verdict, summary } = evidenceOf.parse(JSON.parse((await run(...verify, "--json")).out));
        expect(verdict).toBe("verified");
        const alice = { id: "token:alice", name: "alice", client: "test-client" };
        const answer = (name: string, language: "en" | "zh-CN") => ({
          id: `${provider.issuer.origin}#${name.toLowerCase()}`,
          name,
          answer: "approved",
          shown_sha256: shownDigest(question, language),
        });
        expect(summary.approvals).toMatchObject([
          {
            operation: "propose_standing_approval",
            asked_by: alice,
            decided_by: [answer("Bob", "en"), answer("Dora", "zh-CN")],
          },
          { operation: "deploy_certificate", asked_by: alice, channel: expect.stringMatching(/^standing approval /) },
        ]);
        expect(summary.approvals.map(({ decided_by: by }) => by?.length)).toEqual([2, undefined]);
        const { out } = await run(...verify);
        expect(out).toContain('Asked by: "alice" ("token:alice")');
        for (const name of ["Bob", "Dora"])
          expect(out).toContain(
            `Decided by: "${name}" ("${provider.issuer.origin}#${name.toLowerCase()}"), approved, `,
          );
      },
    );
  });
});
