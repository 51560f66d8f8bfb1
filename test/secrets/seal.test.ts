import { generateKeyPairSync, randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Seal } from "../../src/secrets/seal.js";

const newKey = () =>
  generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const newToken = () => randomBytes(30).toString("base64url");

describe("Seal", () => {
  it("keeps JSON valid that it masks as one text, and what is in it besides the secrets", () => {
    const [key, token] = [newKey(), newToken()];
    const seal = new Seal([key, token]);
    const piece = fc.oneof(
      fc.constantFrom(key, token, JSON.stringify(key), encodeURIComponent(key), Buffer.from(key).toString("base64")),
      fc.string({ unit: fc.constantFrom(..."nuxb04\\\"'/%&;#<>U+-=\n "), maxLength: 12 }),
      fc.constantFrom("-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "\\u0022", "&quot;", "%22", "\\"),
    );
    const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (texts) => {
        const nested = { texts, inText: JSON.stringify({ texts }), "-----BEGIN PRIVATE KEY-----": texts, count: 1 };
        const sealed = seal.text(JSON.stringify(nested));
        const parsed: unknown = JSON.parse(sealed);
        expect(parsed).toMatchObject({ count: 1, texts: { length: texts.length } });
        expect(sealed).not.toContain(token);
        expect(seal.text(sealed)).toBe(sealed);
      }),
      { numRuns: 1_000 },
    );
  });

  it("leaves text without secrets alone, and its own mask", () => {
    const seal = new Seal([newToken()]);
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (text) => {
        expect(seal.text(text)).toBe(text);
      }),
    );
    expect(new Seal(["sealed-sealed-sealed"]).text("[sealed]")).toBe("[sealed]");
  });

  it("does not look for what is too short to be a credential, so that nobody learns it by a guess", () => {
    expect(new Seal(["yes", "hunter2", "Summer2026!"]).text("yes hunter2 Summer2026!")).toBe("yes hunter2 Summer2026!");
  });

  it("does not tell by where a mask ends how much of a guess is right", () => {
    const token = newToken();
    const seal = new Seal([token]);
    const other = token.endsWith("A") ? "B" : "A";
    for (let right = 20; right < token.length; right += 1) {
      const guess = token.slice(0, right) + other.repeat(token.length - right);
      expect(seal.text(`"${guess}"`)).toBe('"[sealed]"');
    }
    expect(seal.text(token.slice(0, 19))).toBe(token.slice(0, 19));
  });

  it("masks a long token that was cut off or split over lines", () => {
    const token = "AQoDYXdzEJr".repeat(3) + "x0Vb1kQ/9zRt+7uLmN2pWc4sYhGfEaJi".repeat(3);
    const seal = new Seal([token]);
    expect(seal.text(`token=${token.slice(0, 60)}…`)).toBe("token=[sealed]…");
    expect(seal.text(`"${token.replace(/.{20}/g, "$&\n")}"`)).toBe('"[sealed]"');
  });
});

describe("what a seal learns", () => {
  it("is masked while somebody holds it", () => {
    const seal = new Seal([]);
    const token = newToken();
    const [first, second] = [seal.learn([token]), seal.learn([token])];
    first();
    first();
    for (let others = 0; others < 100; others += 1) seal.learn([newToken()])();
    expect(seal.text(token)).toBe("[sealed]");
    second();
    expect(seal.text(token)).toBe("[sealed]");
  });

  it("is remembered for a while once it is held no more, and no longer than memory allows", () => {
    const seal = new Seal([]);
    const tokens = Array.from({ length: 100 }, newToken);
    for (const token of tokens) seal.learn([token])();
    expect(tokens.map((token) => seal.text(token)).filter((text) => text !== "[sealed]")).toEqual(tokens.slice(0, 36));
  });

  it("is known in every form again when it is learned anew", () => {
    const seal = new Seal([]);
    const key = newKey();
    seal.learn([key])();
    for (let others = 0; others < 64; others += 1) seal.learn([newToken()])();
    const body = key.split("\n").slice(1, -2).join("");
    const secretPart = body.slice(52, 90);
    expect(seal.text(secretPart)).toBe(secretPart);
    seal.learn([key]);
    expect(seal.text(secretPart)).toBe("[sealed]");
  });
});
