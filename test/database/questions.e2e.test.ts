import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readOnlyRules } from "../../src/access/rules.js";
import { TeamDecisions } from "../../src/approval/team/decisions.js";
import { MemoryQuestions } from "../../src/approval/team/memory-questions.js";
import type { TeamDecision } from "../../src/approval/team/question.js";
import { AlteredQuestion, DuplicateQuestion, type Questions } from "../../src/approval/team/questions.js";
import { Database } from "../../src/database/database.js";
import { PostgresQuestions } from "../../src/database/questions.js";
import type { Person } from "../../src/identity/person.js";
import { trafficPlan } from "../approval/page/support.js";
import { alice, bob, carol, dora, newQuestion, signer } from "../approval/team/support.js";
import { postgresBin, usePostgres } from "../support/postgres.js";
import { runs, wide } from "../support/width.js";

const answer = ({ id, name }: Person, given: TeamDecision["answer"] = "approved") => ({
  id,
  name,
  answer: given,
  shown: "0".repeat(64),
  countsFor: [0],
});

/** What any store must do; `two` servers see the same questions. */
function questionsOf(two: () => readonly [Questions, Questions]): void {
  let things = 0;
  const ask = async (more: Parameters<typeof newQuestion>[0] = {}) => {
    things += 1;
    const asked = newQuestion({ thing: `thing ${things}`, ...more });
    const { id } = await two()[0].ask(asked);
    return { asked, id };
  };
  const stateOf = async (id: string) => (await two()[1].find(id))?.state;

  it("keeps what was asked, for all", async () => {
    const { asked, id } = await ask();
    const found = await two()[1].find(id);
    const { lifetimeMs, ...stays } = asked;
    expect(found).toMatchObject({ ...stays, id, state: "open", decisions: [] });
    if (found === undefined) throw new Error("not found");
    expect(found.expiresAt.getTime() - found.askedAt.getTime()).toBe(lifetimeMs);
    expect((await two()[1].recent()).map((each) => each.id)).toContain(id);
    expect((await two()[1].byPlan(trafficPlan.id, alice.id, "prod"))?.id).toBe(id);
    expect(await two()[1].byPlan(trafficPlan.id, bob.id, "prod")).toBeUndefined();
    expect(await two()[1].byPlan(trafficPlan.id, alice.id, "test")).toBeUndefined();
  });

  it("joins a question that says the same, and withdraws one that says something else", async () => {
    const { asked, id } = await ask();
    const renumbered = { ...trafficPlan, id: "plan-9" };
    const same = await two()[1].ask({
      ...asked,
      plans: { en: renumbered, "zh-CN": { ...renumbered, language: "zh-CN" } },
    });
    expect([same.id, same.plans.en.id]).toEqual([id, trafficPlan.id]);
    const other = { ...trafficPlan, question: "Something else?" };
    const anew = await two()[1].ask({ ...asked, plans: { en: other, "zh-CN": { ...other, language: "zh-CN" } } });
    expect(anew.id).not.toBe(id);
    expect([await stateOf(id), await stateOf(anew.id)]).toEqual(["withdrawn", "open"]);
  });

  it.each([
    ["person", { asker: { id: bob.id, name: bob.name } }],
    ["account", { account: "other" }],
  ])("never joins that of another %s", async (_, more) => {
    const { asked, id } = await ask();
    expect((await two()[1].ask({ ...asked, ...more })).id).not.toBe(id);
    expect(await stateOf(id)).toBe("open");
  });

  it("is approved by as many as it takes, each once, at any server", async () => {
    const { id } = await ask();
    expect(await two()[0].decide(id, answer(bob))).toBeUndefined();
    expect(await two()[1].decide(id, answer(bob))).toBe("answered before");
    expect(await stateOf(id)).toBe("open");
    expect(await two()[1].decide(id, answer(carol))).toBeUndefined();
    const found = await two()[0].find(id);
    expect([found?.state, found?.decisions.map(({ name }) => name)]).toEqual(["approved", ["Bob", "Carol"]]);
    expect(await two()[0].decide(id, answer(alice))).toBe("over");
  });

  it.each(["declined", "wrong name"] as const)("is over with one answer that is no yes: %s", async (no) => {
    const { id } = await ask();
    await two()[0].decide(id, answer(bob));
    await two()[0].decide(id, answer(carol, no));
    expect([await stateOf(id), await two()[0].claim(id)]).toEqual([no, "over"]);
  });

  it("is used once", async () => {
    const { id } = await ask();
    expect(await two()[0].claim(id)).toBe("over");
    await two()[0].decide(id, answer(bob));
    await two()[0].decide(id, answer(carol));
    expect([await two()[1].claim(id), await two()[0].claim(id)]).toEqual(["yours", "used"]);
    await two()[0].withdraw(id);
    expect(await stateOf(id)).toBe("used");
  });

  it("is not used once it was withdrawn", async () => {
    const { id } = await ask();
    await two()[0].decide(id, answer(bob));
    await two()[0].decide(id, answer(carol));
    await two()[1].withdraw(id);
    expect([await two()[0].claim(id), await stateOf(id)]).toEqual(["over", "withdrawn"]);
  });

  it("that takes other approvals than before is asked anew", async () => {
    const { asked, id } = await ask();
    const requirements = asked.requirements.map((each) => ({ ...each, approvers: 1 }));
    expect((await two()[1].ask({ ...asked, requirements })).id).not.toBe(id);
    expect(await stateOf(id)).toBe("withdrawn");
  });

  it("about the same, of anybody: open, and used a short time ago", async () => {
    const { asked, id } = await ask();
    const carols = await two()[1].ask({ ...asked, asker: { id: carol.id, name: carol.name } });
    await two()[0].decide(id, answer(bob));
    await two()[0].decide(id, answer(carol));
    await two()[0].claim(id);
    const about = await two()[1].about("prod", asked.thing);
    expect(about.map((each) => [each.id, each.state, each.usedAt !== undefined])).toEqual([
      [carols.id, "open", false],
      [id, "used", true],
    ]);
    expect(await two()[1].about("other", asked.thing)).toEqual([]);
  });

  it.each(["create", "purchase"] as const)("about the same %s waits for one person at a time", async (effect) => {
    const plan = { ...trafficPlan, effect };
    const plans = { en: plan, "zh-CN": { ...plan, language: "zh-CN" as const } };
    const { asked, id } = await ask({ plans });
    const carols = { ...asked, asker: { id: carol.id, name: carol.name } };
    await expect(two()[1].ask(carols)).rejects.toThrow(DuplicateQuestion);
    await two()[1].withdraw(id);
    expect((await two()[1].ask(carols)).id).not.toBe(id);
    things += 1;
    const raced = { ...asked, thing: `thing ${things}` };
    const both = await Promise.allSettled([two()[0].ask(raced), two()[1].ask({ ...carols, thing: raced.thing })]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });

  it("expires: nothing counts any more, and the next one is new", async () => {
    const { id, asked } = await ask({ lifetimeMs: 0 });
    expect(await stateOf(id)).toBe("expired");
    expect([await two()[0].decide(id, answer(bob)), await two()[0].claim(id)]).toEqual(["over", "over"]);
    expect((await two()[1].ask({ ...asked, lifetimeMs: 1_000 })).id).not.toBe(id);
  });

  it("of which nobody knows is over", async () => {
    expect([await two()[0].find("x"), await two()[0].decide("x", answer(bob)), await two()[0].claim("x")]).toEqual([
      undefined,
      "over",
      "over",
    ]);
  });

  it("tells whoever watches, at any server", async () => {
    const { id } = await ask();
    const changed = new Promise<void>((resolve) => {
      const look = async () => {
        if ((await two()[1].find(id))?.decisions.length === 1) resolve();
      };
      two()[1].watch(id, () => void look());
      void look();
    });
    await two()[0].decide(id, answer(bob));
    await changed;
  });

  it("that is raced is asked once, decided once and used once", wide, async () => {
    for (let round = 0; round < runs(10, 400); round += 1) {
      things += 1;
      const asked = newQuestion({ thing: `race ${things}` });
      const [one, other] = two();
      const [a, b] = await Promise.all([one.ask(asked), other.ask(asked), one.ask(asked)]);
      expect(a.id).toBe(b.id);
      const { id } = a;
      const counted = await Promise.all(
        [one, other, one, other].flatMap((at) => [at.decide(id, answer(bob)), at.decide(id, answer(carol))]),
      );
      expect(counted.filter((each) => each === undefined)).toHaveLength(2);
      const claimed = await Promise.all([one, other, one, other].map((at) => at.claim(id)));
      expect(claimed.toSorted()).toEqual(["used", "used", "used", "yours"]);
    }
  });

  it("that is used and withdrawn at once is one of the two", async () => {
    for (let round = 0; round < runs(5, 200); round += 1) {
      const { id } = await ask();
      const [one, other] = two();
      await one.decide(id, answer(bob));
      await one.decide(id, answer(carol));
      const [claimed] = await Promise.all([one.claim(id), other.withdraw(id)]);
      expect(await stateOf(id)).toBe(claimed === "yours" ? "used" : "withdrawn");
    }
  });
}

describe("a question in memory", () => {
  const questions = new MemoryQuestions(() => new Date("2026-03-04T03:00:00Z"));
  questionsOf(() => [questions, questions]);
});

describe.skipIf(postgresBin === undefined)("a question in PostgreSQL", () => {
  const postgres = usePostgres();
  const databases: Database[] = [];
  let url = "";
  let two: readonly [Questions, Questions] | undefined;
  beforeAll(async () => {
    url = await postgres().freshUrl();
    const server = () => {
      const database = new Database({ url, log: () => {} });
      databases.push(database);
      return new PostgresQuestions(database, signer);
    };
    two = [server(), server()];
  });
  afterAll(() => Promise.all(databases.map((database) => database.close())));
  questionsOf(() => {
    if (two === undefined) throw new Error("not started");
    return two;
  });
  const change = (sql: string) => postgres().query(sql, url);

  it.each([
    ["an approval without answers", "UPDATE cloudcert.question SET state = 'approved' WHERE id = 'ID'"],
    [
      "an answer that nobody gave",
      `INSERT INTO cloudcert.question_decision (question, person, name, answer, shown, counts_for, mac, key)
       SELECT 'ID', '${carol.id}', 'Carol', 'approved', 's', '{0}', mac, key
       FROM cloudcert.question_decision WHERE question = 'ID'`,
    ],
    ["another answer", "UPDATE cloudcert.question_decision SET answer = 'declined' WHERE question = 'ID'"],
    ["another person's answer", `UPDATE cloudcert.question_decision SET person = '${dora.id}' WHERE question = 'ID'`],
    [
      "an answer that counts twice",
      "UPDATE cloudcert.question_decision SET counts_for = '{0,0}' WHERE question = 'ID'",
    ],
    [
      "fewer approvers",
      `UPDATE cloudcert.question SET asked = replace(asked, '"approvers":2', '"approvers":1') WHERE id = 'ID'`,
    ],
    ["another asker", "UPDATE cloudcert.question SET asker = 'somebody' WHERE id = 'ID'"],
    ["another thing", "UPDATE cloudcert.question SET thing = 'x' || thing WHERE id = 'ID'"],
    ["a later end", "UPDATE cloudcert.question SET expires_at = expires_at + interval '1 hour' WHERE id = 'ID'"],
    ["no text", "UPDATE cloudcert.question SET asked = '' WHERE id = 'ID'"],
    ["a use of what nobody approved", "UPDATE cloudcert.question SET state = 'used' WHERE id = 'ID'"],
  ])("does not verify with %s, and nothing comes of it", async (_, sql) => {
    const [one, other] = two ?? [];
    if (one === undefined || other === undefined) throw new Error("not started");
    const question = await one.ask(newQuestion({ thing: `forged ${sql}` }));
    await one.decide(question.id, answer(bob));
    await change(sql.replaceAll("ID", question.id));
    await expect(other.find(question.id)).rejects.toThrow(AlteredQuestion);
    await expect(other.decide(question.id, answer(carol))).rejects.toThrow(/Nothing was sent/);
    await expect(one.claim(question.id)).rejects.toThrow(AlteredQuestion);
    expect((await one.recent()).some(({ id }) => id === question.id)).toBe(false);
    expect(await new TeamDecisions(one, readOnlyRules).question(question.id, bob)).toBeUndefined();
    expect((await other.ask(newQuestion({ thing: `forged ${sql}` }))).id).not.toBe(question.id);
  });

  it("is not an answer to another question", async () => {
    const [one, other] = two ?? [];
    if (one === undefined || other === undefined) throw new Error("not started");
    const [given, wanted] = [
      await one.ask(newQuestion({ thing: "given" })),
      await one.ask(newQuestion({ thing: "wanted" })),
    ];
    await one.decide(given.id, answer(bob));
    await change(`UPDATE cloudcert.question_decision SET question = '${wanted.id}' WHERE question = '${given.id}'`);
    await expect(other.find(wanted.id)).rejects.toThrow(AlteredQuestion);
  });

  it("that was seen to be over stays so when the clock goes back", async () => {
    const [one, other] = two ?? [];
    const asked = await one?.ask(newQuestion({ thing: "clock", lifetimeMs: 0 }));
    const id = asked?.id ?? "";
    expect((await one?.find(id))?.state).toBe("expired");
    expect(await change(`SELECT state FROM cloudcert.question WHERE id = '${id}'`)).toEqual([{ state: "expired" }]);
    expect(await other?.claim(id)).toBe("over");
  });

  it("that waits is listed, however many have ended since", async () => {
    const [one] = two ?? [];
    if (one === undefined) throw new Error("not started");
    const question = await one.ask(newQuestion({ thing: "early", lifetimeMs: 600_000 }));
    await change(
      `INSERT INTO cloudcert.question (id, asker, account, thing, plan_id, asked, expires_at, state, mac, key)
       SELECT 'copy ' || n, asker, account, thing || n, plan_id, asked, expires_at, 'withdrawn', mac, key
       FROM cloudcert.question, generate_series(1, 201) n WHERE id = '${question.id}'`,
    );
    expect((await one.recent()).map(({ id }) => id)).toContain(question.id);
  });
});
