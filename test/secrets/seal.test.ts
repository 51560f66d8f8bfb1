import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { percentEncode } from "../../src/encoding.js";
import { Seal } from "../../src/secrets/seal.js";

const disguises: Readonly<Record<string, (secret: string) => string>> = {
  "as it is": (secret) => secret,
  "inside JSON": (secret) => JSON.stringify({ key: secret }),
  "percent-encoded": percentEncode,
  "percent-encoded twice, as in a string to sign": (secret) => percentEncode(percentEncode(secret)),
  "in a form": (secret) => new URLSearchParams({ key: secret }).toString(),
  "in base64": (secret) => Buffer.from(secret).toString("base64"),
};

const secrets = fc
  .string({ unit: "grapheme", minLength: 8, maxLength: 200 })
  .filter((secret) => secret.trim().length >= 8);
const surroundings = fc.string({ maxLength: 50 });

describe("Seal", () => {
  it.each(Object.entries(disguises))("masks a known secret %s", (_name, disguise) => {
    fc.assert(
      fc.property(secrets, surroundings, surroundings, (secret, before, after) => {
        const sealed = new Seal([secret]).text(before + disguise(secret) + after);
        for (const form of Object.values(disguises)) expect(sealed).not.toContain(form(secret));
        expect(sealed).toContain("[sealed]");
      }),
    );
  });

  it("masks a private key that it has never seen, escaped or cut off too", () => {
    const key = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIBkg\n-----END EC PRIVATE KEY-----";
    const seal = new Seal([]);
    for (const form of [key, JSON.stringify(key), key.slice(0, -30)]) {
      expect(seal.text(`before ${form}`)).not.toContain("MHcCAQEEIBkg");
    }
  });

  it("seals values deep inside a reply and leaves the rest as it was", () => {
    const reply = { list: [{ note: "holds hunter22!" }], count: 2, none: null, yes: true };
    expect(new Seal(["hunter22!"]).value(reply)).toEqual({ ...reply, list: [{ note: "holds [sealed]" }] });
  });

  it("leaves text without secrets alone", () => {
    fc.assert(
      fc.property(surroundings, (text) => {
        expect(new Seal(["a-secret-that-is-not-in-there"]).text(text)).toBe(text);
      }),
    );
  });
});
