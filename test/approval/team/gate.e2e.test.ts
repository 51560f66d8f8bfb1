import { afterAll, describe, expect, it } from "vitest";
import { rulesIn } from "../../../src/access/rules-file.js";
import { MemoryQuestions } from "../../../src/approval/team/memory-questions.js";
import type { Questions } from "../../../src/approval/team/questions.js";
import { Database } from "../../../src/database/database.js";
import { PostgresQuestions } from "../../../src/database/questions.js";
import { machineTime } from "../../../src/lib/time-source.js";
import { postgresBin, usePostgres } from "../../support/postgres.js";
import { wide } from "../../support/width.js";
import { alice, bob, carol, dora, person, signer } from "./support.js";
import { buy, remove, rename, Team } from "./team.js";

function behaves(questionsAtOneOf: () => Promise<() => Questions>): void {
  const team = async () => new Team(await questionsAtOneOf());

  it("goes on once somebody else has approved, and the log says who asked and who decided what", async () => {
    const here = await team();
    let ended: Promise<string> | undefined;
    const question = await here.askedBy(() => {
      ended = here.call(here.gate(alice), rename);
    });
    expect(question.plans.en.asker).toBe(`"Alice" ("${alice.id}") with a client that calls itself "a client"`);
    expect(question.plans["zh-CN"].asker).toBe(`"Alice"（"${alice.id}"）（通过自称 "a client" 的客户端）`);
    expect(await here.answer(question, bob)).toBe("approved");
    expect(await ended).toBe("sent");
    const [plan, decision] = here.audit;
    if (plan?.event !== "plan" || decision?.event !== "decision") throw new Error("other lines");
    expect(plan.asker).toEqual({ id: alice.id, name: "Alice", client: "a client" });
    expect(decision).toMatchObject({ channel: "team", verdict: "approved" });
    expect(decision.by).toMatchObject([{ id: bob.id, name: "Bob", answer: "approved", shown: plan.words?.en }]);
  });

  it("takes four eyes: who asks does not approve", async () => {
    const here = await team();
    let ended: Promise<string> | undefined;
    const question = await here.askedBy(() => {
      ended = here.call(here.gate(alice), rename);
    });
    expect(await here.answer(question, alice)).toBe("own question");
    expect(await here.answer(question, person("Alice", [], ["certs:read", "certs:change"]))).toBe("no scope");
    expect(await here.answer(question, dora)).toBe("unknown");
    expect(await here.answer(question, person("Eve"))).toBe("unknown");
    expect(here.sent).toEqual([]);
    expect(await here.answer(question, bob, false)).toBe("declined");
    expect(await ended).toMatch(/did not approve/);
    expect(here.sent).toEqual([]);
  });

  it("takes two of three for what cannot be undone, logged in anew, with the name typed", async () => {
    const here = await team();
    let ended: Promise<string> | undefined;
    const question = await here.askedBy(() => {
      ended = here.call(here.gate(alice), remove);
    });
    expect(await here.answer(question, dora, true, { again: false })).toBe("login again");
    expect(await here.answer(question, dora)).toBe("approved");
    expect(await here.answer(question, dora)).toBe("answered before");
    expect(here.sent).toEqual([]);
    expect(await here.answer(question, carol)).toBe("approved");
    expect(await ended).toBe("sent");
    expect(here.audit.find(({ event }) => event === "decision")).toMatchObject({
      by: [{ name: "Dora" }, { name: "Carol" }],
    });
  });

  it("ends with a wrong name, and with words that were not shown", wide, async () => {
    const here = await team();
    let ended: Promise<string> | undefined;
    const question = await here.askedBy(() => {
      ended = here.call(here.gate(alice), remove);
    });
    const other = { ...question, plans: { ...question.plans, en: { ...question.plans.en, question: "Other?" } } };
    expect(await here.answer(other, carol)).toBe("other words");
    expect(await here.answer(question, carol, true, { typed: "bbbbbbbb" })).toBe("wrong name");
    expect(await ended).toMatch(/typed something else/);
  });

  it("is joined at another server, where it is approved and carried out once", async () => {
    const here = await team();
    const calls: Promise<string>[] = [];
    const question = await here.askedBy(() => {
      calls.push(here.call(here.gate(alice), rename));
    });
    const questions = here.questions();
    // A call that begins after the approval was used would be a new question.
    const joined = new Promise<string>((resolve) => {
      const watch = questions.watch.bind(questions);
      questions.watch = (id, changed) => {
        resolve(id);
        return watch(id, changed);
      };
    });
    const another = here.gate(alice, questions);
    calls.push(here.call(another, rename));
    expect(await joined).toBe(question.id);
    expect((await another.approvalProgress(question.plans.en.id))?.state).toBe("waiting");
    expect(await here.answer(question, carol)).toBe("approved");
    const ended = await Promise.all(calls);
    expect(ended.filter((each) => each === "sent")).toHaveLength(1);
    expect(ended.find((each) => each !== "sent")).toMatch(/was not carried out a second time/);
    expect(here.sent).toHaveLength(1);
    expect(here.audit.filter(({ event }) => event === "plan")).toHaveLength(1);
    expect((await here.gate(alice).approvalProgress(question.plans.en.id))?.state).toBe("being carried out");
    expect(await here.gate(bob).approvalProgress(question.plans.en.id)).toBeUndefined();
  });

  it("approved while nobody waits, is used by the same call at another server", async () => {
    const here = await team();
    const hungUp = new AbortController();
    let first: Promise<string> | undefined;
    const question = await here.askedBy(() => {
      first = here.call(here.gate(alice), rename, alice, hungUp.signal);
    });
    hungUp.abort();
    expect(await first).toMatch(/cancelled/);
    expect(await here.answer(question, bob)).toBe("approved");
    expect(await here.call(here.gate(alice), rename)).toBe("sent");
    expect(here.sent).toHaveLength(1);
  });

  it("is void once what was shown has changed, also for the same call at another server", wide, async () => {
    const here = await team();
    let ended: Promise<string> | undefined;
    const question = await here.askedBy(() => {
      ended = here.call(here.gate(alice), rename);
    });
    here.state = 1;
    expect(await here.answer(question, bob)).toBe("approved");
    expect(await ended).toMatch(/their approval is void/);
    const anew = await here.askedBy(() => void here.call(here.gate(alice), rename));
    expect(anew.id).not.toBe(question.id);
    expect(here.sent).toEqual([]);
  });

  it("is told to whoever decides if somebody else asks for the same", async () => {
    const here = await team();
    const alices = await here.askedBy(() => void here.call(here.gate(alice), rename));
    expect(alices.plans.en.warnings.join()).not.toMatch(/asks for the same/);
    const bobs = await here.askedBy(() => void here.call(here.gate(bob), rename, bob));
    expect(bobs.plans.en.warnings).toContain('"Alice" has asked for the same, and that question is still pending.');
    expect(bobs.plans["zh-CN"].warnings).toContain('"Alice" 也发起了同样的变更，该审批请求尚未处理。');
  });

  it(
    "that buys the same as somebody else waits for that, and the next question says that it was bought",
    wide,
    async () => {
      const here = await team();
      let ended: Promise<string> | undefined;
      const question = await here.askedBy(() => {
        ended = here.call(here.gate(alice), buy);
      });
      expect(await here.call(here.gate(bob), buy, bob)).toMatch(/is already waiting for a decision.*Nothing was sent/);
      expect((await here.questions().recent()).map(({ id }) => id)).toEqual([question.id]);
      expect(await here.answer(question, carol)).toBe("approved");
      expect(await here.answer(question, dora)).toBe("approved");
      expect(await ended).toBe("sent");
      for (const who of [bob, alice]) {
        let declined: Promise<string> | undefined;
        const again = await here.askedBy(() => {
          declined = here.call(here.gate(who), buy, who);
        });
        expect(again.plans.en.warnings.join()).toMatch(/The same purchase was approved for "Alice" and begun at /);
        await here.answer(again, carol, false);
        expect(await declined).toMatch(/did not approve/);
      }
      expect(here.sent).toEqual(["CreateCertificate"]);
    },
  );

  it("is not used once the rules ask for more", async () => {
    const questions = await questionsAtOneOf();
    const loose = new Team(questions);
    const hungUp = new AbortController();
    let gone: Promise<string> | undefined;
    const question = await loose.askedBy(() => {
      gone = loose.call(loose.gate(alice), rename, alice, hungUp.signal);
    });
    hungUp.abort();
    expect(await gone).toMatch(/cancelled/);
    expect(await loose.answer(question, bob)).toBe("approved");
    const strict = new Team(
      questions,
      rulesIn(
        `
people: { alice: "${alice.id}", carol: "${carol.id}", dora: "${dora.id}" }
access: [{ who: [alice], change: [prod] }]
approvals: [{ ask: [alice], approve: [carol, dora], approvers: 2 }]
`,
        "rules.yaml",
        ["prod"],
      ),
    );
    let ended: Promise<string> | undefined;
    const anew = await strict.askedBy(() => {
      ended = strict.call(strict.gate(alice), rename);
    });
    expect(anew.id).not.toBe(question.id);
    expect(await strict.answer(anew, bob)).toBe("unknown");
    expect(await strict.answer(anew, carol)).toBe("approved");
    expect(strict.sent).toEqual([]);
    expect(await strict.answer(anew, dora)).toBe("approved");
    expect(await ended).toBe("sent");
  });

  it("is not asked for by whom the rules do not let", async () => {
    const here = await team();
    expect(await here.call(here.gate(carol), rename, carol)).toMatch(/may not change this account. Nobody was asked/);
    expect(here.audit).toEqual([]);
  });
}

