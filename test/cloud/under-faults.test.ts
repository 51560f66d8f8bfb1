import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { setCdnDomainSSLCertificate } from "../../src/catalogue/alibaba-edges.js";
import type { Operation } from "../../src/catalogue/operation.js";
import { createCertificate } from "../../src/catalogue/tencent-ssl/create-certificate.js";
import { deleteCertificate } from "../../src/catalogue/tencent-ssl/delete-certificate.js";
import { describeCertificates } from "../../src/catalogue/tencent-ssl/describe-certificates.js";
import { modifyCertificateAlias } from "../../src/catalogue/tencent-ssl/modify-certificate-alias.js";
import { CloudClient, type CloudClientOptions } from "../../src/cloud/cloud-client.js";
import { fixedCredentials } from "../../src/cloud/credential-source.js";
import { Transport } from "../../src/cloud/transport.js";
import { ToolError } from "../../src/lib/tool-error.js";
import { listen, stop } from "../support/ports.js";
import { sendWith } from "../support/send.js";

/** What the core owes under faults that meet: the truth about what was sent, an end in time, and other services' peace. */

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

type Answer = (message: IncomingMessage, response: ServerResponse) => void;

async function serve(answer: Answer): Promise<URL> {
  const server = createServer((message, response) => {
    message.resume().on("end", () => answer(message, response));
  });
  cleanups.push(() => stop(server));
  return new URL(`http://127.0.0.1:${await listen(server)}/`);
}

function clientTo(url: URL, options: Partial<CloudClientOptions> = {}): CloudClient {
  const transport = new Transport({ connectTimeout: 60_000, maxReplyBytes: 10_000 });
  cleanups.push(() => transport.close());
  return new CloudClient({
    source: fixedCredentials({
      tencent: { id: "id", key: "key" },
      alibaba: { id: "id", key: "key" },
    }),
    site: "intl",
    regions: {},
    endpoints: { "tencent-ssl": url },
    exclusionOf: () => undefined,
    tencentSignature: "TC3-HMAC-SHA256",
    timeout: 5_000,
    transport,
    now: () => new Date(),
    elapsed: () => performance.now(),
    nonce: () => crypto.randomUUID().replaceAll("-", ""),
    redact: (text: string) => text,
    pause: (ms, signal) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(resolve, ms);
        signal.addEventListener("abort", () => {
          clearTimeout(timer);
          reject(signal.reason);
        });
      }),
    random: () => 0,
    log: () => {},
    ...options,
  });
}

/** A success, or the facts of the failure. */
function outcomeOf(
  client: CloudClient,
  operation: Operation,
  params: Record<string, unknown>,
  signal = new AbortController().signal,
) {
  return sendWith(client, operation, params, signal).catch((error: unknown) => {
    if (error instanceof ToolError) return error.details;
    throw error;
  });
}

const reply = (body: unknown) => JSON.stringify({ Response: body });
const refused = (Code: string) => reply({ Error: { Code, Message: "m" }, RequestId: "r" });
const never = new AbortController().signal;
const alias = { CertificateId: "abcd1234", Alias: "new" };
const reset: Answer = (message) => void message.socket.resetAndDestroy();
const actionOf = ({ headers }: IncomingMessage) => headers["x-tc-action"];

describe("a call that waits for its turn behind calls that hang", () => {
  const hangs: Answer = () => {};
  const stop = new AbortController();
  /** They hang until all is over: what ends before has not waited for them. */
  const fill = (client: CloudClient) => {
    for (let count = 0; count < 10; count += 1) void outcomeOf(client, describeCertificates, {}, stop.signal);
  };
  afterAll(() => stop.abort());

  it("ends at once when it is taken back", async () => {
    const client = clientTo(await serve(hangs), { timeout: 3_600_000 });
    fill(client);
    const cancel = new AbortController();
    const waiting = outcomeOf(client, describeCertificates, {}, cancel.signal);
    setTimeout(() => cancel.abort(), 50);
    expect(await waiting).toMatchObject({ kind: "cancelled", changed: "no" });
  });

  it("ends when its own time is over", async () => {
    const client = clientTo(await serve(hangs), { timeout: 3_600_000 });
    fill(client);
    const waiting = client.send(describeCertificates, {}, never, 500);
    await expect(waiting).rejects.toMatchObject({ details: { sent: false } });
  });
});

it("a call taken back between two tries does not deny the first, which may have arrived", async () => {
  const cancel = new AbortController();
  const client = clientTo(await serve(reset), { pause: async () => cancel.abort() });
  const facts = await outcomeOf(client, modifyCertificateAlias, alias, cancel.signal);
  expect(facts).toMatchObject({ kind: "cancelled", changed: "unknown", sent: true });
});

