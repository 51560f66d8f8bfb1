import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ToolError } from "../../../src/lib/tool-error.js";
import { parseReference } from "../../../src/secrets/references/syntax.js";
import { failureOf } from "./support.js";

describe("parseReference", () => {
  it.each([
    ["file:/etc/ssl/site.pem", { kind: "file", path: "/etc/ssl/site.pem" }],
    [" file:site.pem\n", { kind: "file", path: "site.pem" }],
    ["FILE:x", { kind: "file", path: "x" }],
    ["Env:CLOUDKEY_PEM", { kind: "env", name: "CLOUDKEY_PEM" }],
    ["env:CLOUDKEY_PEM", { kind: "env", name: "CLOUDKEY_PEM" }],
    ["vault:abc-_1", { kind: "vault", id: "abc-_1" }],
    ["vault:abc#fullchain", { kind: "vault", id: "abc", part: "fullchain" }],
    ["file:a.key; password=env:PASS", { kind: "file", path: "a.key", password: { kind: "env", name: "PASS" } }],
    ["file:a.key ;passphrase = env:PASS", { kind: "file", path: "a.key", password: { kind: "env", name: "PASS" } }],
    ["file:a;b.key;password=env:PASS", { kind: "file", path: "a;b.key", password: { kind: "env", name: "PASS" } }],
    [
      "vault:abc#key;password=file:p.txt",
      { kind: "vault", id: "abc", part: "key", password: { kind: "file", path: "p.txt" } },
    ],
    ["file: site.pem", { kind: "file", path: "site.pem" }],
    ["file：site.pem", { kind: "file", path: "site.pem" }],
    ["<file:site.pem>", { kind: "file", path: "site.pem" }],
    ["“file:site.pem”", { kind: "file", path: "site.pem" }],
    ["「file:site.pem」", { kind: "file", path: "site.pem" }],
    ["file:“my site.pem”", { kind: "file", path: "my site.pem" }],
    ["env: CLOUDKEY_PEM", { kind: "env", name: "CLOUDKEY_PEM" }],
    ["file:my%20site.crt", { kind: "file", path: "my%20site.crt", decoded: "my site.crt" }],
    ["file:%E8%AF%81%E4%B9%A6.crt", { kind: "file", path: "%E8%AF%81%E4%B9%A6.crt", decoded: "证书.crt" }],
    ["file:./a%2Fb%20c.crt", { kind: "file", path: "./a%2Fb%20c.crt", decoded: "./a%2Fb%20c.crt" }],
    ["file:100%.crt", { kind: "file", path: "100%.crt" }],
  ])("reads %j", (text, expected) => expect(parseReference(text)).toEqual(expected));

  it.each(["-----BEGIN CERTIFICATE-----", "/etc/ssl/site.pem", "hunter2", "", "files:x"])(
    "takes %j for the value itself",
    (text) => expect(parseReference(text)).toBeUndefined(),
  );

  it.each([
    "file:",
    "file:a\nb",
    "file:a\u0000b",
    `file:${"x".repeat(5000)}`,
    "env:",
    "env:1A",
    "env:s3cret!",
    "vault:",
    "vault:a b",
    "vault:abc#pfx",
    "vault:abc#key#leaf",
    "file:a.key;password=hunter2",
    "file:a.key;password=",
  ])("refuses %j without repeating it", async (text) => {
    const { kind, happened, next } = await failureOf(() => parseReference(text));
    expect(kind).toBe("input");
    expect(`${happened} ${next}`).not.toMatch(/hunter2|s3cret|xxxx|pfx/);
  });

  it("ends in a reference, in undefined or in a failure, whatever it is given", () => {
    const texts = fc.tuple(fc.constantFrom("file:", "env:", "vault:", ""), fc.string()).map((parts) => parts.join(""));
    fc.assert(
      fc.property(texts, (text) => {
        try {
          parseReference(text);
        } catch (error) {
          expect(error).toBeInstanceOf(ToolError);
        }
      }),
    );
  });
});
