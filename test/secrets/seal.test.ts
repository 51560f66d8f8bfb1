import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { percentEncode } from "../../src/encoding.js";
import { Seal } from "../../src/secrets/seal.js";

const base64After = (before: string) => (secret: string) =>
  Buffer.from(`${before}${secret}, and more`).toString("base64");

const lowerPercents = (text: string) => text.replace(/%../g, (percent) => percent.toLowerCase());

const disguises: Readonly<Record<string, (secret: string) => string>> = {
  "as it is": (secret) => secret,
  "inside JSON": (secret) => JSON.stringify({ key: secret }),
  "inside JSON inside JSON": (secret) => JSON.stringify(JSON.stringify({ key: secret })),
  "percent-encoded": percentEncode,
  "percent-encoded in lower case": (secret) => lowerPercents(percentEncode(secret)),
  "percent-encoded twice, as in a string to sign": (secret) => percentEncode(percentEncode(secret)),
  "in a form": (secret) => new URLSearchParams({ key: secret }).toString(),
  "in a form, encoded": (secret) => percentEncode(new URLSearchParams({ key: secret }).toString()),
  "in JSON in a URL": (secret) => percentEncode(JSON.stringify({ key: secret })),
  "in base64": (secret) => Buffer.from(secret).toString("base64"),
  "in base64url": (secret) => Buffer.from(secret).toString("base64url"),
  "in base64 in a URL": (secret) => percentEncode(Buffer.from(secret).toString("base64")),
  "in base64 after one byte": base64After("x"),
  "in base64 after two bytes": base64After("xy"),
  "in hex": (secret) => Buffer.from(secret).toString("hex"),
  "in hex, upper case": (secret) => Buffer.from(secret).toString("hex").toUpperCase(),
};

const secrets = fc
  .oneof(
    fc.string({ unit: "grapheme", minLength: 4, maxLength: 200 }),
    fc.string({ unit: fc.constantFrom(..."abz09+/=%\\\"' $&é€"), minLength: 4, maxLength: 60 }),
  )
  .filter((secret) => secret.trim().length >= 4);
const surroundings = fc.string({ maxLength: 50 });

describe("Seal", () => {
  it.each(Object.entries(disguises))("masks a known secret %s", (_name, disguise) => {
    fc.assert(
      fc.property(secrets, surroundings, surroundings, (secret, before, after) => {
        const seal = new Seal([secret]);
        const sealed = seal.text(`${before} ${disguise(secret)} ${after}`);
        expect(sealed).toContain("[sealed]");
        expect(seal.text(sealed)).toBe(sealed);
        const long = Object.values(disguises).filter((form) => form(secret).trim().length >= 16);
        for (const form of long) expect(sealed).not.toContain(form(secret));
      }),
      { numRuns: 200 },
    );
  });

  it("keeps JSON valid that it seals as one text", () => {
    const pieces = fc.string({ unit: fc.constantFrom(..."nu04\\ab"), minLength: 4, maxLength: 8 });
    fc.assert(
      fc.property(pieces, fc.string({ unit: fc.constantFrom(..."nu04\\ab\n") }), (secret, text) => {
        const sealed = new Seal([secret]).text(JSON.stringify({ note: `${text}${secret}${text}` }));
        expect(() => JSON.parse(sealed)).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });

  it("seals values deep inside a reply and leaves the rest as it was", () => {
    const reply = { list: [{ note: "holds hunter22!" }], count: 2, none: null, yes: true };
    expect(new Seal(["hunter22!"]).value(reply)).toEqual({ ...reply, list: [{ note: "holds [sealed]" }] });
    expect(new Seal(["hunter22!"]).members({ "hunter22!": 1 })).toEqual({ "[sealed]": 1 });
  });

  it("leaves text without secrets alone", () => {
    fc.assert(
      fc.property(surroundings, (text) => {
        expect(new Seal(["a-secret-that-is-not-in-there"]).text(text)).toBe(text);
      }),
    );
  });

  it("leaves secrets of fewer than four characters alone, and its own mask", () => {
    expect(new Seal(["yes"]).text("yes")).toBe("yes");
    expect(new Seal(["sealed"]).text("sealed or [sealed]")).toBe("[sealed] or [sealed]");
  });

  it("masks a long token that was cut off or split over lines", () => {
    const token = "AQoDYXdzEJr".repeat(3) + "x0Vb1kQ/9zRt+7uLmN2pWc4sYhGfEaJi".repeat(3);
    const seal = new Seal([token]);
    expect(seal.text(`token=${token.slice(0, 60)}…`)).toBe("token=[sealed]…");
    expect(seal.text(`"${token.replace(/.{20}/g, "$&\n")}"`)).toBe('"[sealed]"');
  });
});

describe("what a seal learns", () => {
  it("is masked by seals made from it too, until it is forgotten", () => {
    const seal = new Seal(["first-secret"]);
    const made = seal.with(["second-secret"]);
    const forget = seal.learn(["third-secret"]);
    const all = "first-secret second-secret third-secret";
    expect(seal.text(all)).toBe("[sealed] second-secret [sealed]");
    expect(made.text(all)).toBe("[sealed] [sealed] [sealed]");
    forget();
    expect(made.text(all)).toBe("[sealed] [sealed] third-secret");
  });

  it("is forgotten with the last call that knows it", () => {
    const seal = new Seal([]);
    const [first, second] = [seal.learn(["a-secret"]), seal.learn(["a-secret"])];
    first();
    first();
    expect(seal.text("a-secret")).toBe("[sealed]");
    second();
    expect(seal.text("a-secret")).toBe("a-secret");
  });
});
