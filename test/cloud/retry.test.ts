import { setMaxListeners } from "node:events";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { setCdnDomainSSLCertificate } from "../../src/catalogue/alibaba-edges.js";
import { updateDomainHttpsCert } from "../../src/catalogue/huawei-live/update-domain-https-cert.js";
import type { Operation } from "../../src/catalogue/operation.js";
import { applyCertificate } from "../../src/catalogue/tencent-ssl/apply-certificate.js";
import { createCertificate } from "../../src/catalogue/tencent-ssl/create-certificate.js";
import { deleteCertificate } from "../../src/catalogue/tencent-ssl/delete-certificate.js";
import { describeCertificates } from "../../src/catalogue/tencent-ssl/describe-certificates.js";
import { modifyCertificateAlias } from "../../src/catalogue/tencent-ssl/modify-certificate-alias.js";
import { RateLimit } from "../../src/cloud/rate-limit.js";
import { ToolError } from "../../src/lib/tool-error.js";
import { httpReply, startFaultyServer } from "../support/faulty-server.js";
import { sendWith } from "../support/send.js";
import { clientTo } from "./clients.js";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const tencent = (body: unknown, headers = {}) => httpReply(200, JSON.stringify({ Response: body }), headers);
const refused = (Code: string, headers = {}) => tencent({ Error: { Code, Message: "m" }, RequestId: "r" }, headers);
const done = tencent({ RequestId: "done" });

/** A cloud that answers one thing after the other, the last one for ever; "reset" is none. */
async function cloudThat(...answers: readonly string[]) {
  let requests = 0;
  const pauses: number[] = [];
  const said: string[] = [];
  const clock = { ahead: 0, sleepsFor: 0 };
  const server = await startFaultyServer((socket) => {
    const answer = answers[Math.min(requests, answers.length - 1)] ?? "";
    requests += 1;
    clock.ahead += clock.sleepsFor;
    if (answer === "reset") socket.resetAndDestroy();
    else socket.end(answer);
  });
  cleanups.push(() => server.close());
  const client = clientTo(server.url, {
    timeout: 30_000,
    pause: async (ms) => void pauses.push(ms),
    log: (line) => void said.push(line),
    now: () => new Date(Date.now() + clock.ahead),
  });
  const send = (operation: Operation, params: Record<string, unknown>) =>
    sendWith(client, operation, params, new AbortController().signal).catch((error: unknown) => {
      if (error instanceof ToolError) return error.details;
      throw error;
    });
  return { send, pauses, said, clock, requests: () => requests };
}

const alias = { CertificateId: "abcd1234", Alias: "a" };
const application = { DvAuthMethod: "DNS", DomainName: "a.example.com" };
const purchase = { ProductId: 12, DomainNum: 1, TimeSpan: 1 };

/** What goes wrong first, and how many requests there are in all. */
const repeats: readonly (readonly [Operation, Record<string, unknown>, string, number])[] = [
  [describeCertificates, {}, "reset", 2],
  [modifyCertificateAlias, alias, "reset", 2],
  [modifyCertificateAlias, alias, refused("InternalError"), 2],
  [modifyCertificateAlias, alias, refused("RequestLimitExceeded"), 2],
  [applyCertificate, application, refused("RequestLimitExceeded"), 2],
  // What came of these is not known, or costs money.
  [applyCertificate, application, "reset", 1],
  [applyCertificate, application, refused("InternalError"), 1],
  [createCertificate, purchase, "reset", 1],
  [createCertificate, purchase, refused("RequestLimitExceeded"), 1],
  // What is wrong stays wrong.
  [modifyCertificateAlias, alias, refused("FailedOperation.CertificateNotFound"), 1],
  [describeCertificates, {}, refused("AuthFailure.SecretIdNotFound"), 1],
];

