import { describe, expect, it } from "vitest";
import { type AccessRules, readOnlyRules } from "../../src/access/rules.js";
import { rulesIn } from "../../src/access/rules-file.js";
import { shownDigest, TeamDecisions } from "../../src/approval/team/decisions.js";
import { MemoryQuestions } from "../../src/approval/team/memory-questions.js";
import type { Questions } from "../../src/approval/team/questions.js";
import { Database } from "../../src/database/database.js";
import { PostgresQuestions } from "../../src/database/questions.js";
import { Sealer } from "../../src/database/sealing.js";
import { createApp, limitEach } from "../../src/http/app.js";
import { MemoryPageRecords, PageSessions } from "../../src/http/pages/page-sessions.js";
import { PendingLogins } from "../../src/http/pages/pending-logins.js";
import { servePages } from "../../src/http/pages/routes.js";
import { Workspaces } from "../../src/http/workspaces.js";
import { KeyedMutex } from "../../src/lib/keyed-mutex.js";
import { machineTime } from "../../src/lib/time-source.js";
import { alice, bob, carol, newQuestion, signer } from "../approval/team/support.js";
import { closedPort } from "../support/ports.js";

const settings = { logger: false, redact: String, requestTime: 1_000, addressRateLimit: 1_000 };

describe("X-Request-Id", () => {
  const idFor = async (trustedProxies: readonly string[], remoteAddress: string) => {
    const app = await createApp({ ...settings, trustedProxies });
    app.get("/", async (request) => request.id);
    const headers = { "x-request-id": "given-by-somebody", "x-forwarded-for": "nobody, 10.1.2.3" };
    const { body } = await app.inject({ url: "/", remoteAddress, headers });
    await app.close();
    return body;
  };

  it.each(["10.9.9.9", "10.8.1.1", "::ffff:10.9.9.9", "fd00::1"])(
    "counts from a trusted proxy, %s",
    async (address) => {
      expect(await idFor(["10.9.9.9", "10.8.0.0/16", "fd00::/8"], address)).toBe("given-by-somebody");
    },
  );

  it.each(["10.9.9.8", "10.9.0.1", "::1", "fe80::1%eth0"])("does not count from %s", async (address) => {
    expect(await idFor(["10.9.9.9", "10.8.0.0/16", "fd00::/8"], address)).toMatch(/^[0-9a-f-]{36}$/);
    expect(await idFor([], address)).toMatch(/^[0-9a-f-]{36}$/);
  });
});

/** The pages of somebody who has logged in, at a server whose questions are there. */
async function pagesWith(questions: Questions, requests: number, rules: Pick<AccessRules, "known"> = readOnlyRules) {
  const app = await createApp({ ...settings, trustedProxies: [] });
  const records = new MemoryPageRecords(machineTime.now);
  const sessions = new PageSessions(records);
  const notNow = async () => {
    throw new Error("nobody logs in");
  };
  await app.register(servePages, {
    origin: new URL("http://127.0.0.1"),
    login: { begin: notNow, finish: notNow, logoutUrl: notNow, logoutOrigin: async () => undefined },
    sessions,
    logins: new PendingLogins(new Sealer([Buffer.alloc(32)], "begun logins"), records, machineTime.now),
    decisions: new TeamDecisions(questions, rules),
    limited: limitEach(app, requests),
    log: () => {},
  });
  return { app, sessions };
}

