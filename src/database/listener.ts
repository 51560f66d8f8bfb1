import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { messageOf } from "../lib/failure.js";
import { asDatabaseError } from "./errors.js";

type NotificationHandler = (payload: string | undefined) => void;

const HEARTBEAT = 10_000;

/** How long a connection may take to close, in milliseconds. */
const CLOSE_TIMEOUT = 1_000;

/** How long to wait before connecting again, in milliseconds: at first, and at most. */
const RETRY = { first: 100, most: 5_000 };

/** One connection on which notifications arrive, made again whenever it breaks. */
export class NotificationListener {
  readonly #connect: () => pg.Client;
  readonly #log: (line: string) => void;
  readonly #heartbeat: number;
  readonly #handlers = new Map<string, Set<NotificationHandler>>();
  readonly #closed = new AbortController();
  #client: pg.Client | undefined;
  #lastQuery: Promise<unknown> = Promise.resolve();
  #running: Promise<void> | undefined;

  /** @param heartbeat how often the connection is tried, in milliseconds: a dead one looks like a quiet one */
  constructor(connect: () => pg.Client, log: (line: string) => void, heartbeat = HEARTBEAT) {
    this.#connect = connect;
    this.#log = log;
    this.#heartbeat = heartbeat;
  }

  listen(channel: string, handler: NotificationHandler): () => void {
    if (!/^[a-z_]{1,60}$/.test(channel)) throw new Error(`${channel} is no name of a channel`);
    const all = this.#handlers.get(channel) ?? new Set();
    all.add(handler);
    this.#handlers.set(channel, all);
    if (this.#running === undefined) this.#running = this.#run();
    // A connection being made will listen to all channels. If this one is broken, the next one will.
    else if (this.#client !== undefined)
      void this.#query(this.#client, listenTo(channel)).then(
        () => handler(undefined),
        () => {},
      );
    return () => all.delete(handler);
  }

  async close(): Promise<void> {
    this.#closed.abort();
    // A dead connection does not end by itself.
    await Promise.race([this.#client?.end().catch(() => {}), pause(CLOSE_TIMEOUT, undefined, { ref: false })]);
    if (this.#client === undefined) await this.#running;
  }

  /** Runs statements one after the other, as a connection allows only one at a time. */
  #query(client: pg.Client, statement: string): Promise<unknown> {
    const asked = this.#lastQuery.then(() => client.query(statement));
    this.#lastQuery = asked.catch(() => {});
    return asked;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closed;
    let wait = RETRY.first;
    while (!signal.aborted) {
      try {
        await this.#listenUntilBroken(() => {
          wait = RETRY.first;
        });
      } catch (error) {
        if (!signal.aborted && wait === RETRY.first)
          this.#log(`notifications of the database stopped, connecting again: ${messageOf(asDatabaseError(error))}`);
      }
      // Random, so that many servers do not come back at the same moment.
      await pause(wait * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {});
      wait = Math.min(wait * 2, RETRY.most);
    }
  }

  async #listenUntilBroken(connected: () => void): Promise<void> {
    const client = this.#connect();
    const broken = new AbortController();
    client.on("error", (error) => broken.abort(error));
    client.once("end", () => broken.abort(new Error("Connection terminated")));
    try {
      client.on("notification", ({ channel, payload = "" }) => {
        for (const heard of this.#handlers.get(channel) ?? []) heard(payload);
      });
      await client.connect();
      // Whoever closes ends the client that is there; one that has just been connected is not there yet.
      if (this.#closed.signal.aborted) return;
      this.#client = client;
      for (const channel of this.#handlers.keys()) await this.#query(client, listenTo(channel));
      connected();
      for (const all of this.#handlers.values()) for (const heard of all) heard(undefined);
      const { signal } = broken;
      for (;;) {
        // Rejects with what broke it.
        await pause(this.#heartbeat, undefined, { signal, ref: false }).catch(() => signal.throwIfAborted());
        await this.#query(client, "SELECT 1");
      }
    } finally {
      this.#client = undefined;
      // Not waited for: a server that is silent never ends its side.
      void client.end();
    }
  }
}

/** The names come from the program and are checked: LISTEN takes no parameters. */
const listenTo = (channel: string) => `LISTEN ${channel}`;
