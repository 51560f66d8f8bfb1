import { randomBytes } from "node:crypto";
import type { Content } from "../../catalogue/params.js";
import { keepNewest } from "../../lib/keep-newest.js";
import { type ArchiveParts, archivePartsOf, openArchive } from "./archive.js";
import { keyFacts, type VaultCertificateFacts, type VaultKeyFacts, vaultCertificateFacts } from "./key-facts.js";
import { UnfitArchive } from "./unzip.js";

/** A secret from a cloud's reply, and its origin. */
export interface NewEntry {
  readonly content: Content;
  /** As the cloud sent it: PEM, a password, or an archive in base64. */
  readonly text: string;
  /** The operation whose reply held it, and the member's name. */
  readonly operation: string;
  readonly member: string;
  /** The id of the certificate or CSR that it belongs to, if known. */
  readonly owner?: string | undefined;
}

export interface VaultEntry extends NewEntry {
  readonly reference: string;
  readonly keptAt: Date;
  /** Set if it is or holds a private key that can be read here. */
  readonly key?: VaultKeyFacts | undefined;
  /** Set if it is or holds a certificate. */
  readonly certificate?: VaultCertificateFacts | undefined;
  /** Of an archive. Empty if it could not be opened. */
  readonly parts?: ArchiveParts | undefined;
  /** Why an archive could not be opened. */
  readonly unopened?: string | undefined;
  /** Called when the entry is no longer held. */
  readonly release: () => void;
}

/** What may be shown of an entry: not the secret, and not the size of a password, which would help to guess it. */
export interface VaultListing
  extends Pick<VaultEntry, "reference" | "content" | "owner" | "key" | "certificate" | "unopened"> {
  readonly from: string;
  readonly keptAt: string;
  readonly bytes?: number | undefined;
  /** References of an archive's parts. */
  readonly parts?: readonly string[] | undefined;
}

/** Where else the entries of a vault are kept, for the other servers of a team. */
export interface SharedEntries {
  /** Keeps an entry there, too; resolves once it is there. */
  keep(reference: string, entry: NewEntry): Promise<void>;
  /** Has those put into the vault that another server keeps there. */
  refresh(): Promise<void>;
}

interface VaultLimits {
  readonly entries: number;
  readonly characters: number;
}

/** An archive usually has 80 KB; masking it takes several times its size as well. */
export const usualLimits: VaultLimits = { entries: 64, characters: 4 * 1024 * 1024 };

const MAX_EVICTED_REFERENCES = 1_000;

interface VaultOptions {
  readonly limits?: VaultLimits;
  readonly now?: () => Date;
  /** Called with secrets to mask; returns a function that is called when they are no longer held. */
  readonly maskSecrets?: (secrets: readonly string[]) => () => void;
  /** Absent for a vault in this process's memory alone. */
  readonly shared?: SharedEntries | undefined;
}

/**
 * Secrets from a cloud's replies, held only in this process's memory. The oldest are dropped to make room: each can
 * be read from the cloud again. A key that exists nowhere else does not belong here; it would have to be refused if
 * there is no room.
 */
export class Vault {
  readonly #entries = new Map<string, VaultEntry>();
  readonly #limits: VaultLimits;
  readonly #now: () => Date;
  readonly #maskSecrets: (secrets: readonly string[]) => () => void;
  readonly #evicted = new Map<string, true>();
  readonly #shared: SharedEntries | undefined;
  /** Entries on their way to where they are shared. */
  readonly #sharing = new Set<Promise<void> | undefined>();
  #evictedCount = 0;

  constructor({
    limits = usualLimits,
    now = () => new Date(),
    maskSecrets = () => () => {},
    shared,
  }: VaultOptions = {}) {
    this.#limits = limits;
    this.#now = now;
    this.#maskSecrets = maskSecrets;
    this.#shared = shared;
  }

  get evictedCount(): number {
    return this.#evictedCount;
  }

