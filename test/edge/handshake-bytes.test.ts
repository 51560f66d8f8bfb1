import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { beginsAsTls, certificatesIn, fatalAlertIn } from "../../src/edge/handshake-bytes.js";

const length3 = (length: number) => Buffer.from([length >> 16, (length >> 8) & 255, length & 255]);
const record = (type: number, content: Buffer) =>
  Buffer.concat([Buffer.from([type, 3, 3, content.length >> 8, content.length & 255]), content]);
const message = (type: number, body: Buffer) => Buffer.concat([Buffer.from([type]), length3(body.length), body]);
const certificateMessage = (chain: readonly Buffer[]) => {
  const list = Buffer.concat(chain.flatMap((each) => [length3(each.length), each]));
  return message(11, Buffer.concat([length3(list.length), list]));
};

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));

describe("the bytes of a server", () => {
  it("give the chain in the order in which it was sent, however it is cut into records", () => {
    fc.assert(
      fc.property(
        fc.array(bytes(600), { minLength: 1, maxLength: 5 }),
        bytes(90),
        fc.integer({ min: 1, max: 700 }),
        bytes(40),
        (chain, hello, size, rest) => {
          const flight = Buffer.concat([message(2, hello), certificateMessage(chain), message(14, Buffer.alloc(0))]);
          const records: Buffer[] = [];
          for (let at = 0; at < flight.length; at += size) records.push(record(22, flight.subarray(at, at + size)));
          const all = Buffer.concat([...records, record(20, Buffer.from([1])), rest]);
          expect(certificatesIn(all)).toEqual(chain);
          expect(beginsAsTls(all)).toBe(true);
        },
      ),
    );
  });

  it("give none before the message has come whole", () => {
    const all = record(22, certificateMessage([Buffer.alloc(50, 7)]));
    for (let end = 0; end < all.length; end += 1) expect(certificatesIn(all.subarray(0, end))).toEqual([]);
    expect(certificatesIn(all)).toHaveLength(1);
  });

  it("may be anything", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          bytes(300),
          bytes(60).map((content) => record(22, content)),
        ),
        (any) => {
          expect(() => [certificatesIn(any), fatalAlertIn(any), beginsAsTls(any)]).not.toThrow();
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("tell the alert that ended it, and pass over a warning", () => {
    const warning = record(21, Buffer.from([1, 112]));
    expect(fatalAlertIn(warning)).toBeUndefined();
    expect(fatalAlertIn(Buffer.concat([warning, record(21, Buffer.from([2, 40]))]))).toBe(40);
  });

  it.each(["HTTP/1.1 400", "220 mail", "SSH-2.0"])("that are no TLS: %s", (text) => {
    expect(beginsAsTls(Buffer.from(text))).toBe(false);
  });
});
