import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { DuplicateQuestion, MissingStateKey } from "../../src/approval/team/questions.js";
import { Database } from "../../src/database/database.js";
import { PostgresQuestions } from "../../src/database/questions.js";
import { RowSigner } from "../../src/database/signing.js";
import { trafficPlan } from "../approval/page/support.js";
import { bob, carol, newQuestion } from "../approval/team/support.js";
import { postgresBin, usePostgres } from "../support/postgres.js";

const [old, next] = [randomBytes(32), randomBytes(32)];

describe.skipIf(postgresBin === undefined)("the state key of servers on one database", () => {
  const postgres = usePostgres();
  const opened: Database[] = [];
  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close();
  });

  const serverOn = (url: string, keys: readonly [Buffer, ...Buffer[]]) => {
    const database = new Database({ url, log: () => {} });
    opened.push(database);
    return new PostgresQuestions(database, new RowSigner(keys, "questions"));
  };
  const answerOf = ({ id, name }: typeof bob) =>
    ({ id, name, answer: "approved", shown: "0".repeat(64), countsFor: [0] }) as const;
  const purchase = { ...trafficPlan, effect: "purchase" } as const;
  const plans = { en: purchase, "zh-CN": { ...purchase, language: "zh-CN" } } as const;
  const run = (url: string, sql: string) => postgres().query(sql, url);

  it.each([
    ["that gets the next key as a second one", [old], [old, next]],
    ["that signs with the next key", [old, next], [next, old]],
    ["from which the old key was taken", [next, old], [next]],
  ] as const)("is rotated one server at a time: a server before and one %s are one team", async (_, before, after) => {
    const url = await postgres().freshUrl();
    for (const [askAt, answerAt] of [
      [serverOn(url, before), serverOn(url, after)],
      [serverOn(url, after), serverOn(url, before)],
    ] as const) {
      const asked = newQuestion({ plans });
      const question = await askAt.ask(asked);
      await expect(answerAt.ask({ ...asked, asker: { id: carol.id, name: "Carol" } })).rejects.toThrow(
        DuplicateQuestion,
      );
      expect((await answerAt.recent()).map(({ id }) => id)).toEqual([question.id]);
      expect((await answerAt.ask(asked)).id).toBe(question.id);
      await answerAt.decide(question.id, answerOf(bob));
      await askAt.decide(question.id, answerOf(carol));
      expect((await answerAt.find(question.id))?.state).toBe("approved");
      expect(await askAt.claim(question.id)).toBe("yours");
      expect((await answerAt.about("prod", asked.thing)).map(({ state }) => state)).toEqual(["used"]);
      await postgres().query("DELETE FROM cloudcert.question", url);
    }
  });

  it("that a server lacks is what it says, and not that somebody changed the database", async () => {
    const url = await postgres().freshUrl();
    const [without, rotated] = [serverOn(url, [old]), serverOn(url, [next, old])];
    const early = await without.ask(newQuestion({ thing: "early" }));
    const question = await rotated.ask(newQuestion({ plans }));
    await rotated.decide(early.id, answerOf(bob));
    const refused = await Promise.allSettled<unknown>([
      without.find(question.id),
      // Answered at the other: whoever waits for it here is told why.
      without.find(early.id),
      without.claim(early.id),
      without.recent(),
      without.about("prod", question.thing),
      without.decide(question.id, answerOf(bob)),
      // Not even about something else: servers without the old key would not see it.
      without.ask(newQuestion({ thing: "else" })),
    ]);
    for (const each of refused) expect(each).toMatchObject({ reason: expect.any(MissingStateKey) });
    expect((await rotated.find(early.id))?.decisions).toHaveLength(1);
  });

  it("stays needed as long as what it signed can be found", async () => {
    const url = await postgres().freshUrl();
    const question = await serverOn(url, [old]).ask(newQuestion());
    const hasty = serverOn(url, [next]);
    const passes = (time: string) =>
      run(url, `UPDATE cloudcert.question SET expires_at = clock_timestamp() - interval '${time}'`);
    await expect(hasty.ask(newQuestion())).rejects.toThrow(MissingStateKey);
    await passes("59 minutes");
    await expect(hasty.ask(newQuestion())).rejects.toThrow(MissingStateKey);
    await expect(hasty.checkKeys()).rejects.toThrow(MissingStateKey);
    await passes("61 minutes");
    expect((await hasty.ask(newQuestion({ thing: "later" }))).id).not.toBe(question.id);
    expect(await run(url, `SELECT id FROM cloudcert.question WHERE id = '${question.id}'`)).toHaveLength(1);
    await hasty.tidy();
    expect(await run(url, `SELECT id FROM cloudcert.question WHERE id = '${question.id}'`)).toEqual([]);
  });

  it("of an answer is needed, too, and is named by its id", async () => {
    const url = await postgres().freshUrl();
    const without = serverOn(url, [old]);
    const question = await without.ask(newQuestion());
    await serverOn(url, [next, old]).decide(question.id, answerOf(bob));
    const [id = ""] = new RowSigner([next], "questions").keyIds;
    await expect(without.checkKeys()).rejects.toThrow(`(${id})`);
  });

  it("that a server has disturbs nobody until the server signs with it", async () => {
    const url = await postgres().freshUrl();
    const [others, mistaken] = [serverOn(url, [old]), serverOn(url, [randomBytes(32)])];
    await mistaken.tidy();
    await mistaken.checkKeys();
    const question = await others.ask(newQuestion());
    // Then it is the one that lacks a key, and signs nothing.
    await expect(mistaken.ask(newQuestion({ thing: "else" }))).rejects.toThrow(MissingStateKey);
    await others.checkKeys();
    expect((await others.ask(newQuestion())).id).toBe(question.id);
  });

  it("that a server lacks does not keep it from deleting what has expired", async () => {
    const url = await postgres().freshUrl();
    const question = await serverOn(url, [old]).ask(newQuestion({ thing: "early" }));
    await serverOn(url, [old]).ask(newQuestion());
    await run(
      url,
      `UPDATE cloudcert.question SET expires_at = clock_timestamp() - interval '61 minutes' WHERE id = '${question.id}'`,
    );
    await serverOn(url, [next]).tidy();
    expect(await run(url, "SELECT thing FROM cloudcert.question")).toEqual([{ thing: newQuestion().thing }]);
  });
});