  /**
   * Stores a secret and returns its reference. The same secret from the same source keeps its reference: reading a
   * certificate repeatedly must not push the others out.
   */
  keep(entry: NewEntry): string {
    const known = [...this.#entries.values()].find((each) => isSame(each, entry));
    const reference = known?.reference ?? `vault:${randomBytes(16).toString("base64url")}`;
    this.#entries.delete(reference);
    this.#entries.set(reference, { ...(known ?? this.#register(entry)), reference, keptAt: this.#now() });
    this.#makeRoom();
    const sharing = this.#shared?.keep(reference, entry).finally(() => this.#sharing.delete(sharing));
    if (sharing !== undefined) this.#sharing.add(sharing);
    return reference;
  }

  /** Resolves once all entries are where they are shared; never rejects. */
  async saved(): Promise<void> {
    await Promise.allSettled(this.#sharing);
  }

  /** Like {@link find}, but also for an entry that another server has just kept. */
  async fetch(reference: string): Promise<VaultEntry | undefined> {
    const known = this.find(reference);
    if (known !== undefined || this.#shared === undefined) return known;
    await this.#shared.refresh();
    return this.find(reference);
  }

  /** Resolves once what other servers keep has been put into it. */
  async refresh(): Promise<void> {
    await this.#shared?.refresh();
  }

  /** Puts in what another server keeps. */
  adopt(reference: string, entry: NewEntry, keptAt: Date): void {
    if (this.#entries.has(reference)) return;
    this.#entries.set(reference, { ...this.#register(entry), reference, keptAt });
    this.#makeRoom();
  }

  drop(reference: string): void {
    const entry = this.#entries.get(reference);
    if (entry === undefined) return;
    this.#entries.delete(reference);
    entry.release();
  }

  /** The entry that a reference means; the reference may name a part. */
  find(reference: string): VaultEntry | undefined {
    return this.#entries.get(referenceIn(reference));
  }

  wasEvicted(reference: string): boolean {
    return this.#evicted.has(referenceIn(reference));
  }

  list(): readonly VaultListing[] {
    return [...this.#entries.values()].map(toListing);
  }

  clear(): void {
    for (const { release } of this.#entries.values()) release();
    this.#entries.clear();
    this.#evicted.clear();
  }

  /** Passwords are not registered: the redactor does not search for them. */
  #register(entry: NewEntry) {
    const examined = withFacts(entry);
    const secrets = [entry.text, examined.parts?.key].filter((text) => text !== undefined);
    return { ...examined, release: this.#maskSecrets(entry.content === "password" ? [] : secrets) };
  }

  #makeRoom(): void {
    for (const [oldest, { release }] of this.#entries) {
      const characters = [...this.#entries.values()].reduce((sum, entry) => sum + weightOf(entry), 0);
      const fits = this.#entries.size <= this.#limits.entries && characters <= this.#limits.characters;
      if (fits || this.#entries.size === 1) return;
      this.#entries.delete(oldest);
      release();
      this.#evictedCount += 1;
      keepNewest(this.#evicted, oldest, true, MAX_EVICTED_REFERENCES);
    }
  }
}

/** Without the part and the password that may follow it. */
function referenceIn(text: string): string {
  return text.trim().split(/[#;]/)[0] ?? "";
}

/** Size of an entry in characters: an archive is held both packed and in parts. */
function weightOf({ text, parts = {} }: VaultEntry): number {
  return Object.values(parts).reduce((sum, part) => sum + part.length, text.length);
}

function isSame(a: NewEntry, b: NewEntry): boolean {
  return a.text === b.text && a.operation === b.operation && a.member === b.member && a.owner === b.owner;
}

function withFacts(entry: NewEntry): NewEntry & Pick<VaultEntry, "key" | "certificate" | "parts" | "unopened"> {
  switch (entry.content) {
    case "private key":
      return { ...entry, key: keyFacts(entry.text) };
    case "certificate":
      return { ...entry, certificate: vaultCertificateFacts(entry.text) };
    case "archive":
      return { ...entry, ...archiveFacts(entry.text) };
    default:
      return entry;
  }
}

function archiveFacts(base64: string): Pick<VaultEntry, "key" | "certificate" | "parts" | "unopened"> {
  try {
    const parts = openArchive(base64);
    const key = parts.key === undefined ? undefined : keyFacts(parts.key);
    const certificate = parts.leaf === undefined ? undefined : vaultCertificateFacts(parts.leaf);
    return { parts, key, certificate };
  } catch (error) {
    if (error instanceof UnfitArchive) return { parts: {}, unopened: error.message };
    throw error;
  }
}

function toListing(entry: VaultEntry): VaultListing {
  const { reference, content, operation, member, owner, keptAt, key, certificate, parts, unopened } = entry;
  return {
    reference,
    content,
    from: `${operation}, ${member}`,
    owner,
    keptAt: keptAt.toISOString(),
    bytes: sizeOf(entry),
    key,
    certificate,
    parts: parts && archivePartsOf(entry).map((name) => `${reference}#${name}`),
    unopened,
  };
}

function sizeOf({ content, text }: NewEntry): number | undefined {
  if (content === "password") return undefined;
  return content === "archive" ? Buffer.byteLength(text, "base64") : Buffer.byteLength(text);
}