describe("a call is made again", () => {
  it.each(repeats.map(([operation, ...rest]) => [operation.name, ...rest, operation] as const))(
    "%s, %j, where its class and what went wrong allow it",
    async (_name, params, first, requests, operation) => {
      const cloud = await cloudThat(first, done);
      await cloud.send(operation, params);
      expect(cloud.requests()).toBe(requests);
    },
  );

  it("four times at most", async () => {
    const cloud = await cloudThat("reset");
    expect(await cloud.send(describeCertificates, {})).toMatchObject({ kind: "cloud", changed: "no" });
    expect([cloud.requests(), cloud.pauses]).toEqual([4, [100, 200, 400]]);
  });

  it("after longer pauses where there were too many calls", async () => {
    const cloud = await cloudThat(refused("RequestLimitExceeded"));
    await cloud.send(describeCertificates, {});
    expect([cloud.requests(), cloud.pauses]).toEqual([4, [500, 1_000, 2_000]]);
  });

  it("not once the computer has slept meanwhile, which only the wall clock tells", async () => {
    const cloud = await cloudThat("reset", done);
    cloud.clock.sleepsFor = 8 * 3_600_000;
    const off = { DomainName: "a.example.com", SSLProtocol: "off" };
    expect(await cloud.send(setCdnDomainSSLCertificate, off)).toMatchObject({ changed: "unknown" });
    expect(cloud.requests()).toBe(1);
  });

  it("after as long as the vendor says", async () => {
    const throttle = httpReply(400, JSON.stringify({ Code: "Throttling.User", Message: "m", RequestId: "r" }), {
      "x-acs-retry-after": "1234",
    });
    const cloud = await cloudThat(throttle, httpReply(200, JSON.stringify({ RequestId: "r" })));
    await cloud.send(setCdnDomainSSLCertificate, { DomainName: "a.example.com", SSLProtocol: "off" });
    expect(cloud.pauses).toEqual([1234]);
  });

  it.each([
    [400, { Code: "FlowControlError", Message: "m" }],
    [429, { Code: "Strange", Message: "m" }],
    [400, { Code: "Strange", Message: "Request was denied due to user flow control." }],
  ])("where there were too many, also if only status or message say so: %i %j", async (status, body) => {
    const cloud = await cloudThat(
      httpReply(status, JSON.stringify({ ...body, RequestId: "r" })),
      httpReply(200, JSON.stringify({ RequestId: "r" })),
    );
    const upload = { DomainName: "a.example.com", SSLProtocol: "on", CertType: "upload", SSLPub: "x" };
    expect(await cloud.send(setCdnDomainSSLCertificate, upload)).toMatchObject({ ok: true });
    expect(cloud.requests()).toBe(2);
  });

  it("counts CertificateNotFound on the retry of a deletion as success", async () => {
    const cloud = await cloudThat("reset", refused("FailedOperation.CertificateNotFound"));
    expect(await cloud.send(deleteCertificate, { CertificateId: "abcd1234" })).toMatchObject({ ok: true });
  });

  it("and a refusal after an attempt that may have arrived leaves the outcome unknown", async () => {
    const cloud = await cloudThat("reset", refused("FailedOperation.NoProjectPermission"));
    const facts = await cloud.send(modifyCertificateAlias, alias);
    expect(facts).toMatchObject({
      changed: "unknown",
      happened: expect.stringMatching(/An earlier attempt of ModifyCertificateAlias may have arrived\.( |$)/),
    });
  });
});

describe("a clock that is off", () => {
  const inAnHour = () => new Date(Date.now() + 3_600_000).toUTCString();

  it("is found from the reply, told once, and the call is made again in the cloud's time", async () => {
    const late = refused("AuthFailure.SignatureExpire", { date: inAnHour() });
    const cloud = await cloudThat(late, done);
    expect(await cloud.send(modifyCertificateAlias, alias)).toMatchObject({ ok: true });
    await cloud.send(modifyCertificateAlias, alias);
    expect(cloud.requests()).toBe(3);
    expect(cloud.said).toEqual([expect.stringMatching(/clock is (3599|3600) s behind that of Tencent Cloud SSL/)]);
  });

  it("is corrected once: a cloud that goes on refusing is believed", async () => {
    const cloud = await cloudThat(refused("AuthFailure.SignatureExpire", { date: inAnHour() }));
    expect(await cloud.send(modifyCertificateAlias, alias)).toMatchObject({ code: "AuthFailure.SignatureExpire" });
    expect(cloud.requests()).toBe(2);
  });

  it("does not explain a wrong signature where the times agree", async () => {
    const reply = httpReply(401, JSON.stringify({ error_code: "APIGW.0301", error_msg: "m" }), {
      date: new Date().toUTCString(),
    });
    const cloud = await cloudThat(reply);
    await cloud.send(updateDomainHttpsCert, { project_id: "p", domain: "play.example.com", certificate: "PEM" });
    expect([cloud.requests(), cloud.said]).toEqual([1, []]);
  });
});

