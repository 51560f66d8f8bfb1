import { once } from "node:events";
import { connect as connectPlain, createServer } from "node:net";
import { connect } from "node:tls";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readClientHello } from "../../../src/sandbox/edge/client-hello.js";
import { listen } from "../../support/ports.js";
import { EdgeFixture } from "./fixture.js";

/** What Node.js says first to a server when it wants `servername`. */
async function helloFor(servername: string | undefined): Promise<Buffer> {
  const server = createServer();
  const port = await listen(server);
  const visitor = connect({ host: "127.0.0.1", port, ...(servername && { servername }) });
  visitor.on("error", () => {});
  const [socket] = await once(server, "connection");
  const [said] = await once(socket, "data");
  visitor.destroy();
  socket.destroy();
  server.close();
  return said;
}

/** The same message in records of one or two bytes. */
function inPieces(hello: Buffer): Buffer {
  const message = hello.subarray(5);
  const records: Buffer[] = [];
  for (let at = 0; at < message.length; at += 2) {
    const part = message.subarray(at, at + 2);
    records.push(Buffer.from([22, 3, 1, 0, part.length]), part);
  }
  return Buffer.concat(records);
}

let hello: Buffer;
beforeAll(async () => {
  hello = await helloFor("WWW.example.com");
});

describe("the name in a ClientHello", () => {
  it("is read as Node.js sends it, in one record or in many, and whatever follows", async () => {
    const found = { serverName: "www.example.com" };
    expect(readClientHello(hello)).toEqual(found);
    expect(readClientHello(inPieces(hello))).toEqual(found);
    // A visitor that sends data early puts a record of another kind behind it.
    expect(readClientHello(Buffer.concat([hello, Buffer.from([20, 3, 3, 0, 1, 1])]))).toEqual(found);
    expect(readClientHello(await helloFor(undefined))).toEqual({ serverName: undefined });
  });

  it("is waited for until the message is whole", () => {
    for (const bytes of [hello, inPieces(hello)]) {
      for (let length = 0; length < bytes.length; length++) {
        expect(readClientHello(bytes.subarray(0, length))).toBe("incomplete");
      }
    }
  });

  it("is not there in an old hello that ends before its extensions", () => {
    const body = Buffer.concat([Buffer.alloc(34), Buffer.from([0, 0, 2, 0x00, 0x2f, 1, 0])]);
    const header = Buffer.from([22, 3, 1, 0, body.length + 4, 1, 0, 0, body.length]);
    expect(readClientHello(Buffer.concat([header, body]))).toEqual({ serverName: undefined });
  });

  it("is looked for in anything without harm", () => {
    expect(readClientHello(Buffer.from("GET / HTTP/1.1\r\n"))).toBe("malformed");
    expect(readClientHello(Buffer.from([22, 3, 1, 0, 4, 2, 0, 0, 0]))).toBe("malformed");
    const damage = fc.array(fc.tuple(fc.nat(hello.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(damage, (places) => {
        const damaged = Buffer.from(hello);
        for (const [at, byte] of places) damaged[at] = byte;
        const read = readClientHello(damaged);
        expect(typeof read === "object" || read === "malformed" || read === "incomplete").toBe(true);
      }),
    );
  });
});

describe("an address of the edge", () => {
  let fixture: EdgeFixture;
  beforeAll(async () => {
    fixture = await EdgeFixture.open();
  });
  afterAll(() => fixture.sandbox.close());
  const open = () => connectPlain({ host: "127.0.0.1", port: fixture.sandbox.edge.addresses[0]?.port ?? 0 });

  it("answers a hello that comes byte by byte", async () => {
    const visitor = open().setNoDelay();
    await once(visitor, "connect");
    for (const byte of hello) await new Promise((resolve) => visitor.write(Buffer.from([byte]), resolve));
    const [answer] = await once(visitor, "data");
    expect([...answer.subarray(0, 1)]).toEqual([22]);
    visitor.destroy();
  });

  it.each([
    ["no TLS", Buffer.from("GET / HTTP/1.1\r\n\r\n")],
    [
      "a hello without end",
      Buffer.concat([Buffer.from([22, 3, 1, 255, 255, 1, 255, 255, 255]), Buffer.alloc(80_000, 22)]),
    ],
  ])("refuses %s", async (_what, bytes) => {
    const visitor = open();
    visitor.write(bytes);
    const [answer] = await once(visitor, "data");
    expect([...answer]).toEqual([21, 3, 3, 0, 2, 2, 50]);
    visitor.destroy();
  });
});
