import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { appendFileSync, chmodSync, chownSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { beforeAll } from "vitest";
import { freePort } from "./ports.js";

/**
 * A PostgreSQL of Debian's package for a test: its own data folder and port on loopback, run by the user `postgres` if
 * the test runs as root, and stopped with the test, even if that is killed.
 *
 * - `usePostgres()` at the top of a `describe` or a file: from `beforeAll` on, a server shared by all files of the run
 *   (test/support/database-server.ts); `await postgres().freshUrl()` is the address of an empty database of its own, for one test or several.
 * - `startPostgres(settings)` is a server that a test stops, kills, starts again or fills: `stop("fast")`,
 *   `stop("immediate")` (as after a crash), `start()`, `query(url, sql)`, and `end()` at last. `settings` are lines of
 *   postgresql.conf.
 * - `postgresBin` is undefined where there is none: then `describe.skipIf(postgresBin === undefined)`.
 */
export interface Postgres extends SharedPostgres {
  /** "fast" ends the connections; "immediate" is like a crash. */
  stop(how?: "fast" | "immediate"): Promise<void>;
  start(): Promise<void>;
  /** Stops it and removes what it had. */
  end(): Promise<void>;
}

/** What tests have of a server that others use at the same time. */
export interface SharedPostgres {
  readonly port: number;
  /** The address of a new, empty database. */
  freshUrl(): Promise<string>;
  /** One statement as the superuser, on the database at this address or on `postgres`. */
  query(sql: string, url?: string): Promise<readonly Record<string, unknown>[]>;
}

/** Where the programs of the newest installed version are. */
export const postgresBin = newestBin();

function newestBin(): string | undefined {
  const versions = namesIn("/usr/lib/postgresql").sort((one, other) => Number(other) - Number(one));
  return versions.length === 0 ? undefined : join("/usr/lib/postgresql", versions[0] ?? "", "bin");
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Of the superuser in the tests' servers, so that tests of secrets have one to look for. */
export const postgresPassword = "pw-Zx81kQ27vLm3";

/** The variable with the address that starts the run's server, unless it runs, and answers with its port. */
export const sharedServer = "TEST_DATABASE_SERVER";

export function usePostgres(): () => SharedPostgres {
  let running: SharedPostgres | undefined;
  beforeAll(async () => {
    // Where there is none, the tests that need it are skipped.
    if (postgresBin === undefined) return;
    const answer = await fetch(process.env[sharedServer] ?? "");
    if (!answer.ok) throw new Error(await answer.text());
    running = postgresAt(Number(await answer.text()));
  });
  return () => {
    if (running === undefined) throw new Error("the server runs from beforeAll on");
    return running;
  };
}

function postgresAt(port: number): SharedPostgres {
  const urlOf = (database: string) => `postgres://postgres:${postgresPassword}@127.0.0.1:${port}/${database}`;
  const query = async (sql: string, url = urlOf("postgres")) => {
    const client = new pg.Client(url);
    client.on("error", () => {});
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  return {
    port,
    freshUrl: async () => {
      const name = `test_${randomUUID().replaceAll("-", "")}`;
      await query(`CREATE DATABASE ${name}`);
      return urlOf(name);
    },
    query,
  };
}

export async function startPostgres(settings: readonly string[] = []): Promise<Postgres> {
  if (postgresBin === undefined) throw new Error("there is no PostgreSQL below /usr/lib/postgresql");
  const bin = postgresBin;
  const folder = mkdtempSync(join(tmpdir(), "pg-"));
  if (isRoot) giveTo(folder);
  const data = join(folder, "data");
  const password = join(folder, "password");
  writeFileSync(password, postgresPassword);
  if (isRoot) giveTo(password);
  await asPostgres(join(bin, "initdb"), [
    "-D",
    data,
    "-N",
    "-U",
    "postgres",
    "-A",
    "scram-sha-256",
    "--pwfile",
    password,
  ]);
  const port = await freePort();
  const configuration = [
    "listen_addresses = '127.0.0.1'",
    `port = ${port}`,
    "unix_socket_directories = ''",
    "max_connections = 500",
    // The machine does not crash in a test.
    "fsync = off",
    "log_destination = 'stderr'",
    ...settings,
  ];
  appendFileSync(join(data, "postgresql.conf"), `${configuration.join("\n")}\n`);
  let running: ChildProcess | undefined;
  const reached = postgresAt(port);
  const server: Postgres = {
    ...reached,
    start: async () => {
      // The shell stops the server when its stdin closes, so that it never outlives the test.
      const script = `"$0" -D "$1" >>"$2" 2>&1 & server=$!; read -r how; kill -"\${how:-QUIT}" $server; wait $server`;
      const [program, args] = ofPostgres("/bin/sh", ["-c", script, join(bin, "postgres"), data, join(folder, "log")]);
      running = spawn(program, args, { stdio: ["pipe", "ignore", "inherit"] });
      for (;;) {
        if (running.exitCode !== null) throw new Error(`PostgreSQL did not start: see ${folder}/log`);
        if (await reached.query("SELECT 1").then(Boolean, () => false)) return;
      }
    },
    stop: async (how = "fast") => {
      if (running === undefined) return;
      const ended = once(running, "exit");
      running.stdin?.end(how === "fast" ? "INT\n" : "QUIT\n");
      await ended;
      running = undefined;
    },
    end: async () => {
      await server.stop("immediate");
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

const isRoot = userInfo().uid === 0;

/** A command as PostgreSQL takes it: from anybody but root. */
function ofPostgres(program: string, args: readonly string[]): [string, string[]] {
  return isRoot ? ["runuser", ["-u", "postgres", "--", program, ...args]] : [program, [...args]];
}

/** While it works, connections of other tests in this process are answered. */
async function asPostgres(program: string, args: readonly string[]): Promise<void> {
  const [first, rest] = ofPostgres(program, args);
  await promisify(execFile)(first, rest, { cwd: "/" });
}

function giveTo(path: string): void {
  const id = (kind: string) => Number(execFileSync("id", [kind, "postgres"], { encoding: "utf8" }));
  chownSync(path, id("-u"), id("-g"));
  chmodSync(path, 0o700);
}
