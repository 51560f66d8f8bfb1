import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Database } from "../../src/database/database.js";
import { migrate } from "../../src/database/migrate.js";
import { migrations } from "../../src/database/migrations.js";
import { postgresBin, postgresPassword, startPostgres, usePostgres } from "../support/postgres.js";
import { ofRows, rows, wide } from "../support/width.js";
import { proxyTo } from "./postgres-proxy.js";

const one = z.object({ one: z.number() });
const steps = z.object({ number: z.number() });

const columnsIn = (database: Database) =>
  database.rows(
    z.object({ table_name: z.string(), column_name: z.string(), data_type: z.string() }),
    "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'cloudcert' ORDER BY 1, 2",
  );

describe.skipIf(postgresBin === undefined)("the database", () => {
  const postgres = usePostgres();

  async function withDatabases(count: number, work: (...all: Database[]) => Promise<void>, url?: string) {
    const shared = url ?? (await postgres().freshUrl());
    const all = Array.from({ length: count }, () => new Database({ url: shared, log: () => {} }));
    try {
      await work(...all);
    } finally {
      await Promise.all(all.map((each) => each.close()));
    }
  }

  it("is brought up to date once by many servers that start at the same time", () =>
    withDatabases(8, async (...all) => {
      await Promise.all(all.map((each) => each.ready()));
      const applied = await all[0]?.rows(steps, "SELECT number FROM cloudcert.migration ORDER BY number");
      expect(applied?.map(({ number }) => number)).toEqual(migrations.map(({ number }) => number));
    }));

  it("is not ready while it takes no writes", async () => {
    const url = await postgres().freshUrl();
    await withDatabases(1, async (database) => expect(await database?.checkWritable()).toBeUndefined(), url);
    await postgres().query(`ALTER DATABASE ${new URL(url).pathname.slice(1)} SET default_transaction_read_only = on`);
    await withDatabases(
      1,
      async (database) => expect(database?.checkWritable()).rejects.toThrow("read-only (25006)"),
      url,
    );
  });

  it("has steps with numbers of their own, in order", () => {
    const numbers = migrations.map(({ number }) => number);
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
  });

  it.each(
    rows(
      migrations.map((_, index) => index),
      2,
    ),
  )("is brought up from step %i as from nothing", ofRows, (before) =>
    withDatabases(2, async (older, newer) => {
      await older.ready();
      const fresh = await columnsIn(older);
      await older.run("DROP SCHEMA cloudcert CASCADE");
      await older.transaction((queries) => migrate(queries, () => {}, migrations.slice(0, before)));
      expect(await columnsIn(older)).not.toEqual(fresh);
      await newer.ready();
      expect(await columnsIn(newer)).toEqual(fresh);
    }),
  );

  it("is not waited for while its tables are up to date, whoever works on them", () =>
    withDatabases(2, async (other, database) => {
      await other.transaction(async ({ run }) => {
        await run("SELECT pg_advisory_xact_lock(7164223657225712244)");
        await database.ready();
      });
    }));

  it("of another version is left alone", () =>
    withDatabases(2, async (newer, older) => {
      await newer.ready();
      await newer.run("INSERT INTO cloudcert.migration (number, name) VALUES (999, 'future')");
      await expect(older.ready()).rejects.toThrow("used by another version of this program (its tables have step 999)");
      await expect(older.rows(one, "SELECT 1 AS one")).rejects.toThrow("another version");
    }));

  it("does all of a transaction or nothing", () =>
    withDatabases(1, async (database) => {
      const failing = database.transaction(async ({ run }) => {
        await run("INSERT INTO cloudcert.audit_head VALUES ('x', 1, 'y')");
        throw new Error("changed its mind");
      });
      await expect(failing).rejects.toThrow("changed its mind");
      expect(await database.rows(z.unknown(), "SELECT * FROM cloudcert.audit_head")).toEqual([]);
    }));

  it("tells what another server notifies, and at first that something may have been missed", () =>
    withDatabases(2, async (listening, telling) => {
      const heard: (string | undefined)[] = [];
      const waiting: (() => void)[] = [];
      const next = () => new Promise<void>((resolve) => waiting.push(resolve));
      const first = next();
      listening.listen("question", (payload) => {
        heard.push(payload);
        waiting.shift()?.();
      });
      await first;
      const second = next();
      await telling.run("SELECT pg_notify('question', 'q-1')");
      await second;
      expect(heard).toEqual([undefined, "q-1"]);
    }));

  it("whose address names a file that is not there says so to each that waits, and is used once it is", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "database-")), "ca.pem");
    const url = `${await postgres().freshUrl()}?sslmode=disable&sslrootcert=${encodeURIComponent(file)}`;
    const database = new Database({ url, log: () => {} });
    try {
      // More than have room in the pool at once.
      const failures = await Promise.allSettled(
        Array.from({ length: 30 }, () => database.rows(one, "SELECT 1 AS one")),
      );
      for (const each of failures)
        expect(each).toMatchObject({
          reason: {
            message: "The file in sslrootcert of the database's address cannot be read (ENOENT).",
            isLasting: true,
          },
        });
      writeFileSync(file, "");
      expect(await database.rows(one, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    } finally {
      await database.close();
    }
  });

  it("says nothing of the address when it refuses", () =>
    withDatabases(
      1,
      async (database) => {
        const failure = await database.ready().catch((error: unknown) => error);
        expect(String(failure)).toContain("The database refuses this server (28P01).");
        expect(String(failure)).not.toContain("wrong-pw");
      },
      `postgres://postgres:wrong-pw@127.0.0.1:${postgres().port}/postgres`,
    ));
});

