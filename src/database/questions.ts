import { randomBytes } from "node:crypto";
import { EventEmitter } from "node:events";
import { z } from "zod";
import { repeatWarningPeriod } from "../approval/deadlines.js";
import { type NewQuestion, stateAfter, type TeamDecision, type TeamQuestion } from "../approval/team/question.js";
import {
  AlteredQuestion,
  type ClaimResult,
  endedQuestionRetention,
  joinOrReplace,
  MissingStateKey,
  type NotCounted,
  type Questions,
} from "../approval/team/questions.js";
import type { Database } from "./database.js";
import { nowIn, type Queries } from "./queries.js";
import { answerValues, isPast, questionIn, questionRow, valuesOf } from "./question-rows.js";
import type { RowSigner } from "./signing.js";

const CHANNEL = "cloudcert_questions";

/** How many ended questions a list has, at most. */
const MAX_ENDED = 200;

/** `clock_timestamp()` and not `now()`, which stands still while a transaction waits for its turn. */
const select = `
  SELECT id, asker, account, thing, plan_id, asked, asked_at, expires_at, used_at, state, mac, key,
    date_trunc('milliseconds', clock_timestamp()) AS read_at,
    COALESCE((
      SELECT json_agg(json_build_object('person', person, 'name', name, 'at', at, 'answer', answer, 'shown', shown,
        'counts_for', counts_for, 'mac', mac, 'key', key) ORDER BY at, person)
      FROM cloudcert.question_decision WHERE question = question.id
    ), '[]') AS decisions
  FROM cloudcert.question`;

/** Whether a question can still be found. */
const isKept = "(expires_at >= clock_timestamp() - make_interval(secs => $1))";

/** The questions that all servers on one database share. A decision at any of them wakes the call that waits at another. */
export class PostgresQuestions implements Questions {
  readonly #database: Database;
  readonly #signer: RowSigner;
  /** By id. */
  readonly #watchers = new EventEmitter().setMaxListeners(0);
  #stopListening: (() => void) | undefined;

  constructor(database: Database, signer: RowSigner) {
    this.#database = database;
    this.#signer = signer;
  }

