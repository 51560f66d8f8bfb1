import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, describe, expect, it } from "vitest";
import { ApprovalPage } from "../../../src/approval/page/server.js";
import { requestAt, send } from "./support.js";

// In milliseconds: a busy computer sends a request within it.
const openPage = () => new ApprovalPage({ timeoutMs: 700 });

/** Writes raw bytes to the server behind a link. */
function wire(link: string, bytes: string): Socket {
  const { port, hostname } = new URL(link);
  const socket = connect(Number(port), hostname);
  socket.write(bytes);
  return socket;
}

describe.concurrent("a client that misbehaves is cut off, and the page goes on", () => {
  const page = openPage();
  afterAll(() => page.close());
  const head = (link: string, extra = "") => {
    const { host, pathname } = new URL(link);
    return `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/x-www-form-urlencoded\r\n${extra}`;
  };

  it.each<[string, number | "nothing", (link: string) => string]>([
    ["says nothing", 408, () => ""],
    ["stops amid the head", 408, (link) => head(link)],
    ["stops amid the body", 408, (link) => head(link, "Content-Length: 100\r\n\r\nseal=")],
    ["sends something else", 400, () => "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"],
    ["sends an endless head", 431, (link) => head(link, `X-Long: ${"x".repeat(20_000)}\r\n\r\n`)],
    [
      "names two lengths",
      400,
      (link) => head(link, "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    ],
    [
      "sends an endless body",
      413,
      (link) => head(link, `Transfer-Encoding: chunked\r\n\r\n2000\r\n${"x".repeat(8192)}\r\n`),
    ],
    [
      "asks for a tunnel",
      "nothing",
      () => "CONNECT attacker.example:443 HTTP/1.1\r\nHost: attacker.example:443\r\n\r\n",
    ],
    ["names no host", 421, (link) => `GET ${new URL(link).pathname} HTTP/1.0\r\n\r\n`],
    [
      "names a foreign address",
      404,
      (link) => `GET ${link.replace("127.0.0.1", "attacker.example")} HTTP/1.1\r\nHost: ${new URL(link).host}\r\n\r\n`,
    ],
  ])("%s: %s", async (_, status, bytes) => {
    const { request } = requestAt();
    const link = await page.offer(request);
    const answer = await text(wire(link, bytes(link)));
    expect(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? "nothing").toBe(String(status));
    expect(request.open).toBe(true);
    expect((await send(link)).status).toBe(200);
  });

  it("goes away amid the body", async () => {
    const { request } = requestAt();
    const link = await page.offer(request);
    const socket = wire(link, head(link, "Expect: 100-continue\r\nContent-Length: 100\r\n\r\n"));
    await once(socket, "data");
    socket.resetAndDestroy();
    expect((await send(link)).status).toBe(200);
    expect(request.open).toBe(true);
  });
});

describe("closing", () => {
  it("ends open connections and the server", async () => {
    const page = openPage();
    const link = await page.offer(requestAt().request);
    const socket = wire(link, "");
    await once(socket, "connect");
    const closed = once(socket, "close");
    await page.close();
    await closed;
    await expect(send(link)).rejects.toThrow("ECONNREFUSED");
  });

  it("needs no server to have been started, and may be repeated", async () => {
    const page = openPage();
    await page.close();
    const link = await page.offer(requestAt().request);
    await page.close();
    await page.close();
    await expect(send(link)).rejects.toThrow("ECONNREFUSED");
  });
});
