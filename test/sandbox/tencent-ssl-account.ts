import { expect } from "vitest";
import { z } from "zod";
import type { Operation } from "../../src/catalogue/operation.js";
import type { Account } from "../../src/sandbox/account.js";
import { SandboxClock } from "../../src/sandbox/clock.js";
import { CloudError } from "../../src/sandbox/refusal.js";
import { demoAuthority, issueDemoCertificate } from "../../src/sandbox/seed/demo-certificate.js";
import { seedZones } from "../../src/sandbox/seed/edgeone.js";
import { seedSsl } from "../../src/sandbox/seed/tencent-ssl.js";
import { sslHandlers } from "../../src/sandbox/tencent-ssl/index.js";
import { type DocumentedMember, documentedOperations, documentedTypes } from "../support/data.js";
import { withoutAlibaba, withoutHuawei } from "./support.js";

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** A seeded account with a clock that stands still until told otherwise, called through the handlers. */
export class TestAccount {
  readonly account: Account;
  readonly boundId: string;
  readonly #time: { now: number };

  private constructor(account: Account, boundId: string, time: { now: number }) {
    this.account = account;
    this.boundId = boundId;
    this.#time = time;
  }

  static async open(start = "2026-04-01T03:00:00Z"): Promise<TestAccount> {
    const time = { now: Date.parse(start) };
    const clock = new SandboxClock(() => time.now);
    const { authority, issuer } = await demoAuthority(clock.now(), "");
    const storefront = await issueDemoCertificate(issuer, clock.now());
    const { state: ssl, boundCertificateId } = await seedSsl(clock, issuer, storefront);
    const zones = seedZones(boundCertificateId, clock.now());
    const account = { clock, authority, ssl, zones, ...withoutAlibaba(), ...withoutHuawei() };
    return new TestAccount(account, boundCertificateId, time);
  }

  wait(milliseconds: number): void {
    this.#time.now += milliseconds;
  }

  /** Answers have exactly the documented members, at every depth. */
  async call<Params extends z.AnyZodObject>(operation: Operation<Params>, params: z.input<Params>) {
    const handler = sslHandlers.find((known) => known.operation.name === operation.name);
    const answer = await handler?.handle(params, this.account);
    const { response = [] } = documentedOperations[operation.name] ?? {};
    const members = response.filter(({ name }) => name !== "RequestId");
    expect([...undocumentedIn(answer, members, operation.name)]).toEqual([]);
    operation.result.parse(answer);
    return z.record(z.any()).parse(answer);
  }

  /** The code of the refusal, which must be among those documented for the operation. */
  async refusal<Params extends z.AnyZodObject>(operation: Operation<Params>, params: z.input<Params>): Promise<string> {
    const error = await this.call(operation, params).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof CloudError)) throw error ?? new Error(`${operation.name} was not refused`);
    expect(operation.errors).toContain(error.code);
    return error.code;
  }

  /** The id of the seeded certificate for `name`. */
  idOf(name: string): string {
    const found = [...this.account.ssl.certificates.values()].find(
      ({ order, alias }) => alias === name || order?.application?.names[0] === name,
    );
    if (found === undefined) throw new Error(`Nothing is seeded for ${name}`);
    return found.id;
  }
}

/** Where a value is not as documented: gathered, because an expectation for each member takes much longer. */
function* undocumentedIn(value: unknown, members: readonly DocumentedMember[], place: string): Generator<string> {
  const found = z.record(z.unknown()).safeParse(value);
  if (!found.success) return yield `${place} is no object`;
  const types = new Map(members.map(({ name, type }) => [name, type]));
  for (const name of types.keys()) if (!(name in found.data)) yield `${place}.${name} is missing`;
  for (const [name, member] of Object.entries(found.data)) {
    const type = types.get(name);
    if (type === undefined) yield `${place}.${name} is not documented`;
    else yield* mistypedIn(member, type, `${place}.${name}`);
  }
}

const plainTypes: Readonly<Record<string, "string" | "number" | "boolean">> = {
  String: "string",
  Timestamp: "string",
  Integer: "number",
  Boolean: "boolean",
};

function* mistypedIn(value: unknown, type: string, place: string): Generator<string> {
  if (value === null) return;
  const plain = plainTypes[type];
  if (plain !== undefined) {
    if (typeof value !== plain) yield `${place} is no ${plain}`;
  } else if (!type.startsWith("Array of ")) {
    yield* undocumentedIn(value, documentedTypes[type] ?? [], place);
  } else if (Array.isArray(value)) {
    for (const item of value) yield* mistypedIn(item, type.slice("Array of ".length), `${place}[]`);
  } else yield `${place} is no array`;
}
