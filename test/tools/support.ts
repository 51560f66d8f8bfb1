import { setMaxListeners } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { z } from "zod";
import type { Operation } from "../../src/catalogue/operation.js";
import { type Service, type Site, services } from "../../src/catalogue/services.js";
import { JobFiles } from "../../src/jobs/job-files.js";
import { Journal } from "../../src/jobs/journal.js";
import { RecentReads } from "../../src/pipeline/recent-reads.js";
import { isJob, type OwnTool, type ToolContext } from "../../src/pipeline/tool.js";
import { huaweiProjectId } from "../../src/sandbox/credentials.js";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { Directories } from "../../src/secrets/references/directories.js";
import { Vault } from "../../src/secrets/vault/vault.js";
import type { ServedCertificate, TlsCheck, TlsReport } from "../../src/tls-check/tls-check.js";
import { connectClient } from "../support/sandbox-client.js";
import { sendWith } from "../support/send.js";
import { noStandingApprovals } from "../support/standing-approvals.js";

/** Tools of our own on a real sandbox, with real signed calls; time passes only where a tool pauses. */

export const second = 1_000;
export const day = 24 * 3600 * second;

/** An edge that serves what the test says; it stands where the network would be. */
export class StubEdge implements TlsCheck {
  readonly roots: readonly string[] = [];
  /** By domain, what is found at each look in turn; the last stays. */
  readonly #script = new Map<string, (() => TlsReport)[]>();
  readonly looked: string[] = [];

  serve(domain: string, ...looks: readonly (() => TlsReport)[]): void {
    this.#script.set(domain, [...looks]);
  }

  async inspect(domain: string): Promise<TlsReport> {
    this.looked.push(domain);
    const looks = this.#script.get(domain) ?? [];
    const now = looks.length > 1 ? looks.shift() : looks[0];
    return now?.() ?? { domain, addresses: [], problem: "the name does not resolve" };
  }
}

/** What addresses serve, each by the SHA-256 of its leaf, or the problem that it has. */
export function addressesServing(domain: string, ...served: readonly (string | { problem: string })[]): TlsReport {
  return {
    domain,
    addresses: served.map((it, index) => ({
      address: `192.0.2.${index + 1}`,
      certificates: typeof it === "string" ? [leaf(it)] : [],
      ...(typeof it === "object" && it),
    })),
  };
}

function leaf(sha256: string): ServedCertificate {
  return {
    algorithm: "ECDSA",
    key: "EC prime256v1",
    strength: 128,
    clients: ["default"],
    sha256,
    sha1: sha256.slice(0, 40),
    names: ["www.example.com"],
    issuer: "CN=Test CA",
    notBefore: "2026-01-01T00:00:00.000Z",
    notAfter: "2026-12-31T00:00:00.000Z",
    daysLeft: 37,
    encoded: [],
    chain: ["CN=www.example.com"],
    chainOrder: "right",
    sent: { intermediates: [], flaws: [] },
    trusted: true,
  };
}

export interface StationOptions {
  readonly services?: readonly Service[];
  /** Domains to add to those of the demo. */
  readonly domains?: number;
  /** The international one if absent. */
  readonly site?: Site;
  /** Without credentials for any cloud. */
  readonly bare?: boolean;
}

export class Station {
  readonly sandbox: Sandbox;
  readonly edge = new StubEdge();
  readonly journal: Journal;
  readonly said: string[] = [];
  readonly #controller = new AbortController();
  readonly #cloud: ReturnType<typeof connectClient>;
  readonly #time: { now: number };
  readonly #services: ReadonlySet<Service>;
  #paused = 0;
  /** By how much the clock on the wall was set. */
  #set = 0;
  #duringPause: (turn: number) => void = () => {};

