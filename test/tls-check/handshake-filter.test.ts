import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limits } from "../../src/catalogue/limits.js";
import { HandshakeFilter } from "../../src/tls-check/handshake-filter.js";

const length3 = (length: number) => Buffer.from([length >> 16, (length >> 8) & 255, length & 255]);
const record = (type: number, content: Buffer) =>
  Buffer.concat([Buffer.from([type, 3, 3, content.length >> 8, content.length & 255]), content]);
const message = (type: number, body: Buffer) => Buffer.concat([Buffer.from([type]), length3(body.length), body]);
const certificateMessage = (chain: readonly Buffer[]) => {
  const list = Buffer.concat(chain.flatMap((each) => [length3(each.length), each]));
  return message(11, Buffer.concat([length3(list.length), list]));
};
const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
const hello = message(2, Buffer.alloc(40));
const cut = (data: Buffer, size: number) =>
  Array.from({ length: Math.ceil(data.length / size) }, (_, at) => data.subarray(at * size, (at + 1) * size));

/** A gate that is given the chunks, and what came of it. */
function through(chunks: readonly Buffer[]) {
  const passed: Buffer[] = [];
  const refused: (readonly Buffer[])[] = [];
  const gate = new HandshakeFilter(
    (some) => passed.push(some),
    (certificates) => refused.push(certificates),
  );
  for (const chunk of chunks) gate.push(chunk);
  return { gate, passed: Buffer.concat(passed), refused };
}

describe("the gate before node:tls", () => {
  it("passes everything on as it came, and knows the chain in the order in which it was sent", () => {
    fc.assert(
      fc.property(
        fc.array(bytes(600), { minLength: 1, maxLength: limits.chain.certificates }),
        fc.integer({ min: 40, max: 700 }),
        fc.integer({ min: 1, max: 700 }),
        bytes(40),
        (chain, size, chunk, rest) => {
          const flight = Buffer.concat([hello, certificateMessage(chain), message(14, Buffer.alloc(0))]);
          const records = cut(flight, size).map((part) => record(22, part));
          const all = Buffer.concat([...records, record(20, Buffer.from([1])), rest]);
          const { gate, passed, refused } = through(cut(all, chunk));
          expect(gate.certificates).toEqual(chain);
          expect(passed).toEqual(all);
          expect(refused).toEqual([]);
        },
      ),
    );
  });

  it("passes nothing of the certificates on before they have come whole", () => {
    const before = record(22, hello);
    const all = Buffer.concat([before, record(22, certificateMessage([Buffer.alloc(50, 7)]))]);
    for (let end = before.length; end < all.length; end += 1) {
      const { gate, passed } = through([all.subarray(0, end)]);
      expect(gate.certificates).toEqual([]);
      expect(passed).toEqual(before);
    }
  });

  it.each<[string, Buffer[]]>([
    [
      "more certificates than a public chain has",
      [certificateMessage(Array(limits.chain.certificates + 1).fill(Buffer.alloc(50)))],
    ],
    ["a certificate of 40 KiB", [certificateMessage([Buffer.alloc(40 * 1024)])]],
    ["a message that will have 1 MiB", [Buffer.concat([Buffer.from([11]), length3(1024 * 1024)])]],
    ["records without an end", Array(5_000).fill(Buffer.from([1]))],
  ])("shuts before %s", (_, contents) => {
    const records = contents.flatMap((content) => cut(content, 16_000)).map((part) => record(22, part));
    const { passed, refused } = through([record(22, hello), ...records]);
    expect(refused).toHaveLength(1);
    expect(refused[0]?.length).toBeLessThanOrEqual(limits.chain.certificates);
    expect(passed.length).toBeLessThan(limits.chain.certificateBytes);
  });

  it("may be given anything", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            bytes(300),
            bytes(60).map((content) => record(22, content)),
          ),
        ),
        (chunks) => {
          expect(() => through(chunks)).not.toThrow();
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("leaves what is no TLS to node:tls", () => {
    const http = Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n");
    expect(through([http]).passed).toEqual(http);
  });
});
