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

const nothing = { rows: [], more: false };

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
  readonly #certificates: TtlCache<Rows<CertificateRow>>;
  readonly #hosts: TtlCache<Rows<HostRow>>;

  constructor(options: AccountCacheOptions) {
    this.#options = options;
    this.#certificates = new TtlCache(ttlMs, options.now);
    this.#hosts = new TtlCache(ttlMs, options.now);
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
    if (any === undefined) return nothing;
    // The read needs a certificate and returns either the hosts that it covers or the others.
    const parts = await Promise.all([this.#hostsOf(any, "1"), this.#hostsOf(any, "0")]);
    return { rows: parts.flatMap(({ rows: hosts }) => hosts), more: parts.some(({ more }) => more) };
  }

  /** Call after a change: the cached rows may be out of date. */
  forget(): void {
    this.#certificates.forget();
    this.#hosts.forget();
  }

  #certificatesWith(search: string): Promise<Rows<CertificateRow>> {
    const params = { Limit: certificatesPage, ...(search !== "" && { SearchKey: search }) };
    return this.#inTime(
      this.#certificates.get(search, () =>
        this.#read(describeCertificates, params, ({ Certificates }) =>
          Certificates.flatMap(({ CertificateId, ...row }) =>
            typeof CertificateId === "string" ? [{ ...row, CertificateId }] : [],
          ),
        ),
      ),
    );
  }

  #hostsOf(id: string, covered: "0" | "1"): Promise<Rows<HostRow>> {
    const Filters = [{ FilterKey: "domainMatch", FilterValue: covered }];
    const params = { CertificateId: id, Filters, Limit: hostsPage };
    return this.#inTime(
      this.#hosts.get(`${covered} ${id}`, () =>
        this.#read(describeHostTeoInstanceList, params, ({ InstanceList }) =>
          InstanceList.flatMap(({ Host, ...row }) => (typeof Host === "string" ? [{ ...row, Host }] : [])),
        ),
      ),
    );
  }

  async #read<Result extends z.AnyZodObject, Row>(
    operation: ReadOperation<z.AnyZodObject, Result>,
    params: JsonObject,
    rowsIn: (reply: z.output<Result>) => readonly Row[],
  ): Promise<Rows<Row>> {
    const { read, isOffered, report } = this.#options;
    if (!isOffered(operation)) return nothing;
    try {
      const reply = readReply(operation, await read(operation, params));
      if (reply === undefined) return nothing;
      const rows = rowsIn(reply);
      return { rows, more: typeof reply.TotalCount === "number" && reply.TotalCount > rows.length };
    } catch (error) {
      if (!(error instanceof ToolError)) report(error);
      return nothing;
    }
  }

  /** The answer, or nothing if it takes too long; the next request then finds it. */
  async #inTime<Row>(reading: Promise<Rows<Row>>): Promise<Rows<Row>> {
    const waiting = new AbortController();
    const late = unlessAborted(this.#options.pause(waitMs, waiting.signal), waiting.signal).then(() => nothing);
    try {
      return await Promise.race([reading, late]);
    } finally {
      waiting.abort();
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
