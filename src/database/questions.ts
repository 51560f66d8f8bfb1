import { randomBytes } from "node:crypto";
import { z } from "zod";
import {
  answers,
  askedSchema,
  type NewQuestion,
  questionStates,
  saysTheSame,
  stateAfter,
  type TeamDecision,
  type TeamQuestion,
} from "../approval/team/question.js";
import { type Claimed, type NotCounted, type Questions, rememberedFor } from "../approval/team/questions.js";
import type { Database } from "./database.js";
import type { Queries } from "./queries.js";

const CHANNEL = "cloudcert_questions";

/** How many ended questions a list has, at most. */
const LISTED = 200;

const row = z
  .object({
    id: z.string(),
    thing: z.string(),
    asked: z.string().transform((text) => askedSchema.parse(JSON.parse(text))),
    asked_at: z.date(),
    expires_at: z.date(),
    read_at: z.date(),
    state: z.enum(questionStates),
    decisions: z.array(
      z.object({
        person: z.string(),
        name: z.string(),
        at: z.coerce.date(),
        answer: z.enum(answers),
        shown: z.string(),
        counts_for: z.array(z.number()),
      }),
    ),
  })
  .transform(
    ({ asked, asked_at: askedAt, expires_at: expiresAt, read_at: readAt, decisions, ...rest }): TeamQuestion => ({
      ...rest,
      ...asked,
      askedAt,
      expiresAt,
      readAt,
      decisions: decisions.map(({ person, counts_for: countsFor, ...decision }) => ({
        ...decision,
        id: person,
        countsFor,
      })),
    }),
  );

/** `clock_timestamp()` and not `now()`, which stands still while a transaction waits for its turn. */
const select = `
  SELECT id, thing, asked, asked_at, expires_at, clock_timestamp() AS read_at,
    CASE WHEN state IN ('open', 'approved') AND expires_at <= clock_timestamp() THEN 'expired' ELSE state END AS state,
    COALESCE((
      SELECT json_agg(json_build_object('person', person, 'name', name, 'at', at, 'answer', answer, 'shown', shown,
        'counts_for', counts_for) ORDER BY at, person)
      FROM cloudcert.question_decision WHERE question = question.id
    ), '[]') AS decisions
  FROM cloudcert.question`;

/** The questions that all servers on one database share. A decision at any of them wakes the call that waits at another. */
export class PostgresQuestions implements Questions {
  readonly #database: Database;
  readonly #watched = new Map<string, Set<() => void>>();
  #stopListening: (() => void) | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  async ask(asked: NewQuestion) {
    const { lasts, thing, ...stays } = asked;
    const { asker, account, plans } = stays;
    const key = [asker.id, account, thing];
    return this.#database.transaction(async (queries) => {
      await queries.run("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [JSON.stringify(key)]);
      const same = await currentIn(queries, key);
      if (same !== undefined && saysTheSame(same.plans, plans)) return { question: same, joined: true };
      await queries.run(
        `UPDATE cloudcert.question SET state = CASE WHEN expires_at <= clock_timestamp() THEN 'expired' ELSE 'withdrawn' END
         WHERE asker = $1 AND account = $2 AND thing = $3 AND state IN ('open', 'approved')`,
        key,
      );
      if (same !== undefined) await tell(queries, same.id);
      await queries.run(
        "DELETE FROM cloudcert.question WHERE expires_at < clock_timestamp() - make_interval(secs => $1)",
        [rememberedFor / 1_000],
      );
      const id = randomBytes(16).toString("base64url");
      await queries.run(
        `INSERT INTO cloudcert.question (id, asker, account, thing, plan_id, asked, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, clock_timestamp() + make_interval(secs => $7))`,
        [id, ...key, plans.en.id, JSON.stringify(stays), lasts / 1_000],
      );
      const [question] = await queries.rows(row, `${select} WHERE id = $1`, [id]);
      if (question === undefined) throw new Error("a question that was just asked is not there");
      return { question, joined: false };
    });
  }

  current(asker: string, account: string, thing: string) {
    return currentIn(this.#database, [asker, account, thing]);
  }

  async find(id: string) {
    const [question] = await this.#database.rows(row, `${select} WHERE id = $1`, [id]);
    return question;
  }

  async byPlan(planId: string, asker: string, account: string) {
    const [question] = await this.#database.rows(
      row,
      `${select} WHERE plan_id = $1 AND asker = $2 AND account = $3 ORDER BY asked_at DESC LIMIT 1`,
      [planId, asker, account],
    );
    return question;
  }

  recent() {
    return this.#database.rows(
      row,
      `${select} WHERE expires_at >= clock_timestamp() - make_interval(secs => $1) ORDER BY asked_at DESC LIMIT ${LISTED}`,
      [rememberedFor / 1_000],
    );
  }

  decide(id: string, { id: person, name, answer, shown, countsFor }: Omit<TeamDecision, "at">): Promise<NotCounted> {
    return this.#database.transaction(async (queries) => {
      // Whoever answers at the same time waits here, and then sees this answer.
      await queries.run("SELECT 1 FROM cloudcert.question WHERE id = $1 FOR UPDATE", [id]);
      const [question] = await queries.rows(row, `${select} WHERE id = $1`, [id]);
      if (question?.state !== "open") return "over";
      const added = await queries.run(
        `INSERT INTO cloudcert.question_decision (question, person, name, answer, shown, counts_for)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
        [id, person, name, answer, shown, countsFor],
      );
      if (added === 0) return "answered before";
      const state = stateAfter(question.requirements, [...question.decisions, { answer, countsFor }]);
      await queries.run("UPDATE cloudcert.question SET state = $2 WHERE id = $1", [id, state]);
      await tell(queries, id);
      return undefined;
    });
  }

  async claim(id: string): Promise<Claimed> {
    const changed = await this.#database.run(
      `UPDATE cloudcert.question SET state = 'used'
       WHERE id = $1 AND state = 'approved' AND expires_at > clock_timestamp()`,
      [id],
    );
    if (changed === 1) return "yours";
    return (await this.find(id))?.state === "used" ? "used" : "over";
  }

  async withdraw(id: string): Promise<void> {
    await this.#database.transaction(async (queries) => {
      const changed = await queries.run(
        `UPDATE cloudcert.question SET state = 'withdrawn'
         WHERE id = $1 AND state IN ('open', 'approved') AND expires_at > clock_timestamp()`,
        [id],
      );
      if (changed > 0) await tell(queries, id);
    });
  }

  watch(id: string, changed: () => void): () => void {
    this.#stopListening ??= this.#database.listen(CHANNEL, (told) => {
      // Without an id, a notification may have been missed.
      for (const [watched, all] of this.#watched) {
        if (told === undefined || told === watched) for (const each of all) each();
      }
    });
    const all = this.#watched.get(id) ?? new Set();
    this.#watched.set(id, all.add(changed));
    return () => {
      all.delete(changed);
      if (all.size === 0) this.#watched.delete(id);
    };
  }
}

async function currentIn(queries: Queries, key: readonly string[]): Promise<TeamQuestion | undefined> {
  const [question] = await queries.rows(
    row,
    `${select} WHERE asker = $1 AND account = $2 AND thing = $3 AND state IN ('open', 'approved')
     AND expires_at > clock_timestamp()`,
    key,
  );
  return question;
}

/** Heard by all servers once the transaction has ended well. */
async function tell(queries: Queries, id: string): Promise<void> {
  await queries.run("SELECT pg_notify($1, $2)", [CHANNEL, id]);
}
