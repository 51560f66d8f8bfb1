import { execFileSync } from "node:child_process";
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Redactor } from "../../../src/secrets/redaction/redactor.js";
import { rsaKey } from "../../support/rsa-key.js";
import { runs } from "../../support/width.js";

type Disguise = (pem: string) => string;

const bodyOf = (pem: string) => pem.replace(/-----.*-----/g, "").replace(/\s/g, "");
const derOf = (pem: string) => Buffer.from(bodyOf(pem), "base64");
const lines = (pem: string, width: number) => bodyOf(pem).match(new RegExp(`.{1,${width}}`, "g")) ?? [];
const jsonEscaped: Disguise = (text) => JSON.stringify(text).slice(1, -1);
const lowerPercents: Disguise = (text) => text.replace(/%../g, (percent) => percent.toLowerCase());
const urlBase64 = (bytes: Buffer | string) => Buffer.from(bytes).toString("base64url");
const lineByLine = (pem: string, written: (line: string, at: number) => string, between: string) =>
  pem.trim().split("\n").map(written).join(between);
const base64After = (prefix: string) => (bytes: Buffer | string) =>
  Buffer.concat([Buffer.from(prefix), Buffer.from(bytes), Buffer.from("!tail")]).toString("base64");

const disguises: Readonly<Record<string, Disguise>> = {
  "as it is": (pem) => pem,
  "with CRLF": (pem) => pem.replaceAll("\n", "\r\n"),
  "without armour": (pem) => pem.replace(/-----.*-----\n?/g, ""),
  "without its first line": (pem) => pem.slice(pem.indexOf("\n") + 1),
  "in one line": bodyOf,
  "in lines of 64": (pem) => lines(pem, 64).join("\n"),
  "in lines of 76": (pem) => lines(pem, 76).join("\r\n"),
  "in lines of 5": (pem) => lines(pem, 5).join("\n"),
  "in lines of 33, indented": (pem) => lines(pem, 33).join("\n    \t"),
  "with blanks": (pem) => lines(pem, 64).join(" "),
  "with \\n between lines": (pem) => lines(pem, 64).join("\\n"),
  "with \\\\n between lines": (pem) => lines(pem, 50).join("\\\\n"),
  "with \\r\\n between lines": (pem) => lines(pem, 64).join("\\r\\n"),
  "with %0A between lines": (pem) => lines(pem, 64).join("%0A"),
  "with %0d%0a between lines": (pem) => lines(pem, 64).join("%0d%0a"),
  "quoted in mail": (pem) => `> ${pem.replaceAll("\n", "\n> ")}`,
  "in JSON": jsonEscaped,
  "in JSON in JSON": (pem) => jsonEscaped(jsonEscaped(pem)),
  "in JSON with escaped slashes": (pem) => jsonEscaped(pem).replaceAll("/", "\\/").replaceAll("+", "\\u002b"),
  "in a URL": encodeURIComponent,
  "in a URL, twice": (pem) => encodeURIComponent(encodeURIComponent(pem)),
  "in a URL, lower case": (pem) => lowerPercents(encodeURIComponent(pem)),
  "in a URL, twice, lower case": (pem) => lowerPercents(encodeURIComponent(encodeURIComponent(pem))),
  "in a form": (pem) => new URLSearchParams({ pem }).toString().slice(4),
  "in a form in a URL": (pem) => encodeURIComponent(new URLSearchParams({ pem }).toString()),
  "in JSON in a URL": (pem) => encodeURIComponent(jsonEscaped(pem)),
  "in base64": (pem) => Buffer.from(pem).toString("base64"),
  "in base64, with CRLF": (pem) => Buffer.from(pem.replaceAll("\n", "\r\n")).toString("base64"),
  "in base64url": urlBase64,
  "in base64 without padding": (pem) => Buffer.from(pem).toString("base64").replaceAll("=", ""),
  "in base64 after one byte": base64After("x"),
  "in base64 after two bytes": base64After("xy"),
  "in base64 after three bytes": base64After("xyz"),
  "in wrapped base64": (pem) =>
    Buffer.from(pem)
      .toString("base64")
      .match(/.{1,76}/g)
      ?.join("\n") ?? "",
  "as DER in base64url": (pem) => urlBase64(derOf(pem)),
  "as DER in base64 after one byte": (pem) => base64After("x")(derOf(pem)),
  "as DER in base64 after two bytes": (pem) => base64After("xy")(derOf(pem)),
  "as DER in hex": (pem) => derOf(pem).toString("hex"),
  "as DER in hex, upper case": (pem) => derOf(pem).toString("hex").toUpperCase(),
  "as DER in hex with colons": (pem) => derOf(pem).toString("hex").match(/../g)?.join(":") ?? "",
  "as DER in hex with hyphens": (pem) => derOf(pem).toString("hex").toUpperCase().match(/../g)?.join("-") ?? "",
  "as DER in hex with blanks": (pem) => derOf(pem).toString("hex").match(/../g)?.join(" ") ?? "",
  "as a list of lines": (pem) => JSON.stringify(pem.trim().split("\n")).slice(1, -1),
  "as a list of lines in JSON in JSON": (pem) => jsonEscaped(JSON.stringify({ key: pem.split("\n") }, undefined, 2)),
  "as lines with names": (pem) => JSON.stringify(pem.split("\n").map((text, line) => ({ line, text }))),
  "as joined texts": (pem) => lineByLine(pem, (line) => `"${line}\\n"`, " +\n  "),
  "as a table": (pem) => lineByLine(pem, (line) => `| ${line} |`, "\n"),
  "as numbered lines": (pem) => lineByLine(pem, (line, at) => `${at + 1}: ${line}`, "\n"),
  "as a list of pieces without armour": (pem) => JSON.stringify(lines(pem, 30)).slice(1, -1),
  "in hex": (pem) => Buffer.from(pem).toString("hex"),
  "in hex, upper case": (pem) => Buffer.from(pem).toString("hex").toUpperCase(),
};