describe("time", () => {
  /** Refuses what is signed more than five minutes off a clock that is an hour ahead. */
  const hourAhead: Answer = ({ headers }, response) => {
    const off = Math.abs(Date.now() / 1000 + 3_600 - Number(headers["x-tc-timestamp"]));
    response.setHeader("date", new Date(Date.now() + 3_600_000).toUTCString());
    // All are refused before the first can have learned from it.
    setTimeout(() => response.end(off > 300 ? refused("AuthFailure.SignatureExpire") : reply({ RequestId: "r" })), 30);
  };

  it("that is wrong is put right for all calls that were refused together", async () => {
    const client = clientTo(await serve(hourAhead));
    const calls = Array.from({ length: 4 }, () => outcomeOf(client, modifyCertificateAlias, alias));
    expect(await Promise.all(calls)).toMatchObject(Array.from({ length: 4 }, () => ({ ok: true })));
  });

  it("is no reason to send a purchase twice", async () => {
    let requests = 0;
    const url = await serve((message, response) => {
      requests += 1;
      hourAhead(message, response);
    });
    const purchase = { ProductId: 12, DomainNum: 1, TimeSpan: 1 };
    expect(await outcomeOf(clientTo(url), createCertificate, purchase)).toMatchObject({ changed: "no" });
    expect(requests).toBe(1);
  });

  it("that is set back by an hour holds no call up", async () => {
    let now = Date.now();
    const url = await serve((_message, response) => response.end(reply({ RequestId: "r" })));
    const client = clientTo(url, { now: () => new Date(now) });
    for (let call = 0; call < 10; call++) await outcomeOf(client, describeCertificates, {});
    now -= 3_600_000;
    expect(await outcomeOf(client, describeCertificates, {})).toMatchObject({ ok: true });
  });
});

describe("the circuit of a service", () => {
  async function broken() {
    let requests = 0;
    let works = false;
    let elapsed = 0;
    const url = await serve((message, response) => {
      requests += 1;
      if (works) response.end(message.headers["x-acs-action"] ? '{"RequestId":"r"}' : reply({ RequestId: "r" }));
      else reset(message, response);
    });
    const dead = await serve(reset);
    const client = clientTo(dead, {
      endpoints: { "tencent-ssl": url, "alibaba-cdn": url },
      elapsed: () => elapsed,
      pause: async () => {},
    });
    for (let call = 0; call < 2; call++) await outcomeOf(client, describeCertificates, {});
    return {
      client,
      requests: () => requests,
      repair: () => {
        works = true;
      },
      pass: (ms: number) => {
        elapsed += ms;
      },
    };
  }

  it("opens after five faults in a row, and tells the reason without sending", async () => {
    const { client, requests } = await broken();
    expect(requests()).toBe(5);
    const facts = await outcomeOf(client, modifyCertificateAlias, alias);
    expect(facts).toMatchObject({ changed: "no", sent: false, happened: expect.stringMatching(/5 times in a row/) });
    expect(requests()).toBe(5);
  });

  it("leaves other services alone", async () => {
    const { client, repair } = await broken();
    repair();
    const off = { DomainName: "img.example.com", SSLProtocol: "off" };
    expect(await outcomeOf(client, setCdnDomainSSLCertificate, off)).toMatchObject({ ok: true });
  });

  it("closes by one probe that is answered", async () => {
    const { client, requests, repair, pass } = await broken();
    pass(5_001);
    repair();
    const [probe, other] = await Promise.all([
      outcomeOf(client, describeCertificates, {}),
      outcomeOf(client, describeCertificates, {}),
    ]);
    expect(probe).toMatchObject({ ok: true });
    expect(other).toMatchObject({ sent: false });
    expect(requests()).toBe(6);
    expect(await outcomeOf(client, describeCertificates, {})).toMatchObject({ ok: true });
  });

  it("stays open, for longer, when the probe fails", async () => {
    const { client, requests, repair, pass } = await broken();
    pass(5_001);
    await outcomeOf(client, describeCertificates, {});
    expect(requests()).toBe(6);
    repair();
    pass(5_001);
    expect(await outcomeOf(client, describeCertificates, {})).toMatchObject({ sent: false });
    pass(5_001);
    expect(await outcomeOf(client, describeCertificates, {})).toMatchObject({ ok: true });
  });
});

describe("a change whose reply is lost", () => {
  /** Every change is reset; reads are answered. */
  const losing = (read: string): Answer => {
    return (message, response) =>
      actionOf(message) === "DescribeCertificate" ? response.end(read) : reset(message, response);
  };

  it("is told as done where a read shows it, and how that is known", async () => {
    const client = clientTo(await serve(losing(reply({ Alias: "new", RequestId: "r" }))), { pause: async () => {} });
    expect(await outcomeOf(client, modifyCertificateAlias, alias)).toMatchObject({
      ok: true,
      result: { CertificateId: "abcd1234" },
      notes: [expect.stringContaining("DescribeCertificate")],
    });
  });

  it("stays unknown where the read does not show it, because it may still come", async () => {
    const client = clientTo(await serve(losing(reply({ Alias: "old", RequestId: "r" }))), { pause: async () => {} });
    const facts = await outcomeOf(client, modifyCertificateAlias, alias);
    expect(facts).toMatchObject({ changed: "unknown", happened: expect.stringContaining("does not show the change") });
    expect(facts).toMatchObject({ next: expect.stringContaining("DescribeCertificate shows the current state") });
  });

  it("is told as done where what was to be deleted is gone, with the reply's own members", async () => {
    const gone = refused("FailedOperation.CertificateNotFound");
    const client = clientTo(await serve(losing(gone)), { pause: async () => {} });
    const outcome = await outcomeOf(client, deleteCertificate, { CertificateId: "abcd1234" });
    expect(outcome).toMatchObject({ ok: true, result: { DeleteResult: true } });
  });

  it("is not looked for after a clear refusal", async () => {
    const asked: unknown[] = [];
    const url = await serve((message, response) => {
      asked.push(actionOf(message));
      response.end(refused("FailedOperation.CertificateNotFound"));
    });
    const facts = await outcomeOf(clientTo(url), deleteCertificate, { CertificateId: "abcd1234" });
    expect(facts).toMatchObject({ changed: "no", code: "FailedOperation.CertificateNotFound" });
    expect(asked).toEqual(["DeleteCertificate"]);
  });
});
