import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { Database } from "../../src/database/database.js";
import { PostgresQuestions } from "../../src/database/questions.js";
import { RowSigner } from "../../src/database/signing.js";
import { openStores, tryStores } from "../../src/http/team-stores.js";
import { newQuestion } from "../approval/team/support.js";
import { bareEnvironment, cli } from "../support/assistant.js";
import { until } from "../support/company.js";
import { freePort } from "../support/ports.js";
import { postgresBin, postgresPassword, usePostgres } from "../support/postgres.js";
import { startTeamServer } from "../support/team-server.js";
import { wide } from "../support/width.js";

const [old, next] = [randomBytes(32), randomBytes(32)].map((key) => key.toString("base64"));
const state = ["--sandbox", "--database", "env:DATABASE", "--state-key", "env:STATE_KEY"];
const documented = readFileSync("docs/team-operations.md", "utf8");
const envOf = (url: string, key = old ?? "") => ({ DATABASE: url, STATE_KEY: key });

describe.skipIf(postgresBin === undefined)("a server that starts on a database", () => {
  const postgres = usePostgres();
  const open: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0)) await close();
  });

  async function started(env: ReturnType<typeof envOf>) {
    const server = await startTeamServer(state, { env });
    open.push(() => server.end());
    return server;
  }

  /** What it says as it ends. */
  async function refused(env: Record<string, string>) {
    const own = { ...bareEnvironment, ...env, XDG_STATE_HOME: mkdtempSync(join(tmpdir(), "cloudcert-team-")) };
    const args = [cli, "serve", "--http", `127.0.0.1:${await freePort()}`, ...state];
    return promisify(execFile)(process.execPath, args, { env: own }).catch((error: unknown) => error);
  }

  /** Until `release`, as if another server were bringing the tables up to date. */
  async function migrating(url: string) {
    const other = new Database({ url, log: () => {} });
    open.push(() => other.close());
    await other.ready();
    await other.run("DELETE FROM cloudcert.migration WHERE number = (SELECT max(number) FROM cloudcert.migration)");
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    await new Promise<void>((resolve) => {
      const held = other.transaction(async ({ run }) => {
        await run("SELECT pg_advisory_xact_lock(7164223657225712244)");
        resolve();
        await released;
      });
      open.unshift(async () => {
        release();
        await held;
      });
    });
  }

  it("that another server works on is waited for no longer than until it is told to end", wide, async () => {
    const url = await postgres().freshUrl();
    await migrating(url);
    const own = { ...bareEnvironment, ...envOf(url), XDG_STATE_HOME: mkdtempSync(join(tmpdir(), "cloudcert-team-")) };
    const args = [cli, "serve", "--http", `127.0.0.1:${await freePort()}`, ...state, "--drain-time", "0.001"];
    const child = spawn(process.execPath, args, { env: own, stdio: "ignore" });
    const ended = once(child, "exit");
    await until(async () => {
      const sql = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
      return (
        (
          await postgres().query(
            `${sql} AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
            url,
          )
        ).length > 0
      );
    });
    child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  });

  it("that another server works on for long is started without, and is not ready", async () => {
    const url = await postgres().freshUrl();
    await migrating(url);
    const database = new Database({ url, log: () => {} });
    open.unshift(() => database.close());
    const lines: string[] = [];
    const stores = openStores(database, { stateKeys: [randomBytes(32)] }, "sandbox", () => new Date());
    await tryStores(stores, (line) => void lines.push(line), new AbortController().signal, { pause: async () => {} });
    expect(lines).toContain("started without the database: its tables are being brought up to date");
  });

  it("with newer tables ends, and says why", async () => {
    const url = await postgres().freshUrl();
    await (await started(envOf(url))).end();
    await postgres().query("INSERT INTO cloudcert.migration (number, name) VALUES (999, 'future')", url);
    expect(await refused(envOf(url))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--database: .*another version of this program.*step 999(?!.*Server listening)/),
    });
  });

  it("whose address names a file that is not there ends, and says which", wide, async () => {
    const url = `${await postgres().freshUrl()}?sslmode=verify-full&sslrootcert=/nowhere/ca.pem`;
    expect(await refused(envOf(url))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        "--database: The file in sslrootcert of the database's address cannot be read (ENOENT)",
      ),
    });
  });

  it("that refuses it ends, and says why", async () => {
    const url = (await postgres().freshUrl()).replace(postgresPassword, "wrong");
    expect(await refused(envOf(url))).toMatchObject({ code: 2, stderr: expect.stringContaining("(28P01)") });
  });

  it("without TLS although its address demands it ends, and logs nothing but JSON before", wide, async () => {
    const failed = await refused(envOf(`${await postgres().freshUrl()}?sslmode=require`));
    const { code, stderr } = z.object({ code: z.number(), stderr: z.string() }).parse(failed);
    const lines = stderr.trimEnd().split("\n");
    expect([code, lines.pop()]).toEqual([2, expect.stringContaining("The database offers no TLS")]);
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(expect.objectContaining({ warning: "Warning" }));
  });

  it("logs no warnings of Node.js where it was told not to", wide, async () => {
    const url = `${await postgres().freshUrl()}?sslmode=require`;
    const failed = await refused({ ...envOf(url), NODE_NO_WARNINGS: "1" });
    expect(failed).toMatchObject({ stderr: expect.not.stringContaining('"warning"') });
  });

  it("that is away waits for it, and its log says why it is not ready", async () => {
    const url = new URL(await postgres().freshUrl());
    url.port = String(await freePort());
    const server = await started(envOf(url.href));
    const reply = await fetch(`${server.origin}/readyz`);
    expect([reply.status, await reply.json()]).toEqual([503, { status: "not ready", missing: ["database"] }]);
    expect(await server.logged("not ready")).toContain("The database cannot be reached (ECONNREFUSED).");
    const back = createServer((socket) => {
      const there = connect(postgres().port, "127.0.0.1");
      socket.pipe(there).pipe(socket);
      for (const each of [socket, there]) each.on("error", () => {});
    }).listen(Number(url.port), "127.0.0.1");
    open.push(async () => back.close());
    await until(async () => (await fetch(`${server.origin}/readyz`)).status === 200);
  });

  it("takes a new password of the database from where it is written, without a restart", async () => {
    const url = new URL(await postgres().freshUrl());
    const role = `rotated_${randomBytes(4).toString("hex")}`;
    const file = join(mkdtempSync(join(tmpdir(), "cloudcert-url-")), "url");
    const write = (password: string) => {
      Object.assign(url, { username: role, password });
      writeFileSync(file, url.href);
    };
    await postgres().query(`CREATE ROLE ${role} LOGIN SUPERUSER PASSWORD 'first-password'`);
    write("first-password");
    const server = await startTeamServer(["--sandbox", "--database", `file:${file}`, "--state-key", "env:STATE_KEY"], {
      env: envOf(""),
    });
    open.push(() => server.end());
    await postgres().query(`ALTER ROLE ${role} PASSWORD 'second-password'`);
    await postgres().query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${role}'`);
    expect((await fetch(`${server.origin}/readyz`)).status).toBe(503);
    write("second-password");
    await until(async () => (await fetch(`${server.origin}/readyz`)).status === 200);
  });

  /** As a server with this key would ask. */
  async function asked(url: string, key = "") {
    const database = new Database({ url, log: () => {} });
    try {
      await new PostgresQuestions(database, new RowSigner([Buffer.from(key, "base64")], "questions")).ask(
        newQuestion(),
      );
    } finally {
      await database.close();
    }
  }

  it("does not start without a state key that others signed with, and is not ready once they do", async () => {
    const url = await postgres().freshUrl();
    const server = await started(envOf(url));
    const rotated = await started(envOf(url, `${next}\n${old}`));
    const ready = async () => {
      const replies = await Promise.all([server, rotated].map(({ origin }) => fetch(`${origin}/readyz`)));
      return replies.map(({ status }) => status);
    };
    // Nothing was signed.
    expect(await ready()).toEqual([200, 200]);
    const [signing = "none"] = new RowSigner([Buffer.from(next ?? "", "base64")], "questions").keyIds;
    expect(await rotated.logged("state keys")).toContain(`the first signs: ${signing}, `);
    await asked(url, next);
    expect(await refused(envOf(url))).toMatchObject({ code: 2, stderr: expect.stringContaining("--state-key: ") });
    await until(async () => String(await ready()) === "503,200");
    expect(await server.logged("not ready")).toContain(`a state key that it does not have (${signing})`);
    const [, sql = ""] = /```sql\n(DELETE .*)\n```/.exec(documented) ?? [];
    await postgres().query(sql.replaceAll("'ID'", `'${signing}'`), url);
    await until(async () => String(await ready()) === "200,200");
  });

  it("takes a new state key alone after what the old one signed was deleted as the documents say", wide, async () => {
    const url = await postgres().freshUrl();
    await (await started(envOf(url))).end();
    await asked(url, old);
    expect(await refused(envOf(url, next))).toMatchObject({ code: 2 });
    const [, sql = ""] = /```sql\n(TRUNCATE .*)\n```/.exec(documented) ?? [];
    await postgres().query(sql, url);
    const server = await started(envOf(url, next));
    expect((await fetch(`${server.origin}/readyz`)).status).toBe(200);
  });

  it("deletes the keys that have expired, also if it cannot delete questions", wide, async () => {
    const url = await postgres().freshUrl();
    const database = new Database({ url, log: () => {} });
    open.push(() => database.close());
    const { tidy } = openStores(database, { stateKeys: [randomBytes(32)] }, "sandbox", () => new Date());
    await tidy();
    await postgres().query(
      `INSERT INTO cloudcert.vault_entry (reference, realm, account, person, expires_at, key, nonce, sealed)
       VALUES ('r', 'sandbox', 'a', 'p', now() - interval '1 second', 'k', 'n', 's')`,
      url,
    );
    await postgres().query("ALTER TABLE cloudcert.question RENAME TO away", url);
    await expect(tidy()).rejects.toThrow("(42P01)");
    expect(await postgres().query("SELECT * FROM cloudcert.vault_entry", url)).toEqual([]);
  });

  it("deletes what has expired: keys, logins and questions", async () => {
    const url = await postgres().freshUrl();
    await (await started(envOf(url))).end();
    for (const sql of [
      `INSERT INTO cloudcert.vault_entry (reference, realm, account, person, expires_at, key, nonce, sealed)
       VALUES ('r', 'sandbox', 'a', 'p', now() - interval '1 second', 'k', 'n', 's')`,
      "INSERT INTO cloudcert.page_record VALUES ('d', 'r', now() - interval '1 second')",
      `INSERT INTO cloudcert.question (id, asker, account, thing, plan_id, asked, expires_at, mac, key)
       VALUES ('q', 'a', 'a', 't', 'p', '{}', now() - interval '61 minutes', 'm', 'k')`,
    ])
      await postgres().query(sql, url);
    await started(envOf(url));
    for (const table of ["vault_entry", "page_record", "question"])
      expect(await postgres().query(`SELECT * FROM cloudcert.${table}`, url)).toEqual([]);
  });
});