describe("the pages", () => {
  it("take so many requests of one person a minute, whichever sessions they come with", async () => {
    const { app, sessions } = await pagesWith(new MemoryQuestions(machineTime.now), 3);
    const get = async (cookie: string) =>
      (await app.inject({ url: "/approvals", headers: { cookie: `cloudcert=${cookie}` } })).statusCode;
    const [first, second] = [await sessions.open(alice, "", false), await sessions.open(alice, "", false)];
    expect([await get(first), await get(second), await get(first)]).toEqual([200, 200, 200]);
    expect([await get(first), await get(second)]).toEqual([429, 429]);
    expect(await get(await sessions.open(bob, "", false))).toBe(200);
    await app.close();
  });

  it("say that their database does not answer, and of a form that nobody knows whether it took effect", async () => {
    const database = new Database({ url: `postgres://nobody@127.0.0.1:${closedPort}/none`, log: () => {} });
    const { app, sessions } = await pagesWith(new PostgresQuestions(database, signer), 10);
    const cookies = { cloudcert: await sessions.open(alice, "", false) };
    const ask = async (method: "GET" | "POST", language: string) => {
      const headers = { origin: "http://127.0.0.1", "accept-language": language };
      const answer = await app.inject({ method, url: `/approvals/${"x".repeat(22)}`, cookies, headers });
      return `${answer.statusCode} ${/<p>(.*?)<\/p>/.exec(answer.body)?.[1]}`;
    };
    expect(await ask("GET", "en")).toMatch(/^503 .*Nothing was changed\./);
    expect(await ask("GET", "zh-CN")).toMatch(/^503 .*未作任何更改/);
    expect(await ask("POST", "en")).toMatch(/^503 .*not known whether what you sent took effect/);
    expect(await ask("POST", "zh-CN")).toMatch(/^503 .*无法确定你提交的内容是否已生效/);
    await app.close();
    await database.close();
  });
});

describe("somebody whom the rules know by another id than when they logged in", () => {
  const rules = rulesIn(
    `people: { carol: ["token:carol", "${carol.id}"] }\naccess: [{ who: [carol], read: [prod] }]`,
    "rules.yaml",
    ["prod"],
  );
  const leads = { everyone: false, people: [], providerGroups: ["leads"] };
  const requirements = [{ approve: leads, approvers: 2, askerMayApprove: false, quietHours: [] }];
  const lead = { ...carol, groups: ["leads"] };
  const answered = { id: carol.id, name: carol.name, answer: "approved", shown: "", countsFor: [0] } as const;

  it.each([
    ["does not decide what their token asked for", { id: "token:carol", name: carol.name }, []],
    ["is not two of those who approve", alice, [answered]],
  ])("%s", async (_, asker, decisions) => {
    const questions = new MemoryQuestions(machineTime.now);
    const question = await questions.ask(newQuestion({ asker, requirements }));
    for (const decision of decisions) await questions.decide(question.id, decision);
    const { app, sessions } = await pagesWith(questions, 10, rules);
    const cookies = { cloudcert: await sessions.open(lead, "", false) };
    const page = await app.inject({ url: `/approvals/${question.id}`, cookies });
    expect(page.statusCode).toBe(200);
    expect(page.body).not.toContain('name="decision"');
    const answer = { approve: true, shown: shownDigest(question, "en"), loggedInAgain: true };
    const deciding = new TeamDecisions(questions, rules);
    expect(await deciding.answer(question.id, deciding.known(lead), answer)).toMatchObject({ counted: false });
    await app.close();
  });
});

describe("workspaces", () => {
  it("keep a new one open while it is used, also if all others are busy", async () => {
    const closed: string[] = [];
    const workspaces = new Workspaces<{ ongoingCalls: { busy: boolean } }>({
      elapsed: () => 0,
      most: 1,
      report: () => {},
    });
    const place = (name: string) => ({
      name,
      open: async () => ({
        workspace: { ongoingCalls: { busy: false } },
        close: async () => {
          closed.push(name);
        },
      }),
    });
    await workspaces.within(alice, place("busy"), () =>
      workspaces.within(alice, place("new"), async () => {
        // Whatever was closed by then has been told so.
        await new Promise((resolve) => setImmediate(resolve));
        expect(closed).toEqual([]);
      }),
    );
    await workspaces.within(alice, place("third"), async () => {});
    expect(closed).toEqual(["busy", "new"]);
  });
});

describe("turns", () => {
  it("are one after the other for one person, and keep nobody else waiting", async () => {
    const turns = new KeyedMutex();
    const log: string[] = [];
    let open = () => {};
    const isOpen = new Promise<void>((resolve) => {
      open = resolve;
    });
    const first = turns.take("alice", async () => {
      log.push("alice begins");
      await isOpen;
      log.push("alice ends");
      throw new Error("it failed");
    });
    const second = turns.take("alice", async () => log.push("alice again"));
    await turns.take("bob", async () => log.push("bob"));
    open();
    await expect(first).rejects.toThrow("it failed");
    await second;
    expect(log).toEqual(["alice begins", "bob", "alice ends", "alice again"]);
  });
});
