import type { z } from "zod";
import { type ReplyOf, readReply } from "../catalogue/documented-reply.js";
import type { ReadOperation } from "../catalogue/operation.js";
import { describeCertificates } from "../catalogue/tencent-ssl/describe-certificates.js";
import { describeHostTeoInstanceList } from "../catalogue/tencent-ssl/describe-host-teo-instance-list.js";
import type { JsonObject } from "../lib/json.js";
import { unlessAborted } from "../lib/time-source.js";
import { ToolError } from "../lib/tool-error.js";

/** How long readings are kept, and how long requests wait for them; milliseconds. */
const ttlMs = 30_000;
const waitMs = 4_000;

/** The largest allowed pages (docs/cloud-behaviour.md 3.8). */
const certificatesPage = 1000;
const hostsPage = 200;

type Certificate = ReplyOf<typeof describeCertificates>["Certificates"][number];
export type CertificateRow = Certificate & { readonly CertificateId: string };

type Host = ReplyOf<typeof describeHostTeoInstanceList>["InstanceList"][number];
type HostRow = Host & { readonly Host: string };

/** The rows read, and whether the account holds more. */
interface Rows<Row> {
  readonly rows: readonly Row[];
  readonly more: boolean;
}

export interface AccountCacheOptions {
  /** Carries out a documented read. */
  read(operation: ReadOperation, params: JsonObject): Promise<JsonObject>;
  isOffered(operation: ReadOperation): boolean;
  readonly now: () => Date;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly report: (error: unknown) => void;
}

/**
 * What the Tencent Cloud account holds, for lists and completion: a few reads, cached for half a minute, since a client
 * may ask at every keystroke. What cannot be read is left out without an error.
 */
export class AccountCache {
  readonly #options: AccountCacheOptions;
  readonly #replies: TtlCache<JsonObject | undefined>;

  constructor(options: AccountCacheOptions) {
    this.#options = options;
    this.#replies = new TtlCache(ttlMs, options.now);
  }

  /** Certificates, newest first; in a large account only those that match `search`, if given. */
  async certificates(search = ""): Promise<Rows<CertificateRow>> {
    const first = await this.#certificatesWith("");
    return first.more && search !== "" ? this.#certificatesWith(search) : first;
  }

  /** EdgeOne hosts that the certificate covers; without one, all hosts of the account. */
  async hosts(certificateId?: string): Promise<Rows<HostRow>> {
    if (certificateId !== undefined) return this.#hostsOf(certificateId, "1");
    const { rows } = await this.#certificatesWith("");
    const any = rows.find(({ Deployable }) => Deployable === true)?.CertificateId;
    if (any === undefined) return { rows: [], more: false };
    // The read needs a certificate and returns either the hosts that it covers or the others.
    const parts = await Promise.all([this.#hostsOf(any, "1"), this.#hostsOf(any, "0")]);
    return { rows: parts.flatMap(({ rows: hosts }) => hosts), more: parts.some(({ more }) => more) };
  }

  /** Call after a change: the cached rows may be out of date. */
  forget(): void {
    this.#replies.forget();
  }

  async #certificatesWith(search: string): Promise<Rows<CertificateRow>> {
    const params = { Limit: certificatesPage, ...(search !== "" && { SearchKey: search }) };
    const reply = await this.#read(describeCertificates, params);
    const rows = (reply?.Certificates ?? []).flatMap(({ CertificateId, ...row }) =>
      typeof CertificateId === "string" ? [{ ...row, CertificateId }] : [],
    );
    return { rows, more: (reply?.TotalCount ?? 0) > rows.length };
  }

  async #hostsOf(id: string, covered: "0" | "1"): Promise<Rows<HostRow>> {
    const Filters = [{ FilterKey: "domainMatch", FilterValue: covered }];
    const params = { CertificateId: id, Filters, Limit: hostsPage };
    const reply = await this.#read(describeHostTeoInstanceList, params);
    const rows = (reply?.InstanceList ?? []).flatMap(({ Host, ...row }) =>
      typeof Host === "string" ? [{ ...row, Host }] : [],
    );
    return { rows, more: (reply?.TotalCount ?? 0) > rows.length };
  }

  /** The reply; undefined if it cannot be read, or takes too long: the next request then finds it. */
  async #read<Result extends z.AnyZodObject>(
    operation: ReadOperation<z.AnyZodObject, Result>,
    params: JsonObject,
  ): Promise<z.output<Result> | undefined> {
    const reading = this.#replies.get(JSON.stringify([operation.name, params]), () => this.#replyTo(operation, params));
    const waiting = new AbortController();
    const late = unlessAborted(this.#options.pause(waitMs, waiting.signal), waiting.signal).then(() => undefined);
    const reply = await Promise.race([reading, late]).finally(() => waiting.abort());
    return reply && readReply(operation, reply);
  }

  async #replyTo(operation: ReadOperation, params: JsonObject): Promise<JsonObject | undefined> {
    const { read, isOffered, report } = this.#options;
    if (!isOffered(operation)) return undefined;
    try {
      return await read(operation, params);
    } catch (error) {
      if (!(error instanceof ToolError)) report(error);
      return undefined;
    }
  }
}

/** Caches values for a while, by key. Simultaneous requests share one computation. */
export class TtlCache<Value> {
  readonly #entries = new Map<string, { readonly since: number; readonly value: Promise<Value> }>();
  readonly #keep: number;
  readonly #now: () => Date;

  /** @param keep how long a value is kept, in milliseconds */
  constructor(keep: number, now: () => Date) {
    this.#keep = keep;
    this.#now = now;
  }

  get(key: string, make: () => Promise<Value>): Promise<Value> {
    const now = this.#now().getTime();
    for (const [old, { since }] of this.#entries)
      if (now - since >= this.#keep || since > now) this.#entries.delete(old);
    const kept = this.#entries.get(key)?.value;
    if (kept !== undefined) return kept;
    const value = make();
    this.#entries.set(key, { since: now, value });
    return value;
  }

  forget(): void {
    this.#entries.clear();
  }
}
