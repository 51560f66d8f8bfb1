import { expect, it } from "vitest";
import { otherFormat } from "../../../src/secrets/references/other-formats.js";

const pfx = { label: "PKCS12", pem: "", der: Buffer.from("3003020103", "hex") };

it.each([
  ["a PFX", otherFormat(pfx.der, [pfx])],
  ["an old PFX", otherFormat(pfx.der, [{ ...pfx, der: Buffer.from("2a864886f70d010c0106", "hex") }])],
  ["a Java keystore", otherFormat(Buffer.from("feedfeed00000002", "hex"), [])],
])("the advice for %s names the pass phrase by a reference, and not in the conversation", (_, format) => {
  expect(format?.conversion).toMatch(/;password=file:PATH or \S+;password=env:NAME/);
  expect(format?.conversion).toContain("never write it there");
});