describe("a change that a team decides, in memory", () => {
  behaves(async () => {
    const questions = new MemoryQuestions(machineTime.now);
    return () => questions;
  });
});

describe.skipIf(postgresBin === undefined)("a change that a team decides, in PostgreSQL", () => {
  const postgres = usePostgres();
  const databases: Database[] = [];
  afterAll(() => Promise.all(databases.map((database) => database.close())));
  it("is not carried out by an approval that was written into the database", async () => {
    const url = await postgres().freshUrl();
    const database = new Database({ url, log: () => {} });
    databases.push(database);
    const here = new Team(() => new PostgresQuestions(database, signer));
    let ended: Promise<string> | undefined;
    const question = await here.askedBy(() => {
      ended = here.call(here.gate(alice), rename);
    });
    await postgres().query("UPDATE cloudcert.question SET state = 'approved'", url);
    await postgres().query(`SELECT pg_notify('cloudcert_questions', '${question.id}')`, url);
    expect(await ended).toMatch(/not as this program wrote it.*Nothing was sent/);
    expect(here.sent).toEqual([]);
    expect(here.audit.some((entry) => entry.event === "decision" && entry.verdict === "approved")).toBe(false);
  });

  // Each team has three servers on one database, which take turns.
  behaves(async () => {
    const url = await postgres().freshUrl();
    const servers = [1, 2, 3].map(() => {
      const database = new Database({ url, log: () => {} });
      databases.push(database);
      return new PostgresQuestions(database, signer);
    });
    const [first = new MemoryQuestions(machineTime.now)] = servers;
    let next = 0;
    return () => {
      next += 1;
      return servers[next % servers.length] ?? first;
    };
  });
});
