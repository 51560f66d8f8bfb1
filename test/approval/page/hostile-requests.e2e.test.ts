import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../../src/sandbox/server.js";
import { type Assistant, pointedAt, startAssistant } from "../../support/assistant.js";
import { neededApproval } from "../../support/requests.js";
import { prepareSamples, sampleChanges } from "../../support/sample-calls.js";
import { ofRows, rows, wide } from "../../support/width.js";
import { send, submit } from "./support.js";

/** Whoever holds connections to the approval page, or fills it with them, does not keep the person from it. */

let sandbox: Sandbox;
let restore: () => void;
beforeAll(async () => {
  sandbox = await startSandbox({ speed: 600 });
  restore = prepareSamples(sandbox);
  const { args, env } = pointedAt(sandbox);
  assistant = await startAssistant([...args, "--approve", "page"], { env, person: null });
});
afterAll(async () => {
  await assistant.close();
  await sandbox.close();
});

const operation = "ModifyCertificateAlias";
let assistant: Assistant;
let link: string;
let call: Promise<unknown>;
let questions = 0;
const held = new Set<Socket>();

beforeEach(async () => {
  await new Promise<void>((asked) => {
    call = assistant.call(operation, sampleChanges[operation], asked);
  });
  link = assistant.links(operation)[questions] ?? "";
  questions += 1;
  expect(link).not.toBe("");
});
afterEach(() => {
  for (const socket of held) socket.removeAllListeners("close").destroy();
  held.clear();
  restore();
});

/** A connection on which something is sent, and then nothing more. */
async function hold(bytes: string): Promise<Socket> {
  const { port, hostname } = new URL(link);
  const socket = connect(Number(port), hostname);
  held.add(socket);
  // The server may end it at any time.
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write(bytes);
  return socket;
}

const head = (extra = "") => {
  const { host, pathname } = new URL(link);
  return `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/x-www-form-urlencoded\r\n${extra}`;
};

async function personApproves(): Promise<void> {
  const before = sandbox.requests.length;
  expect((await send(link)).status).toBe(200);
  expect((await submit(link, { decision: "approve" })).status).toBe(200);
  await call;
  expect(sandbox.requests.slice(before).filter(neededApproval)).toMatchObject([{ operation }]);
}

const ways: readonly (readonly [string, () => string])[] = [
  ["say nothing", () => ""],
  ["stop amid the head", () => head("X-Slow: ")],
  ["stop amid the body", () => head("Content-Length: 100\r\n\r\nseal=")],
  ["stop amid a chunk", () => head("Transfer-Encoding: chunked\r\n\r\n40\r\nseal=")],
  ["wait to be told to go on", () => head("Expect: 100-continue\r\nContent-Length: 100\r\n\r\n")],
  [
    "send one request, and half of another behind it",
    () => `GET / HTTP/1.1\r\nHost: ${new URL(link).host}\r\n\r\n${head()}`,
  ],
];

const crowds = ways.flatMap(([what, bytes]) => [700, 64].map((many) => [what, many, bytes] as const));

describe("the person gets through while connections", () => {
  it.each(rows(crowds, 1))("%s: %i of them", ofRows, async (_, many, bytes) => {
    for (let count = 0; count < many; count += 1) await hold(bytes());
    expect((await send(link)).status).toBe(200);
    await personApproves();
  });

  it("send a byte at a time", wide, async () => {
    const sockets: Socket[] = [];
    for (let count = 0; count < 600; count += 1) sockets.push(await hold(head("X-Slow: ")));
    const trickle = setInterval(() => {
      for (const socket of sockets) if (socket.writable) socket.write("x");
    }, 20);
    await personApproves();
    clearInterval(trickle);
  });

  it("come back as soon as they are ended", async () => {
    const again = async () => {
      const socket = await hold(head());
      socket.once("close", () => {
        held.delete(socket);
        again().catch(() => {});
      });
    };
    for (let count = 0; count < 600; count += 1) await again();
    await personApproves();
  });

  it("do not read what they are answered", async () => {
    for (let count = 0; count < 600; count += 1) {
      const { host, pathname } = new URL(link);
      const socket = await hold(`GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
      socket.pause();
    }
    await personApproves();
  });
});

it("a form that was begun before the others came is still taken", async () => {
  const { body } = await send(link);
  const csrfToken = /name="csrfToken" value="([^"]+)"/.exec(body)?.[1] ?? "";
  const form = `csrfToken=${encodeURIComponent(csrfToken)}&decision=approve`;
  const socket = await hold(head(`Content-Length: ${form.length}\r\n\r\n${form.slice(0, 10)}`));
  for (let count = 0; count < 100; count += 1) await hold(head());
  socket.write(form.slice(10));
  const [answer] = await once(socket, "data");
  expect(String(answer)).toMatch(/^HTTP\/1\.1 200 /);
  await call;
});
