import { generateKeyPairSync, randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatName } from "../../../src/lib/safe-text.js";
import { Redactor } from "../../../src/secrets/redaction/redactor.js";
import { runs } from "../../support/width.js";

const newKey = () =>
  generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const newToken = () => randomBytes(30).toString("base64url");

describe("Redactor", () => {
  it("keeps JSON valid that it masks as one text, and what is in it besides the secrets", () => {
    const [key, token] = [newKey(), newToken()];
    const redactor = new Redactor([key, token]);
    const piece = fc.oneof(
      fc.constantFrom(key, token, JSON.stringify(key), encodeURIComponent(key), Buffer.from(key).toString("base64")),
      fc.string({ unit: fc.constantFrom(..."nuxb04\\\"'/%&;#<>U+-=\n "), maxLength: 12 }),
      fc.constantFrom("-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "\\u0022", "&quot;", "%22", "\\"),
    );
    const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (texts) => {
        const nested = { texts, inText: JSON.stringify({ texts }), "-----BEGIN PRIVATE KEY-----": texts, count: 1 };
        const redacted = redactor.redact(JSON.stringify(nested));
        const parsed: unknown = JSON.parse(redacted);
        expect(parsed).toMatchObject({ count: 1, texts: { length: texts.length } });
        expect(redacted).not.toContain(token);
        expect(redactor.redact(redacted)).toBe(redacted);
      }),
      { numRuns: runs(200, 1_000) },
    );
  });

  it("finds a secret in a name that is no host's: such a name is not cut before", () => {
    const key = newKey();
    const hex = Buffer.from(key.split("\n").slice(1, -2).join(""), "base64").toString("hex");
    expect(new Redactor([key]).redact(String(formatName(hex)))).not.toMatch(/[0-9a-f]{16}/);
  });

  it("keeps the escape of a quotation mark after a key that is cut off", () => {
    const line = JSON.stringify({ text: JSON.stringify({ Key: "-----BEGIN PRIVATE KEY-----MIIEvAIBADAN" }) });
    expect(new Redactor().redact(line)).toBe(JSON.stringify({ text: JSON.stringify({ Key: "----[sealed]" }) }));
  });

  it("leaves text without secrets alone, and its own mask", () => {
    const redactor = new Redactor([newToken()]);
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (text) => {
        expect(redactor.redact(text)).toBe(text);
      }),
    );
    expect(new Redactor(["sealed-sealed-sealed"]).redact("[sealed]")).toBe("[sealed]");
  });

  describe.each(["2B", "2b", "2d", "2F", "3d", "5F", "0A", "0d"])(
    "a value whose first digits, after an equals sign, are those of an escape of mail: %s",
    (start) => {
      const secret = `${start}u5/xGA+Npq86cd9joQ`;
      const redactor = new Redactor([secret]);

      it.each([
        "SECRET_KEY=",
        "?token=",
        'key="',
        "a%3D",
        "KEY\\u003d",
        "KEY&#61;",
        "KEY&equals;",
        "r=https%3A%2F%2Fa%3Ft%3D",
      ])("is masked after %s", (before) => expect(redactor.redact(before + secret)).toBe(`${before}[sealed]`));

      it.each([
        ["of a URL", encodeURIComponent(secret)],
        ["of slashes in JSON", secret.replaceAll("/", "\\/")],
        ["of a line break", `${secret.slice(0, 6)}\n${secret.slice(6)}`],
        ["of a soft line break", `${secret.slice(0, 6)}=\r\n${secret.slice(6)}`],
      ])("is masked with an escape in it %s", (_, written) =>
        expect(redactor.redact(`KEY=${written}`)).toBe("KEY=[sealed]"),
      );

      it("is masked in JSON, which stays JSON", () =>
        expect(redactor.redact(JSON.stringify({ text: `KEY=${secret}\nB=1` }))).toBe('{"text":"KEY=[sealed]\\nB=1"}'));
    },
  );

  it("does not look for what is too short to be a credential, so that nobody learns it by a guess", () => {
    expect(new Redactor(["yes", "hunter2", "Summer2026!"]).redact("yes hunter2 Summer2026!")).toBe(
      "yes hunter2 Summer2026!",
    );
  });

  it("does not tell by where a mask ends how much of a guess is right", () => {
    const token = newToken();
    const redactor = new Redactor([token]);
    const other = token.endsWith("A") ? "B" : "A";
    for (let right = 20; right < token.length; right += 1) {
      const guess = token.slice(0, right) + other.repeat(token.length - right);
      expect(redactor.redact(`"${guess}"`)).toBe('"[sealed]"');
    }
    expect(redactor.redact(token.slice(0, 19))).toBe(token.slice(0, 19));
  });

  it("masks a long token that was cut off or split over lines", () => {
    const token = "AQoDYXdzEJr".repeat(3) + "x0Vb1kQ/9zRt+7uLmN2pWc4sYhGfEaJi".repeat(3);
    const redactor = new Redactor([token]);
    expect(redactor.redact(`token=${token.slice(0, 60)}…`)).toBe("token=[sealed]…");
    expect(redactor.redact(`"${token.replace(/.{20}/g, "$&\n")}"`)).toBe('"[sealed]"');
  });
});

describe("what a redactor learns", () => {
  it("is masked while somebody holds it", () => {
    const redactor = new Redactor([]);
    const token = newToken();
    const [first, second] = [redactor.addSecrets([token]), redactor.addSecrets([token])];
    first();
    first();
    for (let others = 0; others < 100; others += 1) redactor.addSecrets([newToken()])();
    expect(redactor.redact(token)).toBe("[sealed]");
    second();
    expect(redactor.redact(token)).toBe("[sealed]");
  });

  it("is remembered for a while once it is held no more, and no longer than memory allows", () => {
    const redactor = new Redactor([]);
    const tokens = Array.from({ length: 100 }, newToken);
    for (const token of tokens) redactor.addSecrets([token])();
    expect(tokens.map((token) => redactor.redact(token)).filter((text) => text !== "[sealed]")).toEqual(
      tokens.slice(0, 36),
    );
  });

  it("is known in every form again when it is learned anew", () => {
    const redactor = new Redactor([]);
    const key = newKey();
    redactor.addSecrets([key])();
    for (let others = 0; others < 64; others += 1) redactor.addSecrets([newToken()])();
    const body = key.split("\n").slice(1, -2).join("");
    const secretPart = body.slice(52, 90);
    expect(redactor.redact(secretPart)).toBe(secretPart);
    redactor.addSecrets([key]);
    expect(redactor.redact(secretPart)).toBe("[sealed]");
  });
});
