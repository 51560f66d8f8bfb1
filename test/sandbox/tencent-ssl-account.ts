import { expect } from "vitest";
import { z } from "zod";
import type { Operation } from "../../src/catalogue/operation.js";
import type { Account } from "../../src/sandbox/account.js";
import { CertificateAuthority } from "../../src/sandbox/authority.js";
import { SandboxClock } from "../../src/sandbox/clock.js";
import { issueDemoCertificate } from "../../src/sandbox/demo-certificate.js";
import { seedZones } from "../../src/sandbox/edgeone.js";
import { CloudError } from "../../src/sandbox/refusal.js";
import { sslHandlers } from "../../src/sandbox/tencent-ssl/index.js";
import { seedSsl } from "../../src/sandbox/tencent-ssl/seed.js";
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
    const authority = await CertificateAuthority.create(clock.now());
    const { state: ssl, boundCertificateId } = await seedSsl(
      clock,
      authority,
      await issueDemoCertificate(authority, clock.now()),
    );
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
    expectDocumented(
      answer,
      response.filter(({ name }) => name !== "RequestId"),
      operation.name,
    );
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

function expectDocumented(value: unknown, members: readonly DocumentedMember[], place: string): void {
  expect(value, place).toBeTypeOf("object");
  expect(Object.keys(value ?? {}).sort(), place).toEqual(members.map(({ name }) => name).sort());
  const types = new Map(members.map(({ name, type }) => [name, type]));
  for (const [name, member] of Object.entries(value ?? {}))
    expectType(member, types.get(name) ?? "", `${place}.${name}`);
}

const plainTypes: Readonly<Record<string, "string" | "number" | "boolean">> = {
  String: "string",
  Timestamp: "string",
  Integer: "number",
  Boolean: "boolean",
};

function expectType(value: unknown, type: string, place: string): void {
  if (value === null) return;
  const plain = plainTypes[type];
  if (plain !== undefined) {
    expect(value, place).toBeTypeOf(plain);
    return;
  }
  if (type.startsWith("Array of ")) {
    expect(value, place).toBeInstanceOf(Array);
    const items: readonly unknown[] = Array.isArray(value) ? value : [];
    for (const item of items) expectType(item, type.slice("Array of ".length), `${place}[]`);
    return;
  }
  expectDocumented(value, documentedTypes[type] ?? [], place);
}
