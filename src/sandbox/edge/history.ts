import type { SandboxClock } from "../clock.js";
import type { KeyPair } from "../delivery.js";
import { edgeAddresses } from "../tencent-ssl/timing.js";

interface Entry {
  readonly pairs: readonly KeyPair[];
  readonly at: Date;
  /** What each address took for it, in turn, in milliseconds of sandbox time. */
  readonly step: number;
}

/** Bounds the memory of a domain that changes repeatedly before anything propagates. */
const mostEntries = 100;

const nothing: readonly KeyPair[] = [];

/** What a domain was configured to serve over time, as far back as an address may still serve it. */
export class History {
  #entries: readonly Entry[] = [];

  /** Records `pairs`, configured at `at`, which must not precede an earlier entry. Unchanged pairs are skipped. */
  record(pairs: readonly KeyPair[], at: Date, step: number, clock: SandboxClock): void {
    if (areSame(pairs, this.#entries.at(-1)?.pairs ?? nothing)) return;
    const arrived = this.#entries.findLastIndex((entry) => clock.since(entry.at) >= edgeAddresses * entry.step);
    this.#entries = [...this.#entries.slice(Math.max(arrived, 0)), { pairs, at, step }].slice(-mostEntries);
  }

  /** What the address with this index, from 0, serves now. */
  servedAt(place: number, clock: SandboxClock): readonly KeyPair[] {
    return this.#entries.findLast(({ at, step }) => clock.since(at) >= (place + 1) * step)?.pairs ?? nothing;
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
