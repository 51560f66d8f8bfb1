import { keepNewest } from "../lib/keep-newest.js";
import type { TlsCheck, TlsReport } from "./tls-check.js";

/** Domains whose newest look is kept; a job has at most a hundred targets. */
const KEPT = 200;

/** Keeps the newest look at each domain, so that what was just looked at need not be looked at again. */
export class RecentLooks implements TlsCheck {
  readonly #check: TlsCheck;
  /** By domain in lower case, the newest last. */
  readonly #looks = new Map<string, TlsReport>();

  constructor(check: TlsCheck) {
    this.#check = check;
  }

  get roots(): readonly string[] {
    return this.#check.roots;
  }

  async inspect(domain: string, options: Parameters<TlsCheck["inspect"]>[1]): Promise<TlsReport> {
    const look = await this.#check.inspect(domain, options);
    if (options.address === undefined) keepNewest(this.#looks, domain.toLowerCase(), look, KEPT);
    return look;
  }

  recent(domain: string, notBefore: number, notAfter: number): TlsReport | undefined {
    const look = this.#looks.get(domain.toLowerCase());
    const began = Date.parse(look?.at ?? "");
    return began >= notBefore && began <= notAfter ? look : undefined;
  }
}