  private constructor(sandbox: Sandbox, time: { now: number }, options: StationOptions) {
    this.sandbox = sandbox;
    this.#time = time;
    // As the program does: an inventory has many calls under way.
    setMaxListeners(0, this.#controller.signal);
    this.#services = new Set(options.services ?? services);
    this.#cloud = connectClient(sandbox, () => this.now(), {
      site: options.site,
      ...(options.bare && { credentials: {} }),
    });
    this.journal = new Journal(new JobFiles(mkdtempSync(join(tmpdir(), "cc-jobs-"))), () => this.now());
  }

  static async open(options: StationOptions = {}): Promise<Station> {
    const time = { now: Date.parse("2026-04-01T03:00:00Z") };
    return new Station(
      await startSandbox({ now: () => time.now, domains: options.domains, site: options.site }),
      time,
      options,
    );
  }

  readonly #recentReads = new RecentReads(() => this.now());

  now(): Date {
    return new Date(this.#time.now);
  }

  /** How much longer the client waits, in milliseconds. */
  timeLeft = Number.POSITIVE_INFINITY;

  pass(ms: number): void {
    this.#time.now += ms;
  }

  /** Sets the clock on the wall forward, or back; no time passes. */
  setClock(ms: number): void {
    this.#time.now += ms;
    this.#set += ms;
  }

  /** Milliseconds that tools have paused. */
  get paused(): number {
    return this.#paused;
  }

  /** @param action gets the number of the pause, from 1 */
  duringPauses(action: (turn: number) => void): void {
    this.#duringPause = action;
  }

  cancel(): void {
    this.#controller.abort(new Error("taken back"));
  }

  /** Sends a documented call, past the gate. */
  async send(operation: Operation, params: Readonly<Record<string, unknown>>) {
    this.#recentReads.forget();
    return (await sendWith(this.#cloud.client, operation, params, this.#controller.signal)).result;
  }

  /** What a test gives it beside its own account. */
  otherAccounts: ToolContext["otherAccounts"] = [];

  get context(): ToolContext {
    const { signal } = this.#controller;
    let turns = 0;
    const read: ToolContext["read"] = async (operation, params) =>
      (await this.#cloud.client.send(operation, params, signal)).result;
    return {
      vault: new Vault(),
      directories: new Directories([]),
      read,
      readSince: (notBefore, operation, params, within) =>
        this.#recentReads.get(operation, params, notBefore, () => read(operation, params, within)),
      exclusionOf: () => undefined,
      resolve: unused,
      redacted: (text) => text,
      sources: new Map(),
      huaweiProjectId,
      services: this.#services,
      otherAccounts: this.otherAccounts,
      now: () => this.now(),
      elapsed: () => this.#time.now - this.#set,
      nonce: "0123abcd",
      tlsCheck: this.edge,
      journal: this.journal,
      standingApprovals: noStandingApprovals(),
      decisionsOn: async () => [],
      signers: { tencent: "AKIDabcdefghijklmnop9xYz" },
      recordSightings: async () => {},
      signal,
      progress: (message) => void this.said.push(String(message)),
      recordStage: () => {},
      timeLeft: () => this.timeLeft,
      approvalProgress: async () => undefined,
      approvalFor: () => undefined,
      examineSetup: async () => ({}),
      pause: async (ms) => {
        turns += 1;
        this.#duringPause(turns);
        signal.throwIfAborted();
        this.#paused += ms;
        this.pass(ms);
      },
    };
  }

  /** Runs a tool with arguments as a model gives them, and parses what of its reply the test looks at. */
  async run<Schema extends z.ZodTypeAny>(tool: OwnTool, args: Record<string, unknown>, schema: Schema) {
    const result: z.output<Schema> = schema.parse(await plain(tool).run(tool.params.parse(args), this.context));
    return result;
  }

  /** The operations that reached the cloud since the last time. */
  #counted = 0;
  operations(): string[] {
    const news = this.sandbox.requests.slice(this.#counted).map(({ operation }) => operation);
    this.#counted = this.sandbox.requests.length;
    return news;
  }

  /** Id of the certificate that covers `domain` first, or has this remark. */
  certificate(aliasOrDomain: string): string {
    const all = [...this.sandbox.account.ssl.certificates.values()];
    const found =
      all.find(({ alias }) => alias === aliasOrDomain) ??
      all.find(({ order }) => order?.application?.names.includes(aliasOrDomain));
    if (found === undefined) throw new Error(`the sandbox has no certificate ${aliasOrDomain}`);
    return found.id;
  }

  async close(): Promise<void> {
    await Promise.all([this.#cloud.transport.close(), this.sandbox.close()]);
  }
}

/** What the tools here have no use for. */
async function unused(): Promise<never> {
  throw new Error("not needed by a read");
}

function plain(tool: OwnTool) {
  if (isJob(tool)) throw new Error(`${tool.name} is a job`);
  return tool;
}
