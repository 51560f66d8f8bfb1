import { Socket } from "node:net";
import pg from "pg";
import { z } from "zod";
import { asDatabaseError, DatabaseError, readOnlyError, unusableAddress } from "./errors.js";
import { NotificationListener } from "./listener.js";
import { isUpToDate, migrate } from "./migrate.js";
import type { Queries } from "./queries.js";

interface DatabaseOptions {
  /** `postgres://…`, a secret; asked for each connection, as its password may be changed. */
  readonly url: string | (() => string);
  readonly log: (line: string) => void;
  readonly statementMs?: number;
  /** How long a connection may take to come about or to become free, in milliseconds. */
  readonly connectMs?: number;
  /** How often the connection that listens is tried, in milliseconds. */
  readonly heartbeatMs?: number;
}

/** Connections at most, besides the one that listens. */
const MAX_CONNECTIONS = 10;
const STATEMENT_MS = 10_000;
const CONNECT_MS = 5_000;
/** How long a connection stays open without use, in milliseconds. */
const IDLE_MS = 30_000;
/** How long bringing the tables up to date may take, with the wait for another server that does it, in milliseconds. */
const MIGRATION_MS = 5 * 60_000;

/**
 * PostgreSQL, for everything that several servers remember together. The first use connects and brings the tables up to
 * date; if that fails, the next use tries again, so no restart is needed once the database is back. Statements are
 * never retried here: only the caller knows whether one may be repeated.
 */
export class Database implements Queries {
  readonly #pool: pg.Pool;
  readonly #listener: NotificationListener;
  readonly #migrate: () => Promise<void>;
  #migrating: pg.Client | undefined;
  #migrated: Promise<void> | undefined;
  #closed: Promise<unknown> | undefined;

  constructor({ url, log, statementMs = STATEMENT_MS, connectMs = CONNECT_MS, heartbeatMs }: DatabaseOptions) {
    const connection = {
      application_name: "cloudcert-mcp",
      keepAlive: true,
      connectionTimeoutMillis: connectMs,
      statement_timeout: statementMs,
      // Later than the server's own limit, for a server or network that has gone.
      query_timeout: statementMs + 2_000,
      idle_in_transaction_session_timeout: statementMs + 2_000,
    };
    class Client extends pg.Client {
      constructor(options?: pg.ClientConfig) {
        super(connectable({ ...options, connectionString: typeof url === "string" ? url : url() }));
      }
    }
    this.#pool = new pg.Pool({ ...connection, Client, max: MAX_CONNECTIONS, idleTimeoutMillis: IDLE_MS });
    // An idle connection that breaks is harmless, but without this listener its error would end the process.
    this.#pool.on("error", () => {});
    this.#pool.on("connect", (client) => client.on("error", () => {}));
    const migrationConnection = { ...connection, statement_timeout: MIGRATION_MS, query_timeout: MIGRATION_MS };
    this.#migrate = async () => {
      if (await this.#withClient((client) => isUpToDate(queriesOn(client)))) return;
      const client = new Client(migrationConnection);
      client.on("error", () => {});
      this.#migrating = client;
      try {
        await client.connect();
        await inTransaction(client, (queries) => migrate(queries, log));
      } catch (error) {
        throw asDatabaseError(error);
      } finally {
        this.#migrating = undefined;
        // Not waited for: a server that is silent never ends its side.
        void client.end();
      }
    };
    this.#listener = new NotificationListener(() => new Client(connection), log, heartbeatMs);
  }

  /** Connects and brings the tables up to date, unless that was done. */
  ready(): Promise<void> {
    this.#migrated ??= this.#migrate().catch((error) => {
      this.#migrated = undefined;
      throw error;
    });
    return this.#migrated;
  }

  async rows<Row>(
    row: z.ZodType<Row, z.ZodTypeDef, unknown>,
    text: string,
    values: readonly unknown[] = [],
  ): Promise<Row[]> {
    await this.ready();
    return this.#withClient((client) => queriesOn(client).rows(row, text, values));
  }

  /** @throws {DatabaseError} if it cannot be reached, or takes no writes now, such as a standby */
  async checkWritable(): Promise<void> {
    const [state] = await this.rows(
      z.object({ readOnly: z.string(), standby: z.boolean() }),
      `SELECT current_setting('transaction_read_only') AS "readOnly", pg_is_in_recovery() AS standby`,
    );
    if (state?.standby !== false || state.readOnly !== "off") throw readOnlyError();
  }

  async run(text: string, values: readonly unknown[] = []): Promise<number> {
    await this.ready();
    return this.#withClient((client) => queriesOn(client).run(text, values));
  }

  /** Runs `work` in a transaction. If the connection is lost at the end, it is unknown whether it took effect. */
  async transaction<Value>(work: (queries: Queries) => Promise<Value>): Promise<Value> {
    await this.ready();
    return this.#withClient((client) => inTransaction(client, work));
  }

  /**
   * Listens for `NOTIFY channel, 'payload'` from any server. `heard` gets the payload, or undefined when a notification
   * may have been missed (at the start and after each reconnect), and must then read what it waits for. It must not
   * throw.
   * @returns a function that ends it
   */
  listen(channel: string, handler: (payload: string | undefined) => void): () => void {
    return this.#listener.listen(channel, handler);
  }

  async close(): Promise<void> {
    // What waits for another server that works on the tables is not waited for.
    void this.#migrating?.end();
    this.#closed ??= Promise.all([this.#listener.close(), this.#pool.end()]);
    await this.#closed;
  }

  async #withClient<Value>(work: (client: pg.PoolClient) => Promise<Value>): Promise<Value> {
    const client = await this.#pool.connect().catch(throwDatabaseError);
    let broken = false;
    try {
      return await work(client);
    } catch (error) {
      const known = asDatabaseError(error);
      broken = isLost(known);
      throw known;
    } finally {
      client.release(broken);
    }
  }
}

/**
 * As it is, or one whose connection fails: pg reads the files that an address names as it makes a client, and the pool
 * makes clients where nobody can catch what that throws.
 */
function connectable(config: pg.ClientConfig & { readonly connectionString: string }): pg.ClientConfig {
  const { connectionString, ...rest } = config;
  try {
    new pg.Client(config);
    return config;
  } catch (error) {
    const socket = new Socket();
    socket.connect = () => socket.destroy(unusableAddress(connectionString, error));
    return { ...rest, stream: () => socket };
  }
}

async function inTransaction<Value>(client: pg.ClientBase, work: (queries: Queries) => Promise<Value>): Promise<Value> {
  await client.query("BEGIN");
  try {
    const value = await work(queriesOn(client));
    await client.query("COMMIT");
    return value;
  } catch (error) {
    const known = asDatabaseError(error);
    if (!isLost(known)) await client.query("ROLLBACK");
    throw known;
  }
}

const isLost = (error: unknown) => error instanceof DatabaseError && error.isConnectionLost;

function queriesOn(client: pg.ClientBase): Queries {
  return {
    rows: async (row, text, values = []) => {
      const { rows } = await client.query<Record<string, unknown>>(text, [...values]).catch(throwDatabaseError);
      return rows.map((each) => row.parse(each));
    },
    run: async (text, values = []) => (await client.query(text, [...values]).catch(throwDatabaseError)).rowCount ?? 0,
  };
}

function throwDatabaseError(error: unknown): never {
  throw asDatabaseError(error);
}
