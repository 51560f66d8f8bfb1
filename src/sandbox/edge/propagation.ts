import type { Account } from "../account.js";
import { covers } from "../certificate.js";
import type { SandboxClock } from "../clock.js";
import type { KeyPair } from "../delivery.js";
import { advance } from "../tencent-ssl/advance.js";
import { second } from "../tencent-ssl/timing.js";
import { configuredDomains } from "./configured-domains.js";

/**
 * The edge addresses apply a change one after another, one step each. docs/cloud-behaviour.md 4.1 says only that
 * deployment follows the reply; the rest is inferred.
 */
export const edgeAddresses = 3;
export const propagationStep = 20 * second;
export const propagationTime = edgeAddresses * propagationStep;

/**
 * What each edge address serves for each domain: the account's configuration, as far as it has propagated. There are
 * no timers; call `recordChanges` before and after anything that may change the account.
 */
export class Propagation {
  readonly #account: Account;
  readonly #step: () => number;
  readonly #histories = new Map<string, History>();
  /** The epoch, which keeps the change times of everything that the account holds at the start. */
  #recordedAt = new Date(0);

  /** @param step what an address takes for a change that is made now, in milliseconds of sandbox time */
  constructor(account: Account, step = () => propagationStep) {
    this.#account = account;
    this.#step = step;
    this.recordChanges();
  }

  /** Records what changed since the last call, including one-click updates that came due. */
  recordChanges(): void {
    const { clock } = this.#account;
    advance(this.#account);
    const now = clock.now();
    for (const [name, { pairs, changedAt }] of configuredDomains(this.#account)) {
      const history = this.#histories.get(name) ?? new History();
      this.#histories.set(name, history);
      // A new change must be later than the last call; an earlier time belongs to another change.
      history.record(pairs, changedAt > this.#recordedAt ? changedAt : now, this.#step(), clock);
    }
    this.#recordedAt = now;
  }

  /** What the address with this index, from 0, serves for `name`; empty for an unknown name. */
  served(name: string, index: number): readonly KeyPair[] {
    this.recordChanges();
    const history = this.#histories.get(name) ?? this.#wildcardFor(name);
    return history?.servedAt(index, this.#account.clock) ?? [];
  }

  domains(): string[] {
    this.recordChanges();
    return [...this.#histories.keys()];
  }

  #wildcardFor(name: string): History | undefined {
    return [...this.#histories].find(([pattern]) => covers([pattern], name))?.[1];
  }
}

interface Entry {
  readonly pairs: readonly KeyPair[];
  readonly at: Date;
  /** What each address took for it, in turn, in milliseconds of sandbox time. */
  readonly step: number;
}

/** Bounds the memory of a domain that changes repeatedly before anything propagates. */
const maxEntries = 100;

const nothing: readonly KeyPair[] = [];

/** What a domain was configured to serve over time, as far back as an address may still serve it. */
export class History {
  #entries: readonly Entry[] = [];

  /** Records `pairs`, configured at `at`, which must not precede an earlier entry. Unchanged pairs are skipped. */
  record(pairs: readonly KeyPair[], at: Date, step: number, clock: SandboxClock): void {
    if (areSame(pairs, this.#entries.at(-1)?.pairs ?? nothing)) return;
    const arrived = this.#entries.findLastIndex((entry) => clock.since(entry.at) >= edgeAddresses * entry.step);
    this.#entries = [...this.#entries.slice(Math.max(arrived, 0)), { pairs, at, step }].slice(-maxEntries);
  }

  /** What the address with this index, from 0, serves now. */
  servedAt(index: number, clock: SandboxClock): readonly KeyPair[] {
    return this.#entries.findLast(({ at, step }) => clock.since(at) >= (index + 1) * step)?.pairs ?? nothing;
  }
}

function areSame(some: readonly KeyPair[], others: readonly KeyPair[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ certificatePem, privateKeyPem }, index) => {
      const other = others[index];
      return certificatePem === other?.certificatePem && privateKeyPem === other.privateKeyPem;
    })
  );
}
