import { connect } from "node:net";
import { JSONRPCMessageSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writtenHosts } from "../../src/http/host-and-origin.js";
import { listTools, post, startTeamServer, type TeamServer } from "../support/team-server.js";

let server: TeamServer;
const page = "https://console.example.com";

beforeAll(async () => {
  server = await startTeamServer(["--sandbox", "--allowed-origins", page, "--request-time", "1"]);
});
afterAll(() => server.end());

/** Sends bytes as they are; gives all that comes back until the server closes. */
function raw(...parts: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(server.origin);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      for (const part of parts) socket.write(part);
    });
    let received = "";
    socket.on("data", (chunk) => {
      received += chunk.toString();
    });
    socket.on("close", () => resolve(received));
    // The server stops reading what it refuses.
    socket.on("error", () => {});
  });
}

const request = (headers: Readonly<Record<string, string>>, body = JSON.stringify(listTools)) => {
  const { host } = new URL(server.origin);
  const usual = {
    host,
    connection: "close",
    "content-type": "application/json",
    "content-length": String(body.length),
  };
  const all = { accept: "application/json, text/event-stream", ...usual, ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `POST /mcp HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${body}`;
};

const statusOf = (reply: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(reply)?.[1]);

describe("a page of somebody else", () => {
  it("is answered as itself, to begin with", async () => expect(statusOf(await raw(request({})))).toBe(200));

  it.each([
    ["a name that resolves to this server", { host: "attacker.example" }],
    ["the server's name with another port", { host: "127.0.0.1:1" }],
    ["another name of the same address", { host: "localhost" }],
    ["no name at all", { host: "" }],
    ["a forwarded name from nobody who is trusted", { host: "attacker.example", "x-forwarded-host": "127.0.0.1" }],
  ])("gets nowhere with %s as Host", async (_, headers) => {
    expect(statusOf(await raw(request(headers)))).toBe(403);
  });

  it.each(["/%zz", "/%C3%28", `/approvals/${"a".repeat(2_000)}`])(
    "gets nowhere with a path that names nothing, and its request is logged: %s",
    async (path) => {
      const asked = (host: string) => raw(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
      expect(statusOf(await asked("attacker.example"))).toBe(403);
      const reply = await asked(new URL(server.origin).host);
      expect(statusOf(reply)).toBe(404);
      const [, id = "none"] = /x-request-id: (\S+)/i.exec(reply) ?? [];
      expect(await server.logged(id)).toContain('"status":404');
    },
  );

  it.each(["https://attacker.example", "null", `${page}.attacker.example`, page.replace("https", "http"), "file://"])(
    "gets nowhere with the Origin %s",
    async (origin) => {
      const { status, headers } = await post(server.endpoint, listTools, { origin });
      expect(status).toBe(403);
      expect(headers.get("access-control-allow-origin")).toBeNull();
    },
  );

  it("gets nowhere by a form or a script without preflight", async () => {
    const { status } = await post(server.endpoint, listTools, { "content-type": "text/plain" });
    expect(status).toBe(415);
  });
});

describe("a page that the operator allows", () => {
  it("may read the reply", async () => {
    const { status, headers } = await post(server.endpoint, listTools, { origin: page });
    expect(status).toBe(200);
    expect(headers.get("access-control-allow-origin")).toBe(page);
    expect(headers.get("access-control-allow-credentials")).toBeNull();
  });

  it("is told so beforehand", async () => {
    const { status, headers } = await fetch(server.endpoint, { method: "OPTIONS", headers: { origin: page } });
    expect(status).toBe(204);
    expect(headers.get("access-control-allow-headers")).toContain("authorization");
  });
});

describe("what is sent", () => {
  it.each([
    ["is not JSON", "{", 400],
    ["is not UTF-8", Buffer.from([0x22, 0xff, 0x22]).toString("latin1"), 400],
    ["is a batch", [listTools, listTools], 400],
    ["is nested too deep", `${"[".repeat(100)}${"]".repeat(100)}`, 400],
    [
      "has too many values",
      JSON.stringify({ ...listTools, params: { a: Array.from({ length: 30_000 }, () => 1) } }),
      400,
    ],
    ["is no message", { hello: "world" }, 400],
    ["is nothing", "", 400],
  ])("is refused if it %s", async (_, body, expected) => {
    const { status } = await post(server.endpoint, body);
    expect(status).toBe(expected);
  });

  it("is refused if it says that it is larger than any message", async () => {
    expect(statusOf(await raw(request({ "content-length": String(5 * 1024 * 1024) }, "")))).toBe(413);
  });

  it("is refused as soon as it is larger than any message", async () => {
    const { host } = new URL(server.origin);
    const head = `POST /mcp HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`;
    const chunk = `100000\r\n${"x".repeat(0x10_00_00)}\r\n`;
    expect(statusOf(await raw(head, chunk, chunk, chunk, chunk, chunk))).toBe(413);
  });

  it("is refused if its headers do not end in time", async () => {
    const reply = await raw("POST /mcp HTTP/1.1\r\nhost: x\r\n");
    expect(statusOf(reply)).toBe(408);
  });

  it("is refused if its body does not end in time", async () => {
    const reply = await raw(request({ "content-length": "1000" }, '{"jsonrpc"'));
    expect(statusOf(reply)).toBe(408);
  });

  it.each([
    ["two lengths", "content-length: 4\r\ncontent-length: 5\r\n\r\nabcd"],
    ["a length and chunks", "content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"],
    ["a line of its own in a header", "x: a\rb\r\n\r\n"],
  ])("is refused if it has %s", async (_, rest) => {
    const { host } = new URL(server.origin);
    expect(statusOf(await raw(`POST /mcp HTTP/1.1\r\nhost: ${host}\r\n${rest}`))).toBe(400);
  });

  it.each<[number, string, string | object, Record<string, string>]>([
    [403, "a foreign Origin", listTools, { origin: "https://attacker.example" }],
    [415, "no JSON", listTools, { "content-type": "text/plain" }],
    [400, "half a message", "{", {}],
    [400, "an id that is null", { ...listTools, id: null }, {}],
    [400, "nothing", "", {}],
  ])("is refused with %i by a message of the protocol: %s", async (expected, _, body, headers) => {
    const reply = await post(server.endpoint, body, headers);
    expect(reply.status).toBe(expected);
    // MCP 2025-11-25, Streamable HTTP: "a JSON-RPC error response that has no `id`".
    expect(JSONRPCMessageSchema.parse(await reply.json())).not.toHaveProperty("id");
  });

  it("is refused in a revision of the protocol that the server does not speak", async () => {
    const { status } = await post(server.endpoint, listTools, { "mcp-protocol-version": "1999-01-01" });
    expect(status).toBe(400);
  });

  it("is accepted without an answer if it is a notification", async () => {
    const reply = await post(server.endpoint, { jsonrpc: "2.0", method: "notifications/initialized" });
    expect([reply.status, await reply.text()]).toEqual([202, ""]);
  });

  it.each([
    ["GET", 405],
    ["DELETE", 405],
    ["PUT", 404],
  ])("by %s is refused", async (method, expected) => {
    const { status } = await fetch(server.endpoint, { method, headers: { accept: "text/event-stream" } });
    expect(status).toBe(expected);
  });
});

it.each([
  ["certs.example.com", "https:", ["certs.example.com", "certs.example.com:443"]],
  ["certs.example.com:443", "https:", ["certs.example.com:443", "certs.example.com"]],
  ["certs.example.com:8443", "https:", ["certs.example.com:8443"]],
  ["[::1]", "http:", ["[::1]", "[::1]:80"]],
])("the host %s of %s may be written with and without the scheme's own port", (host, protocol, forms) => {
  expect(writtenHosts(host, protocol)).toEqual(forms);
});

describe("requests that are too many", () => {
  it("are refused by person and by address, with the time to wait", async () => {
    const busy = await startTeamServer(["--sandbox", "--rate-limit", "3", "--address-rate-limit", "5"]);
    const replies = [];
    for (let count = 0; count < 7; count += 1) {
      const { status, headers } = await post(busy.endpoint, listTools);
      replies.push([status, headers.has("retry-after")]);
    }
    const [good, refused] = [
      [200, false],
      [429, true],
    ];
    expect(replies).toEqual([good, good, good, refused, refused, refused, refused]);
    // Probes come from an address, too; they are not counted.
    expect((await fetch(`${busy.origin}/readyz`)).status).toBe(200);
    await busy.end();
  });
});

// The last test: it ends the server that the others ask.
it("connections on which nothing was said, or half a request, do not keep a server from ending", async () => {
  const open = [raw(""), raw("POST /mcp HTTP/1.1\r\nhost: x\r\n"), raw(request({ "content-length": "1000" }, "{"))];
  expect(await server.end()).toBe(0);
  await Promise.all(open);
});
