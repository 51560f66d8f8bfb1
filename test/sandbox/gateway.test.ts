import { connect } from "node:net";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { systemCodeOf } from "../../src/lib/failure.js";
import { sha256Hex } from "../../src/lib/sha256.js";
import { runSandbox, type Sandbox, startSandbox } from "../../src/sandbox/server.js";
import { send, tc3, tencentOutcome } from "./wire.js";

let sandbox: Sandbox;
let ssl: string;
beforeAll(async () => {
  sandbox = await startSandbox();
  ssl = sandbox.endpoints["tencent-ssl"];
});
afterAll(() => sandbox.close());

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

describe("the clock", () => {
  it("is the one that was given", async () => {
    const then = new Date("2030-05-01T12:00:00Z");
    const future = await startSandbox({ now: () => then.getTime() });
    const at = future.endpoints["tencent-ssl"];
    expect(tencentOutcome(await send(tc3(at, "DescribeCertificates", {})))).toBe("AuthFailure.SignatureExpire");
    expect(tencentOutcome(await send(tc3(at, "DescribeCertificates", {}, { time: then })))).toBe("done");
    await future.close();
  });
});

describe("what the sandbox tells of itself", () => {
  const get = async (path: string): Promise<unknown> => JSON.parse((await ask(path)).text);
  const ask = (path: string, method = "GET") => send({ method, url: sandbox.control + path, headers: {}, body: "" });
  const logged = z.array(
    z.object({ operation: z.string(), effect: z.string(), outcome: z.string(), params: z.record(z.unknown()) }),
  );

  it("logs what reached an operation, without secrets", async () => {
    const { privateKeyPem, certificatePem } = await sandbox.account.authority.issue({
      names: ["log.example.com"],
      notBefore: minutesAgo(1),
      notAfter: minutesAgo(-1e5),
      key: "EC-P256",
    });
    const params = {
      CertificatePublicKey: certificatePem,
      CertificatePrivateKey: privateKeyPem,
      Alias: privateKeyPem,
      Extra: "x",
    };
    await send(tc3(ssl, "UploadCertificate", params));
    const last = logged.parse(await get("/requests")).at(-1);
    expect(last).toMatchObject({
      operation: "UploadCertificate",
      outcome: "UnknownParameter",
      params: {
        CertificatePublicKey: certificatePem,
        CertificatePrivateKey: `sha256:${sha256Hex(privateKeyPem)}`,
        Alias: `sha256:${sha256Hex(privateKeyPem)}`,
        Extra: `sha256:${sha256Hex("x")}`,
      },
    });
  });

  it("does not log what never reached one", async () => {
    const before = sandbox.requests.length;
    await send(tc3(ssl, "DescribeCertificates", {}, { credential: { id: "nobody", secret: "nothing" } }));
    await send(tc3(ssl, "DescribeNothing", {}));
    expect(sandbox.requests).toHaveLength(before);
  });

  it("can leave the reads out", async () => {
    await send(tc3(ssl, "DescribeCertificates", {}));
    const effects = logged.parse(await get("/requests?mutating=1")).map(({ effect }) => effect);
    expect(effects.length).toBeGreaterThan(0);
    expect(effects).not.toContain("read");
  });

  it("shows what the clouds hold, and no key", async () => {
    const { text: state } = await ask("/state");
    expect(state).not.toContain("PRIVATE KEY");
    expect(JSON.parse(state)).toMatchObject({
      zones: [{ id: "zone-sandboxdemo", hosts: [{ name: "www.example.com", mode: "sslcert" }, { mode: "disable" }] }],
      cdn: [{ name: "img.example.com", https: true, certificate: { keyMatches: true } }, { https: false }],
      vod: [{ name: "vod.example.com" }],
      live: [{ name: "play.example.com" }],
    });
    const served = z.object({
      zones: z.array(
        z.object({ hosts: z.array(z.object({ certificates: z.array(z.object({ fingerprint: z.string() })) })) }),
      ),
    });
    expect(served.parse(JSON.parse(state)).zones[0]?.hosts[0]?.certificates).toHaveLength(1);
  });

  it("answers to GET only, and at its own paths", async () => {
    expect((await ask("/state", "DELETE")).status).toBe(405);
    expect((await ask("/")).status).toBe(404);
  });
});

describe("faulty requests", () => {
  /** Sends bytes as they are and hangs up; gives what came back, which is nothing after a reset. */
  const hangUp = (bytes: string) => {
    const socket = connect(Number(new URL(ssl).port), "127.0.0.1", () => socket.end(bytes));
    return text(socket).catch((error: unknown) => {
      if (systemCodeOf(error) === "ECONNRESET") return "";
      throw error;
    });
  };

  it.each([
    ["no HTTP", "nonsense\r\n\r\n", /^HTTP\/1\.1 400/],
    ["an unfinished body", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc", /^HTTP\/1\.1 400/],
    // The reply can be lost to the reset that meets what was still being sent.
    ["an endless header", `GET /?${"a".repeat(200_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, /^(HTTP\/1\.1 431|$)/],
  ])("take nothing else with them: %s", async (_what, bytes, beginning) => {
    expect(await hangUp(bytes)).toMatch(beginning);
    expect(tencentOutcome(await send(tc3(ssl, "DescribeCertificates", {})))).toBe("done");
  });
});

describe("running by itself", () => {
  it("says in one line where it listens, and ends when told to", async () => {
    const stop = new AbortController();
    const out = new PassThrough();
    const ended = runSandbox({}, out, stop.signal).finally(() => out.end());
    out.once("data", () => stop.abort());
    const lines = (await text(out)).split("\n");
    await ended;
    expect(lines).toHaveLength(2);
    const { endpoints, env, control } = JSON.parse(lines[0] ?? "");
    expect(Object.keys(endpoints)).toEqual([
      "tencent-ssl",
      "tencent-edgeone",
      "alibaba-cdn",
      "alibaba-dcdn",
      "alibaba-vod",
      "alibaba-cas",
      "alibaba-cas-intl",
      "huawei-live",
      "huawei-scm",
    ]);
    expect(env).toMatchObject({
      TENCENTCLOUD_SECRET_ID: expect.stringContaining("sandbox"),
      HUAWEICLOUD_SDK_PROJECT_ID: "sandboxproject",
    });
    await expect(fetch(`${control}/state`)).rejects.toThrow();
  });
});