const pkcs8 = { type: "pkcs8", format: "pem" } as const;
const rsa = rsaKey();
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const ed25519 = generateKeyPairSync("ed25519").privateKey;

const keys: Readonly<Record<string, string>> = {
  "RSA, PKCS#8": rsa.export(pkcs8).toString(),
  "RSA, PKCS#1": rsa.export({ type: "pkcs1", format: "pem" }).toString(),
  "EC, PKCS#8": ec.export(pkcs8).toString(),
  "EC, SEC1": ec.export({ type: "sec1", format: "pem" }).toString(),
  Ed25519: ed25519.export(pkcs8).toString(),
  ...sm2Key(),
};

function sm2Key(): Record<string, string> {
  try {
    return { SM2: execFileSync("openssl", ["genpkey", "-algorithm", "SM2"], { stdio: "pipe" }).toString() };
  } catch {
    return {};
  }
}

/** Digits of base64 in their order, whatever stands between them, as somebody would who wants the key. */
const digits = (text: string) => text.replace(/\\+[nrt]|%(?:25)*0[ad]|[^A-Za-z0-9+/]/gi, "");

/** The pieces of `size` characters of `secret` that are in `text`. */
function survivors(text: string, secret: string, size = 24): string[] {
  const left = digits(text);
  return Array.from({ length: Math.max(0, secret.length - size + 1) }, (_, at) => secret.slice(at, at + size)).filter(
    (piece) => left.includes(piece),
  );
}

/** Where what is secret stands in the DER: the rest (versions, names of algorithms, the public half) is in certificates. */
function secretPlaces(pem: string): (readonly [from: number, to: number])[] {
  const der = derOf(pem);
  const numbers = numbersOf(pem).map((number) => Buffer.from(number, "base64url"));
  // Node.js gives no JWK of an SM2 key; its number comes after the head of an OCTET STRING of 32 bytes.
  const sm2 = der.indexOf(Buffer.from("0420", "hex")) + 2;
  if (numbers.length === 0) return [[sm2, sm2 + 32]];
  return numbers.map((number) => [der.indexOf(number), der.indexOf(number) + number.length] as const);
}

/** What is left of the secret in a text: as it stands in the body, and in hex. */
function leftOf(pem: string, text: string): string[] {
  const der = derOf(pem);
  return secretPlaces(pem).flatMap(([from, to]) => {
    const hex = der.subarray(from, to).toString("hex");
    const inBody = bodyOf(pem).slice(Math.ceil((from * 4) / 3), Math.floor((to * 4) / 3));
    return [...survivors(text, inBody), ...survivors(text, hex, 36), ...survivors(text, hex.toUpperCase(), 36)];
  });
}

const prose = fc.string({ unit: fc.constantFrom(..."abc XYZ019.,:;{}[]()\"'\n%\\+/=-é…"), maxLength: 60 });
/** Without digits of base64, which by chance would be those that the key has next to a piece. */
const noDigits = fc.string({ unit: fc.constantFrom(..." .,:;{}[]()\"'\n%-é…"), maxLength: 60 });
const around = fc.tuple(prose, prose).map(([before, after]) => [`${before} "`, `" ${after}`] as const);

const seals = Object.entries(keys).map(([name, pem]) => ({ name, pem, redactor: new Redactor([pem]) }));

