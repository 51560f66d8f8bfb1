import type { Account } from "../account.js";
import { covers } from "../certificate.js";
import type { KeyPair } from "../delivery.js";
import { advance } from "../tencent-ssl/advance.js";
import { deployedIn } from "./deployed.js";
import { History } from "./history.js";

/**
 * Which certificates each address of the edge serves for each domain: what the account told the domain, as far as it has
 * come. No timers run, so the account must be looked at before and after whatever may change it.
 */
export class Propagation {
  readonly #account: Account;
  readonly #histories = new Map<string, History>();
  /** So that all that the account holds at the start was told when it says. */
  #lookedAt = new Date(0);

  constructor(account: Account) {
    this.#account = account;
    this.look();
  }

  /** Takes note of what was changed since the last look, one-click updates that came due meanwhile among it. */
  look(): void {
    const { clock } = this.#account;
    advance(this.#account);
    const now = clock.now();
    for (const [name, { pairs, changedAt }] of deployedIn(this.#account)) {
      const history = this.#histories.get(name) ?? new History();
      this.#histories.set(name, history);
      // Whatever is new came after the last look; a time before that belongs to something else.
      history.record(pairs, changedAt > this.#lookedAt ? changedAt : now, clock);
    }
    this.#lookedAt = now;
  }

  /** What the address in this place, counted from 0, serves under `name`; nothing where nobody has it. */
  served(name: string, place: number): readonly KeyPair[] {
    this.look();
    const history = this.#histories.get(name) ?? this.#wildcardFor(name);
    return history?.servedAt(place, this.#account.clock) ?? [];
  }

  domains(): string[] {
    this.look();
    return [...this.#histories.keys()];
  }

  #wildcardFor(name: string): History | undefined {
    return [...this.#histories].find(([pattern]) => covers([pattern], name))?.[1];
  }
}
