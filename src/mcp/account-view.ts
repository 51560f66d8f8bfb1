import { z } from "zod";
import type { ReadOperation } from "../catalogue/operation.js";
import { describeCertificates } from "../catalogue/tencent-ssl/describe-certificates.js";
import { describeHostTeoInstanceList } from "../catalogue/tencent-ssl/describe-host-teo-instance-list.js";
import { ToolError } from "../lib/tool-error.js";
import { TtlCache } from "./ttl-cache.js";

/** How long readings are kept, and how long requests wait for them; milliseconds. */
const keep = 30_000;
const patience = 4_000;

/** The largest allowed pages (docs/cloud-behaviour.md 3.8). */
const certificatesPage = 1000;
const hostsPage = 200;

const text = z.string().nullish().catch(undefined);
const certificateRow = z.object({
  CertificateId: z.string(),
  Domain: text,
  Alias: text,
  SubjectAltName: z.array(z.string()).nullish().catch(undefined),
  CertEndTime: text,
  Deployable: z.boolean().nullish().catch(undefined),
});
export type CertificateRow = z.output<typeof certificateRow>;

const hostRow = z.object({ Host: z.string(), ZoneId: text });
export type HostRow = z.output<typeof hostRow>;

/** The rows read, and whether the account holds more. */
export interface Rows<Row> {
  readonly rows: readonly Row[];
  readonly more: boolean;
}

const nothing = { rows: [], more: false };

export interface AccountViewOptions {
  /** Carries out a documented read. */
  read(operation: ReadOperation, params: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>;
  isOffered(operation: ReadOperation): boolean;
  readonly now: () => Date;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Reports a defect of this program. */
  readonly report: (error: unknown) => void;
}

/**
 * What the Tencent Cloud account holds, for lists and completion: a few reads, cached for half a minute, since a client
 * may ask at every keystroke. What cannot be read is left out without an error.
 */
export class AccountView {
  readonly #options: AccountViewOptions;
  readonly #certificates: TtlCache<Rows<CertificateRow>>;
  readonly #hosts: TtlCache<Rows<HostRow>>;

  constructor(options: AccountViewOptions) {
    this.#options = options;
    this.#certificates = new TtlCache(keep, options.now);
    this.#hosts = new TtlCache(keep, options.now);
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
        this.#read(describeCertificates, params, ({ Certificates }) => fitting(Certificates, certificateRow)),
      ),
    );
  }

  #hostsOf(id: string, covered: "0" | "1"): Promise<Rows<HostRow>> {
    const Filters = [{ FilterKey: "domainMatch", FilterValue: covered }];
    const params = { CertificateId: id, Filters, Limit: hostsPage };
    return this.#inTime(
      this.#hosts.get(`${covered} ${id}`, () =>
        this.#read(describeHostTeoInstanceList, params, ({ InstanceList }) => fitting(InstanceList, hostRow)),
      ),
    );
  }

  async #read<Row>(
    operation: ReadOperation,
    params: Readonly<Record<string, unknown>>,
    rowsIn: (reply: Readonly<Record<string, unknown>>) => readonly Row[],
  ): Promise<Rows<Row>> {
    const { read, isOffered, report } = this.#options;
    if (!isOffered(operation)) return nothing;
    try {
      const reply = await read(operation, params);
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
    const late = this.#options.pause(patience, waiting.signal).then(
      () => nothing,
      () => nothing,
    );
    try {
      return await Promise.race([reading, late]);
    } finally {
      waiting.abort();
    }
  }
}

/** The items that match the schema; others are skipped. */
function fitting<Schema extends z.ZodTypeAny>(list: unknown, schema: Schema): z.output<Schema>[] {
  return z
    .array(z.unknown())
    .catch([])
    .parse(list)
    .flatMap((item) => schema.safeParse(item).data ?? []);
}