it("a key whose number begins with zeros does not survive in pieces, either", () => {
  const withZero = () => {
    for (;;) {
      const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
      const number = Buffer.from(privateKey.export({ format: "jwk" }).d ?? "", "base64url");
      if (number[0] === 0) return privateKey.export({ type: "sec1", format: "pem" }).toString();
    }
  };
  const pem = withZero();
  const body = bodyOf(pem);
  const redactor = new Redactor([pem]);
  const step = runs(4, 1);
  for (let at = 0; at < 60; at += 1) {
    for (let length = 24; length < 60; length += step) {
      expect(leftOf(pem, redactor.redact(` "${body.slice(at, at + length)}" `))).toEqual([]);
    }
  }
});

describe.each(seals)("a known key: $name", ({ pem, redactor }) => {
  it.each(Object.entries(disguises))("does not survive %s", (name, disguise) => {
    const disguised = disguise(pem);
    fc.assert(
      fc.property(around, ([before, after]) => {
        const redacted = redactor.redact(before + disguised + after);
        expect(redacted).toContain("[sealed]");
        if (/^in (wrapped )?(base64|hex)/.test(name)) expect(survivors(redacted, digits(disguised))).toEqual([]);
        expect(leftOf(pem, redacted)).toEqual([]);
        expect(redactor.redact(redacted)).toBe(redacted);
      }),
      { numRuns: runs(3, 15) },
    );
  });

  it("does not survive in pieces of 24 characters and more", () => {
    const body = bodyOf(pem);
    const pieces = fc
      .tuple(fc.nat(body.length - 24), fc.integer({ min: 24, max: 200 }))
      .map(([at, length]) => body.slice(at, at + length));
    fc.assert(
      fc.property(pieces, noDigits, noDigits, (piece, before, after) => {
        const redacted = redactor.redact(`${before} "${piece}" ${after}`);
        expect(leftOf(pem, redacted)).toEqual([]);
        expect(redactor.redact(redacted)).toBe(redacted);
      }),
      { numRuns: runs(20, 300) },
    );
  });

  it("is masked even if cut off", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(disguises)),
        fc.integer({ min: 60, max: 900 }),
        (disguise, length) => {
          const cut = disguise(pem).slice(0, length);
          expect(leftOf(pem, redactor.redact(`x: ${cut}…`))).toEqual([]);
        },
      ),
      { numRuns: runs(30, 300) },
    );
  });

  it("does not survive in another structure", () => {
    const key = createPrivateKey(pem);
    for (const other of structuresOf(key)) {
      for (const disguise of Object.values(disguises)) {
        expect(leftOf(other, redactor.redact(`key=${disguise(other)};`))).toEqual([]);
      }
    }
  });

  it("does not survive as the numbers it is made of", () => {
    for (const number of numbersOf(pem)) {
      const bytes = Buffer.from(number, "base64url");
      for (const form of [
        number,
        bytes.toString("base64"),
        bytes.toString("hex"),
        bytes.toString("hex").toUpperCase(),
      ]) {
        expect(redactor.redact(`{"d":"${form}"}`)).toMatch(/^\{"d":"\[sealed\]=*"\}$/);
      }
    }
  });

  it("leaves the public half alone", () => {
    const key = createPublicKey(pem);
    const spki = key.export({ type: "spki", format: "pem" }).toString();
    for (const disguise of Object.values(disguises)) expect(redactor.redact(disguise(spki))).toBe(disguise(spki));
  });
});

function structuresOf(key: KeyObject): string[] {
  const types = { rsa: ["pkcs8", "pkcs1"], ec: ["pkcs8", "sec1"] } as const;
  const kind = key.asymmetricKeyType;
  const known = kind === "rsa" || kind === "ec" ? types[kind] : (["pkcs8"] as const);
  return known.map((type) => key.export({ type, format: "pem" }).toString());
}

function numbersOf(pem: string): string[] {
  try {
    const { d, p, q, dp, dq, qi } = createPrivateKey(pem).export({ format: "jwk" });
    return [d, p, q, dp, dq, qi].filter((number) => number !== undefined);
  } catch {
    return [];
  }
}

