import { once } from "node:events";
import { createServer, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { setImmediate } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { describe, expect, it } from "vitest";
import { Drain } from "../../src/http/drain.js";
import { CertificateAuthority } from "../../src/sandbox/authority.js";
import { listen } from "../support/ports.js";

const day = 24 * 3_600_000;
const authority = await CertificateAuthority.create(new Date());
const { certificatePem: cert, privateKeyPem: key } = await authority.issue({
  names: ["localhost"],
  key: "EC-P256",
  notBefore: new Date(Date.now() - day),
  notAfter: new Date(Date.now() + day),
});

const http = {
  create: (listener: RequestListener) => createServer(listener),
  open: (port: number) => connect(port, "127.0.0.1"),
};
const https = {
  create: (listener: RequestListener) => createTlsServer({ cert, key }, listener),
  open: (port: number) => connectTls({ host: "127.0.0.1", port, ca: authority.rootPem, servername: "localhost" }),
};
const ever = 600_000;

describe.each([
  ["HTTP", http],
  ["HTTPS", https],
])("a server of %s that ends", (_, { create, open }) => {
  async function start(moment = async () => {}) {
    const answers = new Map<string, ServerResponse>();
    const server = create(async (request, response) => {
      const { url = "" } = request;
      answers.set(url, response);
      if (url === "/stream") response.write("first");
      else if (url === "/large") response.end(Buffer.alloc(64 * 1024 * 1024));
      else if ((await text(request).catch(() => undefined)) !== undefined) response.end("answered");
    });
    const drain = new Drain(server, moment);
    const port = await listen(server);
    const say = async (words: string) => {
      const socket = open(port).on("error", () => {});
      await once(server, "connection");
      socket.write(words);
      return socket;
    };
    return { server, drain, answers, say, closed: once(server, "close") };
  }

  it.each([
    ["nothing was said", "", false],
    ["half a head was sent", "POST / HTTP/1.1\r\nhost: a\r\n", false],
    ["half a body was sent", "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nhalf", false],
    ["a request was answered", "GET / HTTP/1.1\r\nhost: a\r\n\r\n", true],
  ])("does not wait for a connection on which %s", async (_what, words, isAnswered) => {
    const { drain, say, closed } = await start();
    const socket = await say(words);
    if (isAnswered) await once(socket, "data");
    await drain.run(1);
    await drain.close(ever);
    await closed;
  });

  it("stops listening after a moment in which no connection arrived, and closes none before", async () => {
    const moments: (() => void)[] = [];
    const { server, drain, say, closed } = await start(() => new Promise((resolve) => moments.push(resolve)));
    const request = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
    const ending = drain.run(ever);
    for (let arriving = 1; arriving <= 3; arriving += 1) {
      const socket = await say(request);
      expect(String(await once(socket, "data"))).not.toMatch(/^connection: close/im);
      socket.destroy();
      moments.shift()?.();
      while (moments.length === 0) await setImmediate();
      expect(server.listening).toBe(true);
    }
    const kept = await say(request);
    await once(kept, "data");
    moments.shift()?.();
    while (moments.length === 0) await setImmediate();
    moments.shift()?.();
    while (server.listening) await setImmediate();
    kept.write(request);
    expect(String(await once(kept, "data"))).toMatch(/^connection: close/im);
    await ending;
    await closed;
  });

  it("stops listening at half of the time that it has, however many connections arrive", async () => {
    const { server, drain, say } = await start(async () => {
      await say("");
    });
    await drain.run(1);
    expect(server.listening).toBe(false);
    await drain.close(ever);
  });

  it("waits until a stream that has begun is sent to its end", async () => {
    const { drain, say, answers, closed } = await start();
    const socket = await say("GET /stream HTTP/1.1\r\nhost: a\r\n\r\n");
    await once(socket, "readable");
    await drain.run(1);
    const rest = text(socket);
    const closing = drain.close(ever);
    answers.get("/stream")?.end("last");
    await closing;
    expect(await rest).toMatch(/first[\s\S]*last/);
    await closed;
  });

  it("waits no longer than it may for a client that does not read", async () => {
    const { drain, say, closed } = await start();
    const socket = await say("GET /large HTTP/1.1\r\nhost: a\r\n\r\n");
    await once(socket, "readable");
    await drain.run(1);
    await drain.close(1);
    await closed;
  });
});
