import { readCurrentState, type StateSnapshot } from "../../../src/approval/current-state/read-current-state.js";
import type { CurrentStateOptions, Read } from "../../../src/approval/current-state/state-reader.js";
import { allOperations } from "../../../src/catalogue/index.js";
import type { ChangeOperation, PlannedChange, ReadOperation } from "../../../src/catalogue/operation.js";
import { unsent } from "../../../src/lib/tool-error.js";
import { type Sandbox, startSandbox } from "../../../src/sandbox/server.js";
import { connectClient } from "../../support/sandbox-client.js";
import { sendWith } from "../../support/send.js";

type Params = Readonly<Record<string, unknown>>;

export function changeOperation(name: string): ChangeOperation {
  const operation = allOperations.find((candidate) => candidate.name === name);
  if (operation === undefined || operation.effect === "read") throw new Error(`${name} is no change`);
  return operation;
}

export function changesOf(name: string, args: Params): readonly PlannedChange[] {
  const operation = changeOperation(name);
  return operation.plannedChanges(operation.params.parse(args));
}

/** What was found, in English. */
export function told({ rows, facts }: StateSnapshot) {
  return {
    rows: rows.map(({ object, aspect, now, then }) => ({
      object: String(object),
      aspect,
      now: String(now),
      then: String(then),
    })),
    facts: facts.map(([name, value]): [string, string] => [String(name), String(value)]),
  };
}

/** Options for readers that are answered at once, and may look at no edge. */
export const patient: CurrentStateOptions = {
  signal: new AbortController().signal,
  bindingsWithinMs: 60_000,
  pause: async () => {},
  changedSince: async () => false,
  tlsCheck: {
    roots: [],
    inspect: async (domain) => {
      throw unsent("refused", `${domain} may not be looked at.`, "");
    },
  },
  listDomains: async () => ({ domains: [], unseen: [] }),
  now: Date.now,
};

/** The sandbox and a client to it, with a clock that moves only when something pauses. */
export class TestCloud {
  readonly sandbox: Sandbox;
  readonly sent: string[] = [];
  readonly read: Read;
  readonly #connection: ReturnType<typeof connectClient>;
  readonly #time: { now: number };

  private constructor(sandbox: Sandbox, time: { now: number }) {
    this.sandbox = sandbox;
    this.#time = time;
    this.#connection = connectClient(sandbox, () => new Date(time.now));
    this.read = async (operation: ReadOperation, params: Params) => {
      this.sent.push(operation.name);
      return (await this.#connection.client.send(operation, params, patient.signal)).result;
    };
  }

  static async open(): Promise<TestCloud> {
    const time = { now: Date.now() };
    return new TestCloud(await startSandbox({ now: () => time.now }), time);
  }

  async close(): Promise<void> {
    await this.#connection.transport.close();
    await this.sandbox.close();
  }

  wait(ms: number): void {
    this.#time.now += ms;
  }

  now(): number {
    return this.#time.now;
  }

  /** Carries a change out, as the console or another program might. */
  async make(name: string, args: Params): Promise<Params> {
    return (await sendWith(this.#connection.client, changeOperation(name), args, patient.signal)).result;
  }

  present(changes: readonly PlannedChange[], options: Partial<CurrentStateOptions> = {}): Promise<StateSnapshot> {
    const pause = async (ms: number) => this.wait(ms);
    return readCurrentState(changes, this.read, { ...patient, pause, now: () => this.now(), ...options });
  }

  /** Puts another certificate on the CDN domain, and the first back again. @returns the record of the first change */
  async deployElsewhere(from: string, to: string): Promise<number> {
    const record = await this.#deployToCdn(from, to);
    await this.#deployToCdn(to, from);
    return record;
  }

  async #deployToCdn(from: string, to: string): Promise<number> {
    const update = { OldCertificateId: from, CertificateId: to, ResourceTypes: ["cdn"] };
    await this.make("UpdateCertificateInstance", update);
    this.wait(10_000);
    const { DeployRecordId } = await this.make("UpdateCertificateInstance", update);
    this.wait(20_000);
    return Number(DeployRecordId);
  }

  /** What the operation with these arguments would find. */
  found(name: string, args: Params, options?: Partial<CurrentStateOptions>): Promise<StateSnapshot> {
    return this.present(changesOf(name, args), options);
  }

  certificate(remark: string): string {
    return this.#certificate(({ alias }) => alias === remark, remark);
  }

  certificateFor(domain: string): string {
    return this.#certificate(({ order }) => order?.application?.names.includes(domain) ?? false, domain);
  }

  cancelled(): string {
    return this.#certificate(({ status }) => status === 7, "a cancelled order");
  }

  #certificate(fits: (candidate: SslCertificate) => boolean, what: string): string {
    const found = [...this.sandbox.account.ssl.certificates.values()].find(fits);
    if (found === undefined) throw new Error(`no certificate: ${what}`);
    return found.id;
  }
}

type SslCertificate = Parameters<Sandbox["account"]["ssl"]["certificates"]["set"]>[1];