describe.each(seals)("a key that was never seen: $name", ({ pem }) => {
  const redactor = new Redactor([]);
  const shown = Object.entries(disguises).filter(
    ([name]) => !/quoted|after|first line/.test(name) || /^in base64 after/.test(name),
  );

  it.each(shown)("does not survive %s", (_name, disguise) => {
    const disguised = disguise(pem);
    fc.assert(
      fc.property(around, ([before, after]) => {
        const redacted = redactor.redact(before + disguised + after);
        expect(redacted).toContain("[sealed]");
        expect(survivors(redacted, bodyOf(pem))).toEqual([]);
        expect(leftOf(pem, redacted)).toEqual([]);
        expect(redactor.redact(redacted)).toBe(redacted);
      }),
      { numRuns: runs(3, 15) },
    );
  });

  it("does not survive as a list of lines that is cut off at either end, nor takes other members with it", () => {
    const listed = pem.trim().split("\n");
    for (const Key of [listed.slice(0, -1), listed.slice(1), listed]) {
      const text = JSON.stringify({ A: 1234567890.125, Key, CertificatePublicKeyType: "unchanged" });
      const redacted = redactor.redact(text);
      if (Key[0] === listed[0] || Key.length > 2) expect(leftOf(pem, redacted)).toEqual([]);
      expect(JSON.parse(redacted)).toMatchObject({ A: 1234567890.125, CertificatePublicKeyType: "unchanged" });
    }
  });
});

describe("a key that was never seen, in formats of its own", () => {
  const redactor = new Redactor([]);
  const b64 = (number = "") => Buffer.from(number, "base64url").toString("base64");

  it.each([
    ["RSA", rsa],
    ["EC", ec],
    ["Ed25519", ed25519],
  ])("does not survive as a JWK: %s", (_, key) => {
    const jwk = key.export({ format: "jwk" });
    const shown = { kty: jwk.kty, crv: jwk.crv, n: jwk.n, e: jwk.e, x: jwk.x, y: jwk.y };
    const disguised = [
      JSON.stringify(jwk),
      JSON.stringify(JSON.stringify(jwk, undefined, 2)),
      urlBase64(JSON.stringify(jwk)),
    ];
    for (const text of disguised) {
      const redacted = redactor.redact(text);
      for (const number of numbersOf(key.export(pkcs8).toString())) expect(survivors(redacted, number, 20)).toEqual([]);
    }
    expect(JSON.parse(redactor.redact(JSON.stringify(jwk)))).toMatchObject(JSON.parse(JSON.stringify(shown)));
    expect(redactor.redact(JSON.stringify(shown))).toBe(JSON.stringify(shown));
  });

  it("does not survive as XML", () => {
    const { n, d, p } = rsa.export({ format: "jwk" });
    const xml = `<RSAKeyValue><Modulus>${b64(n)}</Modulus><P>${b64(p)}</P><D>${b64(d)}</D></RSAKeyValue>`;
    const sealed = `<RSAKeyValue><Modulus>${b64(n)}</Modulus><P>[sealed]</P><D>[sealed]</D></RSAKeyValue>`;
    expect(redactor.redact(xml)).toBe(sealed);
    expect(redactor.redact(jsonEscaped(xml))).toBe(sealed);
    expect(redactor.redact(xml.replaceAll("<", "&lt;"))).not.toContain(b64(d));
  });

  it("does not survive as PuTTY writes it", () => {
    const secret = lines(keys["EC, PKCS#8"] ?? "", 64);
    const ppk = [
      "Public-Lines: 1",
      "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTY",
      "Private-Lines: 2",
      ...secret,
      "Private-MAC: 0f0f",
    ];
    for (const text of [ppk.join("\n"), ppk.join("\r\n"), JSON.stringify(ppk.join("\n")), JSON.stringify(ppk)]) {
      const redacted = redactor.redact(text);
      for (const line of secret) expect(survivors(redacted, line)).toEqual([]);
      expect(redacted).toContain("AAAAE2VjZHNhLXNoYTItbmlzdHAyNTY");
    }
  });

  const files: Readonly<Record<string, Buffer>> = {
    JKS: Buffer.concat([Buffer.from("feedfeed0000000200000001", "hex"), randomBytes(900)]),
    JCEKS: Buffer.concat([Buffer.from("cececece0000000200000001", "hex"), randomBytes(900)]),
    PVK: Buffer.concat([Buffer.from("1ef1b5b00000000001000000", "hex"), randomBytes(900)]),
    "a key blob of Windows": Buffer.concat([Buffer.from("0702000000a4000052534132", "hex"), randomBytes(900)]),
    "a signing blob of Windows": Buffer.concat([Buffer.from("070200000024000052534132", "hex"), randomBytes(900)]),
    gzip: gzipSync(rsa.export(pkcs8).toString()),
    "a ZIP file": Buffer.concat([Buffer.from("504b0304140000000800", "hex"), randomBytes(900)]),
  };

  it.each(Object.entries(files))("does not survive in %s", (_, file) => {
    const wrapped = file.toString("base64").replace(/.{76}(?!$)/g, "$&\n");
    const encoded = [file.toString("base64"), file.toString("base64url"), wrapped, file.toString("hex")];
    for (const text of encoded)
      expect(redactor.redact(JSON.stringify({ text }))).toMatch(/^\{"text":"\[sealed\]=*"\}$/);
  });
});
