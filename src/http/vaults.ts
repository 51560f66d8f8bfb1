import type { DatabaseVault } from "../database/vault.js";
import { messageOf } from "../lib/failure.js";
import { type SharedEntries, Vault } from "../secrets/vault/vault.js";

interface VaultsOptions {
  readonly now: () => Date;
  /** Masks secrets in all that leaves this server; returns a function that is called when they are no longer held. */
  readonly maskSecrets: (secrets: readonly string[]) => () => void;
  /** Where the servers of a team keep them together; absent if this server keeps them alone. */
  readonly shared: DatabaseVault | undefined;
  readonly log: (line: string) => void;
}

interface VaultEntry {
  readonly vault: Vault;
  /** Workspaces of the person that use it: one for each set of groups that the person came with. */
  users: number;
}

/** How far back new entries are looked for, in milliseconds: transactions become visible out of order. */
const OVERLAP = 15_000;

/**
 * The vaults, one for each person and account. If servers share them, each server holds all of them, so that it masks
 * in its replies and logs what any server holds.
 */
export class Vaults {
  readonly #options: VaultsOptions;
  readonly #vaults = new Map<string, VaultEntry>();
  /** When what is shared ends, by reference. */
  readonly #ends = new Map<string, { readonly vault: Vault; readonly at: Date }>();
  readonly #unwatch: () => void;
  #newest: Date | undefined;
  #reading: Promise<void> | undefined;

  constructor(options: VaultsOptions) {
    this.#options = options;
    const { shared, log } = options;
    const changed = () =>
      void this.#read().catch((error: unknown) => log(`shared vaults cannot be read: ${messageOf(error)}`));
    this.#unwatch = shared?.watch(changed) ?? (() => {});
  }

  /** The vault of a person, for as long as it is not given back. */
  take(account: string, person: string): Vault {
    const kept = this.#of(account, person);
    kept.users += 1;
    return kept.vault;
  }

  giveBack(account: string, person: string): void {
    const key = keyOf(account, person);
    const kept = this.#vaults.get(key);
    if (kept === undefined) return;
    kept.users -= 1;
    if (kept.users > 0 || this.#options.shared !== undefined) return;
    kept.vault.clear();
    this.#vaults.delete(key);
  }

  /** Drops entries that have expired; to be called regularly. */
  tidy(): void {
    const now = this.#options.now();
    for (const [reference, { vault, at }] of this.#ends) {
      if (at > now) continue;
      vault.drop(reference);
      this.#ends.delete(reference);
    }
    for (const [key, { vault, users }] of this.#vaults) {
      if (users === 0 && vault.list().length === 0) this.#vaults.delete(key);
    }
  }

  close(): void {
    this.#unwatch();
    for (const { vault } of this.#vaults.values()) vault.clear();
    this.#vaults.clear();
  }

  #of(account: string, person: string): VaultEntry {
    const key = keyOf(account, person);
    const { now, maskSecrets } = this.#options;
    const kept = this.#vaults.get(key) ?? {
      vault: new Vault({ now, maskSecrets: maskSecrets, shared: this.#sharedOf(account, person) }),
      users: 0,
    };
    this.#vaults.set(key, kept);
    return kept;
  }

  #sharedOf(account: string, person: string): SharedEntries | undefined {
    const { shared, log } = this.#options;
    if (shared === undefined) return undefined;
    return {
      keep: (reference, entry) =>
        shared.keep(reference, { account, person }, entry).catch((error: unknown) => {
          log(`an entry of a vault is held by this server alone: ${messageOf(error)}`);
        }),
      refresh: () => this.#read(),
    };
  }

  /** Reads the entries that are new since the last time; one reading at a time. */
  async #read(): Promise<void> {
    await this.#reading?.catch(() => {});
    this.#reading ??= this.#readNew().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readNew(): Promise<void> {
    const { shared } = this.#options;
    const since = this.#newest && new Date(this.#newest.getTime() - OVERLAP);
    for (const { reference, owner, entry, keptAt, expiresAt } of (await shared?.keptSince(since)) ?? []) {
      const { vault } = this.#of(owner.account, owner.person);
      vault.adopt(reference, entry, keptAt);
      this.#ends.set(reference, { vault, at: expiresAt });
      this.#newest = keptAt;
    }
  }
}

const keyOf = (account: string, person: string) => JSON.stringify([account, person]);
