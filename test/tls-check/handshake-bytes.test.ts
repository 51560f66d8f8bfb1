import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { beginsAsTls, fatalAlertIn } from "../../src/tls-check/handshake-bytes.js";

const record = (type: number, content: Buffer) =>
  Buffer.concat([Buffer.from([type, 3, 3, content.length >> 8, content.length & 255]), content]);
const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));

describe("the bytes of a server", () => {
  it("may be anything", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          bytes(300),
          bytes(60).map((content) => record(22, content)),
        ),
        (any) => {
          expect(() => [fatalAlertIn(any), beginsAsTls(any)]).not.toThrow();
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