describe.skipIf(postgresBin === undefined)("a database that goes", () => {
  it("is used again when it is back, and what was missed meanwhile is read", wide, async () => {
    const postgres = await startPostgres();
    const database = new Database({ url: await postgres.freshUrl(), log: () => {} });
    try {
      const heard: (string | undefined)[] = [];
      let wake = () => {};
      const next = () => new Promise<void>((resolve) => (wake = resolve));
      const first = next();
      database.listen("question", (payload) => {
        heard.push(payload);
        wake();
      });
      await database.ready();
      await first;
      await postgres.stop("immediate");
      const failure = await database.rows(one, "SELECT 1 AS one").catch((error: unknown) => error);
      expect(String(failure)).toMatch(
        /^Error: The (database cannot be reached|connection to the database was lost).*\.$/,
      );
      expect(String(failure)).not.toContain(postgresPassword);
      const again = next();
      await postgres.start();
      expect(await database.rows(one, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
      await again;
      // A busy computer may lose the connection once more.
      expect(heard.every((payload) => payload === undefined)).toBe(true);
    } finally {
      await database.close();
      await postgres.end();
    }
  });
});

describe.skipIf(postgresBin === undefined)("a connection that goes dead without an end", () => {
  const postgres = usePostgres();

  it("costs no more than a statement may take, also when the tables are looked at first", wide, async () => {
    const url = await postgres().freshUrl();
    const database = new Database({ url, log: () => {}, statementMs: 1_000 });
    const other = new Database({ url, log: () => {} });
    try {
      await other.transaction(async ({ run }) => {
        await run("LOCK TABLE cloudcert.migration");
        await expect(database.ready()).rejects.toThrow("The database statement timed out or was cancelled (57014).");
      });
      await database.ready();
    } finally {
      await Promise.all([database.close(), other.close()]);
    }
  });

  it("keeps nobody waiting for its end", async () => {
    const proxy = await proxyTo(postgres().port);
    proxy.behaviour = "stopped at the end";
    const database = new Database({ url: proxy.address(await postgres().freshUrl()), log: () => {} });
    try {
      expect(await database.rows(one, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    } finally {
      await database.close();
      await proxy.close();
    }
  });

  it("is given up, and what was notified meanwhile is read", wide, async () => {
    const url = await postgres().freshUrl();
    const proxy = await proxyTo(postgres().port);
    const options = { log: () => {}, statementMs: 1_000, connectMs: 3_000, heartbeatMs: 100 };
    const database = new Database({ url: proxy.address(url), ...options });
    const other = new Database({ url, log: () => {} });
    try {
      let wake = () => {};
      const next = () => new Promise<void>((resolve) => (wake = resolve));
      const first = next();
      const heard: (string | undefined)[] = [];
      database.listen("question", (payload) => {
        heard.push(payload);
        wake();
      });
      await first;
      proxy.behaviour = "silent";
      await other.run("SELECT pg_notify('question', 'missed')");
      await expect(database.rows(one, "SELECT 1 AS one")).rejects.toThrow(/in time|cannot be reached/);
      const again = next();
      proxy.behaviour = "passes";
      await again;
      // A busy computer may lose the connection once more.
      expect(heard.every((payload) => payload === undefined)).toBe(true);
      expect(await database.rows(one, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    } finally {
      await Promise.all([database.close(), other.close()]);
      await proxy.close();
    }
  });
});
