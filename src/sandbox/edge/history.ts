import type { SandboxClock } from "../clock.js";
import type { KeyPair } from "../delivery.js";
import { propagationStep, propagationTime } from "../tencent-ssl/timing.js";

interface Entry {
  readonly pairs: readonly KeyPair[];
  readonly at: Date;
}

/** Bounds the memory of a domain that changes repeatedly before anything propagates. */
const mostEntries = 100;

const nothing: readonly KeyPair[] = [];

/** What a domain was configured to serve over time, as far back as an address may still serve it. */
export class History {
  #entries: readonly Entry[] = [];

  /** Records `pairs`, configured at `at`, which must not precede an earlier entry. Unchanged pairs are skipped. */
  record(pairs: readonly KeyPair[], at: Date, clock: SandboxClock): void {
    if (areSame(pairs, this.#entries.at(-1)?.pairs ?? nothing)) return;
    const arrived = this.#entries.findLastIndex((entry) => clock.since(entry.at) >= propagationTime);
    this.#entries = [...this.#entries.slice(Math.max(arrived, 0)), { pairs, at }].slice(-mostEntries);
  }

  /** What the address with this index, from 0, serves now. */
  servedAt(place: number, clock: SandboxClock): readonly KeyPair[] {
    const delay = (place + 1) * propagationStep;
    return this.#entries.findLast(({ at }) => clock.since(at) >= delay)?.pairs ?? nothing;
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
