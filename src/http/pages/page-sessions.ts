import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import { type Person, scopes } from "../../identity/person.js";
import { parseJson } from "../../lib/json.js";

/** How long these last, in milliseconds. */
export const pageTimes = {
  /** From the start of a login to its end. */
  login: 10 * 60_000,
  /** From one login to the next: a person whom the provider no longer knows is out after this. */
  session: 60 * 60_000,
  /** After logging in anew for what cannot be undone. */
  loggedInAgain: 5 * 60_000,
} as const;

/** Short-lived records, each under the digest of a cookie: a copy of them lets nobody in. Times are the store's. */
export interface PageRecords {
  keep(digest: string, record: string, lasts: number): Promise<void>;
  find(digest: string): Promise<string | undefined>;
  remove(digest: string): Promise<void>;
  /** Whether nobody claimed it within its time; from now on somebody has. */
  claim(digest: string, lasts: number): Promise<boolean>;
}

const personSchema = z
  .object({ id: z.string(), name: z.string(), groups: z.array(z.string()), scopes: z.array(z.enum(scopes)) })
  .transform((person): Person => ({ ...person, scopes: new Set(person.scopes) }));

const sessionSchema = z.object({
  kind: z.literal("session"),
  person: personSchema,
  /** Signs the forms of this session. */
  formKey: z.string(),
  /** Tells the provider whom to log out. */
  idToken: z.string(),
});

/** Somebody who has logged in. */
export interface PageSession extends Readonly<z.output<typeof sessionSchema>> {
  readonly digest: string;
}

/** The sessions of whoever has logged in, for all servers that share the records. */
export class PageSessions {
  readonly #records: PageRecords;

  constructor(records: PageRecords) {
    this.#records = records;
  }

  /** @returns the cookie of a new session, never one that the browser already had */
  async open(person: Person, idToken: string, again: boolean): Promise<string> {
    const [cookie, formKey] = [randomBytes(32).toString("base64url"), randomBytes(32).toString("base64url")];
    const session = { kind: "session", person: { ...person, scopes: [...person.scopes] }, idToken, formKey };
    const digest = recordDigest(cookie);
    await this.#records.keep(digest, JSON.stringify(session), pageTimes.session);
    if (again) await this.#records.keep(againDigest(digest), "again", pageTimes.loggedInAgain);
    return cookie;
  }

  async find(cookie: string | undefined): Promise<PageSession | undefined> {
    if (cookie === undefined) return undefined;
    const digest = recordDigest(cookie);
    const parsed = sessionSchema.safeParse(parseJson((await this.#records.find(digest)) ?? ""));
    return parsed.success ? { ...parsed.data, digest } : undefined;
  }

  async hasLoggedInAgain({ digest }: PageSession): Promise<boolean> {
    return (await this.#records.find(againDigest(digest))) !== undefined;
  }

  /** Ends it at all servers at once. */
  async end(cookie: string | undefined): Promise<void> {
    if (cookie === undefined) return;
    const digest = recordDigest(cookie);
    await this.#records.remove(digest);
    await this.#records.remove(againDigest(digest));
  }
}

/** The records of one server. */
export class MemoryPageRecords implements PageRecords {
  readonly #now: () => Date;
  readonly #records = new Map<string, { readonly record: string; readonly until: number }>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  async keep(digest: string, record: string, lasts: number): Promise<void> {
    const now = this.#now().getTime();
    for (const [old, { until }] of this.#records) if (until <= now) this.#records.delete(old);
    this.#records.set(digest, { record, until: now + lasts });
  }

  async find(digest: string): Promise<string | undefined> {
    return this.#find(digest);
  }

  async remove(digest: string): Promise<void> {
    this.#records.delete(digest);
  }

  async claim(digest: string, lasts: number): Promise<boolean> {
    // No await in between: of two attempts, the second finds the first.
    if (this.#find(digest) !== undefined) return false;
    await this.keep(digest, "claimed", lasts);
    return true;
  }

  #find(digest: string): string | undefined {
    const kept = this.#records.get(digest);
    return kept === undefined || kept.until <= this.#now().getTime() ? undefined : kept.record;
  }
}

export const recordDigest = (text: string) => createHash("sha256").update(text).digest("base64url");
const againDigest = (digest: string) => recordDigest(`again ${digest}`);