  async ask(asked: NewQuestion) {
    const { lifetimeMs, thing, ...stays } = asked;
    const { asker, account, plans } = stays;
    return this.#database.transaction(async (queries) => {
      await this.checkKeys(queries);
      await queries.run("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [JSON.stringify([account, thing])]);
      const related = await this.#about(queries, account, thing);
      const { joined, outdated } = joinOrReplace(asked, related);
      if (joined !== undefined) return joined;
      await queries.run(
        `UPDATE cloudcert.question SET state = CASE WHEN expires_at <= clock_timestamp() THEN 'expired' ELSE 'withdrawn' END
         WHERE asker = $1 AND account = $2 AND thing = $3 AND state IN ('open', 'approved')`,
        [asker.id, account, thing],
      );
      if (outdated !== undefined) await notifyChange(queries, outdated.id);
      const id = randomBytes(16).toString("base64url");
      const askedAt = await nowIn(queries);
      const signed = {
        id,
        asker: asker.id,
        account,
        thing,
        plan_id: plans.en.id,
        asked: JSON.stringify(stays),
        asked_at: askedAt,
        expires_at: new Date(askedAt.getTime() + lifetimeMs),
      };
      const { mac, key } = this.#signer.sign(valuesOf(signed));
      await queries.run(
        `INSERT INTO cloudcert.question (id, asker, account, thing, plan_id, asked, asked_at, expires_at, mac, key)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        [...Object.values(signed), mac, key],
      );
      const [question] = await this.#read(queries, "WHERE id = $1", [id]);
      if (question === undefined) throw new Error("a question that was just asked is not there");
      return question;
    });
  }

  about(account: string, thing: string) {
    return this.#about(this.#database, account, thing);
  }

  async find(id: string) {
    const [question] = await this.#read(this.#database, "WHERE id = $1", [id]);
    return question;
  }

  async byPlan(planId: string, asker: string, account: string) {
    const [question] = await this.#read(
      this.#database,
      "WHERE plan_id = $1 AND asker = $2 AND account = $3 ORDER BY asked_at DESC LIMIT 1",
      [planId, asker, account],
    );
    return question;
  }

  recent() {
    // However many have ended: one that waits is in the list.
    return this.#readable(
      this.#database,
      `WHERE (state IN ('open', 'approved') AND expires_at > clock_timestamp()) OR id IN (
         SELECT id FROM cloudcert.question WHERE ${isKept}
         ORDER BY asked_at DESC LIMIT ${MAX_ENDED})
       ORDER BY asked_at DESC`,
      [endedQuestionRetention / 1_000],
    );
  }

  decide(id: string, decision: Omit<TeamDecision, "at">): Promise<NotCounted> {
    return this.#database.transaction(async (queries) => {
      await this.checkKeys(queries);
      const question = await this.#locked(queries, id);
      if (question?.state !== "open") return "over";
      if (question.decisions.some((each) => each.id === decision.id)) return "answered before";
      const { id: person, name, answer, shown, countsFor } = decision;
      const at = await nowIn(queries);
      const { mac, key } = this.#signer.sign(answerValues(id, { ...decision, at }));
      await queries.run(
        `INSERT INTO cloudcert.question_decision (question, person, name, at, answer, shown, counts_for, mac, key)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [id, person, name, at, answer, shown, countsFor, mac, key],
      );
      const state = stateAfter(question.requirements, [...question.decisions, decision]);
      await queries.run("UPDATE cloudcert.question SET state = $2 WHERE id = $1", [id, state]);
      await notifyChange(queries, id);
      return undefined;
    });
  }

  claim(id: string): Promise<ClaimResult> {
    return this.#database.transaction(async (queries) => {
      const question = await this.#locked(queries, id);
      if (question?.state !== "approved") return question?.state === "used" ? "used" : "over";
      await queries.run("UPDATE cloudcert.question SET state = 'used', used_at = clock_timestamp() WHERE id = $1", [
        id,
      ]);
      return "yours";
    });
  }

  async withdraw(id: string): Promise<void> {
    await this.#database.transaction(async (queries) => {
      const changed = await queries.run(
        `UPDATE cloudcert.question SET state = 'withdrawn'
         WHERE id = $1 AND state IN ('open', 'approved') AND expires_at > clock_timestamp()`,
        [id],
      );
      if (changed > 0) await notifyChange(queries, id);
    });
  }

  /** Deletes what nobody can find any more; to be called regularly. */
  async tidy(): Promise<void> {
    await this.#database.run(`DELETE FROM cloudcert.question WHERE NOT ${isKept}`, [endedQuestionRetention / 1_000]);
  }

  /** @throws {MissingStateKey} if this server cannot verify what another signed: it must not ask anew what waits there */
  async checkKeys(queries: Queries = this.#database): Promise<void> {
    const used = await queries.rows(
      z.object({ key: z.string() }),
      `SELECT key FROM cloudcert.question WHERE ${isKept} UNION
       SELECT d.key FROM cloudcert.question_decision d JOIN cloudcert.question ON id = d.question WHERE ${isKept}`,
      [endedQuestionRetention / 1_000],
    );
    const { keyIds } = this.#signer;
    for (const { key } of used) if (!keyIds.includes(key)) throw new MissingStateKey(key);
  }

  watch(id: string, changed: () => void): () => void {
    this.#stopListening ??= this.#database.listen(CHANNEL, (id) => {
      // Without an id, a notification may have been missed.
      for (const changedId of id === undefined ? this.#watchers.eventNames() : [id]) this.#watchers.emit(changedId);
    });
    this.#watchers.on(id, changed);
    return () => void this.#watchers.off(id, changed);
  }

  /** Locks the question: others who act on it at the same time wait, and then see the result. */
  async #locked(queries: Queries, id: string): Promise<TeamQuestion | undefined> {
    await queries.run("SELECT 1 FROM cloudcert.question WHERE id = $1 FOR UPDATE", [id]);
    const [question] = await this.#read(queries, "WHERE id = $1", [id]);
    return question;
  }

  #about(queries: Queries, account: string, thing: string): Promise<readonly TeamQuestion[]> {
    return this.#readable(
      queries,
      `WHERE account = $1 AND thing = $2 AND (
         (state IN ('open', 'approved') AND expires_at > clock_timestamp())
         OR (state = 'used' AND used_at > clock_timestamp() - make_interval(secs => $3)))
       ORDER BY asked_at DESC`,
      [account, thing, repeatWarningPeriod / 1_000],
    );
  }

  /**
   * @throws {AlteredQuestion} if one of them does not verify
   * @throws {MissingStateKey}
   */
  async #read(queries: Queries, where: string, values: readonly unknown[]): Promise<readonly TeamQuestion[]> {
    return (await this.#rows(queries, where, values)).map((row) => questionIn(row, this.#signer));
  }

  /**
   * Without those that do not verify: they are nobody's questions.
   * @throws {MissingStateKey} if they may be somebody's, signed with a key that this server lacks
   */
  async #readable(queries: Queries, where: string, values: readonly unknown[]): Promise<readonly TeamQuestion[]> {
    return (await this.#rows(queries, where, values)).flatMap((row) => {
      try {
        return questionIn(row, this.#signer);
      } catch (error) {
        if (error instanceof AlteredQuestion) return [];
        throw error;
      }
    });
  }

  async #rows(queries: Queries, where: string, values: readonly unknown[]) {
    const rows = await queries.rows(questionRow, `${select} ${where}`, values);
    const past = rows.filter(isPast).map(({ id }) => id);
    // Written down, so that it stays over if the clock is set back.
    if (past.length > 0)
      await queries.run(
        "UPDATE cloudcert.question SET state = 'expired' WHERE id = ANY ($1) AND state IN ('open', 'approved')",
        [past],
      );
    return rows;
  }
}

/** Notifies all servers once the transaction is committed. */
async function notifyChange(queries: Queries, id: string): Promise<void> {
  await queries.run("SELECT pg_notify($1, $2)", [CHANNEL, id]);
}
