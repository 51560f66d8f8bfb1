import type { HttpTransport } from "../mcp/http-transport.js";

/** Most sessions, of all owners and of one. */
const maxSessions = { ofAll: 5_000, ofOne: 50 };

/** How long a session lasts without use, in milliseconds. */
const IDLE = 30 * 60_000;

/** An MCP session: what a client said of itself at its start, and its open stream of notifications. */
interface Session {
  readonly id: string;
  /** Its owner: nobody else can use it, even with its id. */
  readonly owner: string;
  readonly transport: HttpTransport;
  /** Requests that it serves now. */
  users: number;
  usedAt: number;
}

/** The MCP sessions of this server, in memory. */
export class Sessions {
  readonly #elapsed: () => number;
  /** The one that was used last is last. */
  readonly #open = new Map<string, Session>();

  /** @param elapsed milliseconds on a monotonic clock */
  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Keeps a session; ends idle ones if there are too many. */
  add(id: string, owner: string, transport: HttpTransport): Session {
    const session = { id, owner, transport, users: 0, usedAt: this.#elapsed() };
    this.closeIdle();
    const own = [...this.#open.values()].filter((each) => each.owner === owner);
    if (own.length >= maxSessions.ofOne) this.#endOldest(own);
    if (this.#open.size >= maxSessions.ofAll) this.#endOldest([...this.#open.values()]);
    this.#open.set(id, session);
    const { onclose } = transport;
    transport.onclose = () => {
      onclose?.();
      this.#open.delete(id);
    };
    return session;
  }

  /** Undefined also for somebody else's session, so that its existence is not revealed. */
  find(id: string, owner: string): Session | undefined {
    const session = this.#open.get(id);
    if (session === undefined || session.owner !== owner) return undefined;
    this.#open.delete(id);
    this.#open.set(id, session);
    return session;
  }

  /** Does some work in a session, which lasts until the work is done. */
  async within<Result>(session: Session, work: () => Promise<Result>): Promise<Result> {
    session.users += 1;
    try {
      return await work();
    } finally {
      session.users -= 1;
      session.usedAt = this.#elapsed();
    }
  }

  closeIdle(): void {
    for (const session of this.#open.values()) {
      if (session.users === 0 && this.#elapsed() - session.usedAt >= IDLE) this.#end(session);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map(({ transport }) => transport.close()));
  }

  #endOldest(among: readonly Session[]): void {
    const oldest = among.find(({ users }) => users === 0) ?? among[0];
    if (oldest !== undefined) this.#end(oldest);
  }

  #end({ id, transport }: Session): void {
    this.#open.delete(id);
    void transport.close();
  }
}