/** Time that passes only while everybody waits. */
class Clock {
  now = 0;
  readonly #sleepers: { at: number; wake(): void }[] = [];

  readonly pause = (ms: number, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      this.#sleepers.push({ at: this.now + ms, wake: resolve });
      signal.addEventListener("abort", () => reject(new Error("taken back")), { once: true });
    });

  /** Lets everybody sleep out. */
  async run(): Promise<void> {
    for (;;) {
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      const next = this.#sleepers.sort((one, other) => one.at - other.at).shift();
      if (next === undefined) return;
      this.now = Math.max(this.now, next.at);
      next.wake();
    }
  }
}

describe("the vendors' limits", () => {
  const never = new AbortController().signal;
  // Every simulated call waits on it at the same time.
  setMaxListeners(0, never);
  const limited = () => {
    const clock = new Clock();
    return { clock, limit: new RateLimit({ elapsed: () => clock.now, pause: clock.pause }) };
  };

  /** Calls that come after these gaps and take so long; when each left and arrived back. */
  async function departures(gaps: readonly (readonly [gap: number, took: number])[]) {
    const { clock, limit } = limited();
    const left: number[] = [];
    let at = 0;
    const calls = gaps.map(async ([gap, took]) => {
      at += gap;
      await clock.pause(at, never);
      const place = await limit.enter(describeCertificates, Number.POSITIVE_INFINITY, never);
      left.push(clock.now);
      await clock.pause(took, never);
      place?.leave();
    });
    await clock.run();
    await Promise.all(calls);
    return left;
  }

  it("let 200 calls of one operation through in 19 s and as many round trips", async () => {
    const left = await departures(Array.from({ length: 200 }, () => [0, 5]));
    expect(left).toHaveLength(200);
    expect(Math.max(...left)).toBe(19 * 1_005);
  });

  it("refuse at once who would wait in vain, and keep no place for it", async () => {
    const { clock, limit } = limited();
    for (let call = 0; call < 10; call++) (await limit.enter(describeCertificates, 0, never))?.leave();
    expect(await limit.enter(describeCertificates, 500, never)).toBeUndefined();
    const entered = limit.enter(describeCertificates, 2_000, never);
    await clock.run();
    expect(await entered).toBeDefined();
    expect(clock.now).toBe(1_000);
  });

  it("count for each operation of Tencent Cloud by itself", async () => {
    const { limit } = limited();
    for (let call = 0; call < 10; call++) await limit.enter(describeCertificates, 0, never);
    expect(await limit.enter(modifyCertificateAlias, 0, never)).toBeDefined();
  });

  it("give the place of a call that is taken back to the next", async () => {
    const { clock, limit } = limited();
    for (let call = 0; call < 10; call++) (await limit.enter(describeCertificates, 0, never))?.leave();
    const cancel = new AbortController();
    const first = limit.enter(describeCertificates, 2_000, cancel.signal);
    await Promise.resolve();
    cancel.abort();
    expect(await first).toBeUndefined();
    const second = limit.enter(describeCertificates, 2_000, never);
    await clock.run();
    expect(await second).toBeDefined();
    expect(clock.now).toBe(1_000);
  });

  it("are never passed in any stretch of a second, whenever calls come and however long they take", async () => {
    const calls = fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 900 })), {
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(calls, async (gaps) => {
        const left = await departures(gaps);
        expect(left).toHaveLength(gaps.length);
        for (const [index, departure] of left.entries()) {
          const before = left[index - 10];
          if (before !== undefined) expect(departure - before).toBeGreaterThanOrEqual(1_000);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("are kept more strictly where the cloud throttles all the same, until it no longer does", async () => {
    const { clock, limit } = limited();
    const wait = async () => {
      const begun = clock.now;
      for (let call = 0; call < 10; call++) (await limit.enter(describeCertificates, 0, never))?.leave();
      const entered = limit.enter(describeCertificates, 60_000, never);
      await clock.run();
      (await entered)?.leave();
      const waited = clock.now - begun;
      clock.now += 1_000_000;
      return waited;
    };
    limit.throttled(describeCertificates);
    expect(await wait()).toBe(1_500);
    for (let call = 0; call < 20; call++) limit.succeeded(describeCertificates);
    expect(await wait()).toBe(1_000);
  });
});
