import { expect, it } from "vitest";
import { conversionOf } from "../../../src/secrets/references/conversion.js";
import { otherFormat } from "../../../src/secrets/references/other-formats.js";

const pfx = { label: "PKCS12", pem: "", der: Buffer.from("3003020103", "hex") };

it.each([
  ["a PFX", otherFormat(pfx.der, [pfx])],
  ["an old PFX", otherFormat(pfx.der, [{ ...pfx, der: Buffer.from("2a864886f70d010c0106", "hex") }])],
  ["a Java keystore", otherFormat(Buffer.from("feedfeed00000002", "hex"), [])],
])("the advice for %s names the pass phrase by a reference, and not in the conversation", (_, format) => {
  const advice = format ? conversionOf(format, "name").join(" ") : "";
  expect(advice).toMatch(/;password=file:PATH or \S+;password=env:NAME/);
  expect(advice).toContain("never write it there");
});

it("what people upload is said without references, and names the same files", () => {
  const format = otherFormat(pfx.der, [pfx]);
  const told = format ? conversionOf(format, "upload").join(" ") : "";
  expect(told).toContain("upload site.pem with that pass phrase");
  expect(told).not.toMatch(/file:|env:|openssl pkcs12/);
});

it("a file in base64 is decoded first, and the other commands take the result", () => {
  const inside = Buffer.concat([Buffer.from("feedfeed00000002", "hex"), Buffer.alloc(64)]);
  const format = otherFormat(Buffer.from(inside.toString("base64")), []);
  expect(String(format?.name)).toBe("a Java keystore, in base64");
  expect(format?.commands.slice(0, 2)).toEqual([
    "base64 -d FILE > decoded",
    expect.stringContaining("-srckeystore decoded "),
  ]);
});

it.each(['{"kty":"EC","d":"x"}', Buffer.from(`{"kty":"EC","d":"${"x".repeat(60)}"}`).toString("base64")])(
  "a key of an account is one for something else, also in base64: %s",
  (text) => expect(otherFormat(Buffer.from(text), [])?.isForElse).toBe(true),
);
