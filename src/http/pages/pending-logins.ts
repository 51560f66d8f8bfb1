import { z } from "zod";
import type { Sealer } from "../../database/sealing.js";
import { type PageRecords, pageTimes, recordDigest } from "./page-sessions.js";

const loginSchema = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  /** Own path to go to afterwards. */
  to: z.string(),
  /** Whether the person logs in although they are logged in. */
  again: z.boolean(),
});
export type PendingLogin = Readonly<z.output<typeof loginSchema>>;

const sealedLogin = loginSchema.extend({ until: z.number() });

/** What the sealed text is for: one that was sealed for another use does not open here. */
const PLACE = "begun login";

/**
 * Logins that have begun but not ended. Browsers keep them, sealed, so that nobody can fill a server's memory by
 * beginning logins. Only the server can read and make them, and only the browser that began a login can end it (RFC
 * 9700, section 4.7.1).
 */
export class PendingLogins {
  readonly #sealer: Sealer;
  readonly #records: PageRecords;
  readonly #now: () => Date;

  /** @param sealer the same at all servers that share the records */
  constructor(sealer: Sealer, records: PageRecords, now: () => Date) {
    this.#sealer = sealer;
    this.#records = records;
    this.#now = now;
  }

  /** @returns the cookie by which the login is found again */
  seal(login: PendingLogin): string {
    const until = this.#now().getTime() + pageTimes.login;
    return this.#sealer.sealText(JSON.stringify({ ...login, until }), PLACE);
  }

  /** The login that a cookie holds, unless it is not ours or too old. */
  open(cookie: string | undefined): PendingLogin | undefined {
    const opened = this.#sealer.openText(cookie ?? "", PLACE);
    if (opened === undefined) return undefined;
    const { until, ...login } = sealedLogin.parse(JSON.parse(opened));
    return this.#now().getTime() < until ? login : undefined;
  }

  /**
   * Whether this successful login is the first with its state (RFC 9700, section 4.2.4). Only successful logins are
   * recorded: before that a state is worthless, because the provider's code for it works only once (RFC 6749, section
   * 4.1.2).
   */
  async isFirst({ state }: PendingLogin): Promise<boolean> {
    return this.#records.claim(recordDigest(`used ${state}`), pageTimes.login);
  }
}
