import { execFileSync } from "node:child_process";
import { createHash, generateKeyPairSync } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { Redactor } from "../../../src/secrets/redaction/redactor.js";
import { rsaKey } from "../../support/rsa-key.js";

/* Keys that nobody knows, in every notation × every depth of JSON. None of the texts has any other escape. */

const rsa = rsaKey();
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const ed25519 = generateKeyPairSync("ed25519").privateKey;

const pem = rsa.export({ type: "pkcs8", format: "pem" }).toString().trim();
const encrypted = rsa
  .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "made up" })
  .toString()
  .trim();
const chunks = (text: string, width: number) => text.match(new RegExp(`.{1,${width}}`, "g")) ?? [];
const bodyOf = (text: string) => text.split("\n").slice(1, -1);
const std = (number = "") => Buffer.from(number, "base64url").toString("base64");

/** How something may show the lines of a key, each as one value: with no escape but that of quotation marks. */
const lists: Readonly<Record<string, (lines: readonly string[]) => unknown>> = {
  "a list": (lines) => lines,
  "members with names": (lines) => Object.fromEntries(lines.map((line, at) => [`line${at}`, line])),
  "members with numbers": (lines) => Object.fromEntries(lines.map((line, at) => [at, line])),
  "rows of objects": (lines) => lines.map((text, n) => ({ n, text })),
  "rows with other columns": (lines) =>
    lines.map((text) => ({ id: crypto.randomUUID(), kind: "CertificatePublicKeyType", text })),
  pairs: (lines) => lines.map((line, at) => [at, line]),
  "a table": (lines) => lines.map((line, at) => `| ${at} | ${line} |`).join(" "),
  "table cells": (lines) => lines.map((line) => `<td>${line}</td>`).join(""),
  "lines with <br>": (lines) => lines.join("<br>"),
  "lines in a box": (lines) => lines.map((line) => `│ ${line} │`).join(" "),
  comments: (lines) => lines.map((line) => `# ${line}`).join(" "),
  "names of members, as of settings": (lines) =>
    Object.fromEntries(lines.map((line) => [line.replace(/=+$/, ""), line.endsWith("=") ? "" : true])),
  "names and values in turn": (lines) =>
    Object.fromEntries(lines.flatMap((line, at) => (at % 2 === 0 ? [[line, lines[at + 1] ?? ""]] : []))),
  "names in YAML": (lines) => lines.map((line) => `"${line}": 1`).join("\n"),
  "a set in Python": (lines) => `{${lines.map((line) => `'${line}': True`).join(", ")}}`,
  "joined by colons": (lines) => lines.map((line) => `"${line}"`).join(":"),
  "joined by points": (lines) => lines.join("."),
};

const hex = rsa.export({ type: "pkcs8", format: "der" }).toString("hex");
const withColons = hex.match(/../g)?.join(":") ?? "";

interface Shape {
  readonly value: unknown;
  /** What must not be left. */
  readonly secret: readonly string[];
}

const linesOf = (value: unknown, lines: readonly string[]): Shape => ({ value, secret: lines });

/** The last line may be shorter than what is taken for digits of a key. */
const ofKey = (text: string) => bodyOf(text).slice(0, -1);
const inLists = (name: string, lines: readonly string[], secret: readonly string[]) =>
  Object.entries(lists).map(([list, shown]) => [`${name}: ${list}`, linesOf(shown(lines), secret)] as const);

const jwkOf = (key: typeof rsa) => key.export({ format: "jwk" });
const numbersOf = (key: typeof rsa) => {
  const { d, p, q, dp, dq, qi } = jwkOf(key);
  return [d, p, q, dp, dq, qi].filter((number) => number !== undefined);
};
const d = jwkOf(ec).d ?? "";
const jwkShape = (value: unknown): Shape => ({ value, secret: [d] });
const { n: modulus, d: exponent, p: prime } = jwkOf(rsa);

const bigOf = (number = "") => BigInt(`0x${Buffer.from(number, "base64url").toString("hex")}`);

/** As programs print their keys: in decimal, in hex, as their own serializers do. */
function numbersInPrograms(): Readonly<Record<string, Shape>> {
  const { n, p, q, dp, dq, qi } = jwkOf(rsa);
  const { x, y } = jwkOf(ec);
  const [N, D, P, Q, Dp, Dq, Qinv] = [n, exponent, p, q, dp, dq, qi].map(bigOf);
  const secret = [D, P, Q, Dp, Dq, Qinv].map(String);
  const inHex = (number?: bigint) => number?.toString(16) ?? "";
  const ofCurve = bigOf(d);
  const numbers = { D: std(exponent), DP: std(dp), DQ: std(dq), InverseQ: std(qi), P: std(p), Q: std(q) };
  const names = `p=${P}, q=${Q}, d=${D}, dmp1=${Dp}, dmq1=${Dq}, iqmp=${Qinv}`;
  return {
    "RSA in Go, as text": {
      value: `{"N":${N},"E":65537,"D":${D},"Primes":[${P},${Q}],"Precomputed":{"Dp":${Dp},"Dq":${Dq},"Qinv":${Qinv}}}`,
      secret,
    },
    "EC in Go": {
      value: `{"Curve":{},"X":${bigOf(x)},"Y":${bigOf(y)},"D":${ofCurve}}`,
      secret: [String(ofCurve)],
    },
    "RSA in Python": { value: `RSAPrivateNumbers(${names}, public_numbers=RSAPublicNumbers(e=65537, n=${N}))`, secret },
    "RSA in Python, in hex": {
      value: `RSAPrivateNumbers(p=0x${inHex(P)}, q=0x${inHex(Q)}, d=0x${inHex(D)})`,
      secret: [P, Q, D].map(inHex),
    },
    "EC in Python": {
      value: `EllipticCurvePrivateNumbers(private_value=${ofCurve}, public_numbers=x)`,
      secret: [String(ofCurve)],
    },
    "RSA in Java": {
      value: `SunRsaSign RSA private CRT key\n  modulus: ${N}\n  private exponent: ${D}\n`,
      secret: [String(D)],
    },
    "RSA in Bouncy Castle": {
      value: `modulus: ${inHex(N)}\n public exponent: 10001\n private exponent: ${inHex(D)}\n primeP: ${inHex(P)}\n`,
      secret: [D, P].map(inHex),
    },
    "RSA in .NET": {
      value: { ...numbers, Exponent: "AQAB", Modulus: std(n) },
      secret: Object.values(numbers).map((number) => number.replace(/=+$/, "")),
    },
    "EC in JavaScript": { value: { curve: "P-256", priv: inHex(ofCurve), pub: "04ab" }, secret: [inHex(ofCurve)] },
    "EC with its name": { value: `privateKey: ${inHex(ofCurve)}`, secret: [inHex(ofCurve)] },
    "EC for DNSSEC": {
      value: `Private-key-format: v1.3\nAlgorithm: 13 (ECDSAP256SHA256)\nPrivateKey: ${std(d)}\n`,
      secret: [std(d).replace(/=+$/, "")],
    },
    "a JWK without its kind": { value: { crv: "P-256", x, y, d }, secret: [d] },
  };
}

const shapes: Readonly<Record<string, Shape>> = {
  ...Object.fromEntries([
    ...inLists("whole", pem.split("\n"), ofKey(pem)),
    ...inLists("without END", pem.split("\n").slice(0, -1), ofKey(pem)),
    ...inLists("cut off", pem.split("\n").slice(0, 12), ofKey(pem).slice(0, 11)),
    ...inLists("without BEGIN", pem.split("\n").slice(3), ofKey(pem).slice(2)),
    ...inLists("without armour", bodyOf(pem), ofKey(pem)),
    ...inLists("encrypted, without END", encrypted.split("\n").slice(0, -1), ofKey(encrypted)),
    ...inLists("encrypted, without armour", bodyOf(encrypted), ofKey(encrypted)),
    ...inLists("DER in hex, 16 bytes each", chunks(hex, 32), chunks(hex, 32).slice(0, -1)),
    ...inLists("DER in hex with colons", chunks(withColons, 48), chunks(withColons, 48).slice(0, -1)),
  ]),
  "DER in base64": { value: bodyOf(pem).join(""), secret: [bodyOf(pem).join("").slice(100, 200)] },
  "DER in hex": { value: hex, secret: [hex.slice(200, 300)] },
  gzip: { value: gzipSync(pem).toString("base64"), secret: [gzipSync(pem).toString("base64").slice(100, 200)] },
  "RSA as JWK": { value: jwkOf(rsa), secret: numbersOf(rsa) },
  "EC as JWK": { value: jwkOf(ec), secret: numbersOf(ec) },
  "Ed25519 as JWK": { value: jwkOf(ed25519), secret: numbersOf(ed25519) },
  "a set of JWKs": { value: { keys: [jwkOf(rsa), jwkOf(ec)] }, secret: [...numbersOf(rsa), ...numbersOf(ec)] },
  "a JWK in PascalCase": jwkShape({ Kty: "EC", Crv: "P-256", D: d }),
  "a JWK in single quotation marks": jwkShape(`{'kty': 'EC', 'd': '${d}'}`),
  "a JWK in Ruby": jwkShape(`{"kty"=>"EC", "d"=>"${d}"}`),
  "a JWK in PHP": jwkShape(`['kty' => 'EC', 'd' => '${d}']`),
  "a JWK in Python 2": jwkShape(`{u'kty': u'EC', u'd': u'${d}'}`),
  "a JWK as bytes in Python": jwkShape(`dict(kty='EC', d=b'${d}')`),
  "a JWK in CSV": jwkShape(`"{""kty"":""EC"",""d"":""${d}""}"`),
  "a JWK in a table": jwkShape(`| kty | EC | | d | ${d} |`),
  "a JWK in pairs": jwkShape(Object.entries({ kty: "EC", d })),
  "a JWK in rows": jwkShape(Object.entries({ kty: "EC", d }).map(([name, value]) => ({ name, value }))),
  "a JWK in rows, value first": jwkShape(Object.entries({ kty: "EC", d }).map(([Key, Value]) => ({ Value, Key }))),
  "a JWK with a number in two strings": {
    value: `{"kty":"RSA","d":"${exponent?.slice(0, 100)}" + "${exponent?.slice(100)}"}`,
    secret: [exponent?.slice(0, 100) ?? "", exponent?.slice(100) ?? ""],
  },
  XML: {
    value: `<RSAKeyValue><Modulus>${std(modulus)}</Modulus><P>${std(prime)}</P><D>${std(exponent)}</D></RSAKeyValue>`,
    secret: [std(prime), std(exponent)].map((number) => number.replace(/=+$/, "")),
  },
  ...numbersInPrograms(),
  "members with the names of PKCS#1": {
    value: { modulus, privateExponent: exponent, prime1: prime },
    secret: [exponent ?? "", prime ?? ""],
  },
};

const asText = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
const nested: readonly ((value: unknown) => string)[] = [
  asText,
  (value) => JSON.stringify({ Alias: value }),
  (value) => JSON.stringify({ text: JSON.stringify({ Alias: value }) }),
  (value) => JSON.stringify({ result: JSON.stringify({ text: JSON.stringify({ Alias: value }) }) }),
];

describe("a key that was never seen", () => {
  it.each(Object.entries(shapes))("is masked at every depth of JSON: %s", (_, { value, secret }) => {
    const redactor = new Redactor();
    for (const text of nested.flatMap((nest) => [nest(value), nest(asText(value))])) {
      const redacted = redactor.redact(text);
      expect(secret.filter((each) => redacted.includes(each))).toEqual([]);
      expect(redactor.redact(redacted)).toBe(redacted);
      if (typeof value !== "string") expect(() => JSON.parse(redacted)).not.toThrow();
    }
  });

  it.each([
    ["RSA", rsa],
    ["EC", ec],
    ["Ed25519", ed25519],
  ])("is masked as OpenSSL prints it: %s", (_, key) => {
    const printed = execFileSync("openssl", ["pkey", "-noout", "-text"], {
      input: key.export({ type: "pkcs8", format: "pem" }),
    }).toString();
    const rows = printed.split("\n").filter((line) => /^ {4}/.test(line));
    const shown = new Set(printed.split(/^(?=\S)/m).filter((part) => /^(?:modulus|publicExponent|pub):/.test(part)));
    const [modulusOrPoint = ""] = shown;
    // The last row of a number may be a byte.
    const secret = rows.map((row) => row.trim()).filter((row) => row.length > 10 && !modulusOrPoint.includes(row));
    expect(secret.length).toBeGreaterThan(1);
    const redactor = new Redactor();
    for (const text of [printed, printed.replaceAll("\n", "\r\n")].flatMap((each) =>
      nested.map((nest) => nest(each)),
    )) {
      const redacted = redactor.redact(text);
      expect(secret.filter((row) => redacted.includes(row))).toEqual([]);
      expect(rows.filter((row) => modulusOrPoint.includes(row) && !redacted.includes(row.trim()))).toEqual([]);
    }
    const list = JSON.stringify({ lines: printed.split("\n"), ab: 1 });
    expect(secret.filter((row) => redactor.redact(list).includes(row))).toEqual([]);
    expect(JSON.parse(redactor.redact(list))).toMatchObject({ ab: 1 });
  });

  it.each(["\\x", "\\\\x", "\\u", "\\0", "\\", "%", "%25", "&#x"])("is masked in hex directly after %s", (mark) => {
    const redactor = new Redactor();
    for (const key of [rsa, ec, ed25519]) {
      const der = key.export({ type: "pkcs8", format: "der" }).toString("hex");
      for (const written of [der, der.toUpperCase()]) {
        expect(redactor.redact(`(1,${mark}${written})`)).toBe("(1,[sealed])");
        for (const nest of nested) {
          const redacted = redactor.redact(nest({ row: `${mark}${written}` }));
          expect(redacted).not.toContain(written.slice(-24));
          expect(() => JSON.parse(redacted)).not.toThrow();
        }
      }
    }
  });

  it("is masked in hex after \\u in JSON, which stays JSON", () => {
    const der = ed25519.export({ type: "pkcs8", format: "der" }).toString("hex");
    expect(JSON.parse(new Redactor().redact(`{"row":"\\u${der}","other":1}`))).toEqual({ row: "[sealed]", other: 1 });
  });

  it("is masked in OpenSSH's format in hex", () => {
    const file = Buffer.from(`openssh-key-v1\0${"made up, but long enough for a key ".repeat(9)}`).toString("hex");
    expect(new Redactor().redact(`key: ${file}`)).toBe("key: [sealed]");
  });

  it("is masked in YAML, where a number is a block, and takes no other member with it", () => {
    const folded = chunks(exponent ?? "", 64).join("\n  ");
    for (const mark of ["|", ">-", "|-", "!!binary |"]) {
      const redacted = new Redactor().redact(`kty: RSA\nd: ${mark}\n  ${folded}\nuse: sig\nkid: a\n`);
      for (const line of chunks(exponent ?? "", 64)) expect(redacted).not.toContain(line);
      expect(redacted).toContain("\nuse: sig\nkid: a\n");
    }
  });
});

it.each(["2B", "2d", "3D", "5f", "0A"])(
  "a key is masked in variables of which one begins like an escape of mail, and what follows may be, too: %s",
  (start) => {
    const lines = bodyOf(pem).map((line, at) => (at === 5 ? start + line.slice(2) : line));
    const redacted = new Redactor().redact(lines.map((line, at) => `KEY_${at}=${line}\n`).join(""));
    expect(lines.filter((line) => redacted.includes(line.replace(/=+$/, "")))).toEqual([]);
  },
);

describe("the last line of a key without armour, even if it has the form of a word", () => {
  const letters = "QwErTzUiOpAsDfGhJkLyXcVbNmQwErTzUiOpAsDfGhJkLyXcVbNmQwErTzUiOpAs";
  // No line begins like an escape of mail.
  const lines = bodyOf(pem).map((line, at, all) => {
    if (at === 0) return line;
    return at < all.length - 1
      ? `x${line.slice(1)}`
      : line.replace(/[^=]+/, (digits) => letters.slice(0, digits.length));
  });
  const last = lines.at(-1)?.replace(/=+$/, "") ?? "";

  it.each<[string, (line: string, at: number) => string]>([
    ["in rows", (line, at) => `{"n":${at},"text":"${line}"},`],
    ["in commands", (line) => `RUN echo ${line} >> /k\n`],
    ["in variables", (line, at) => `KEY_${at}=${line}\n`],
    ["after slashes", (line) => `// ${line}\n`],
    ["after hyphens", (line) => `- ${line}\n`],
    ["before a file's name", (line) => `echo ${line}>>key.pem\n`],
  ])("is masked: %s", (_, written) => {
    const redactor = new Redactor();
    for (const nest of nested) {
      const redacted = redactor.redact(nest(`${lines.map(written).join("")}# CertificateFingerprintSha1 unchanged`));
      expect([...lines.slice(0, -1), last].filter((line) => redacted.includes(line))).toEqual([]);
      expect(redacted).toContain("CertificateFingerprintSha1 unchanged");
    }
  });
});

describe("what stands around a key that is cut off", () => {
  const certificates = Array.from({ length: 20 }, (_, at) => ({
    CertificateId: `cas-cn-${at}abcdefghijklmnop`,
    RequestId: crypto.randomUUID(),
    Fingerprint: hex.slice(at, at + 40).toUpperCase(),
    Type: "CertificatePublicKeyType",
    Domain: "a-rather-long-name.of.a.host.example.com",
    Begin: "2026-01-01 00:00:00",
    CertificateFingerprintSha1: "a",
    sha256_fingerprint_of_the_public_key: 1,
    x509CertificateChainURLs: [],
  }));

  it.each([
    ["before its first line", 1],
    ["after it", 2],
    ["in the middle", 9],
  ])("is left alone: identifiers, digests, names and times, %s", (_, lines) => {
    for (const key of [pem, encrypted]) {
      const Alias = key.split("\n").slice(0, lines).join(" ");
      const redacted = new Redactor().redact(JSON.stringify({ Alias, certificates }));
      expect(JSON.parse(redacted)).toEqual({ Alias: expect.stringContaining("[sealed]"), certificates });
    }
  });

  it("is masked as a number in JSON, which stays JSON, and leaves public numbers and digests alone", () => {
    const [N, D] = [modulus, exponent].map((number) => String(bigOf(number)));
    const shown = {
      SerialNo: "123456789012345678901234567890123456789",
      sha256: createHash("sha256").digest("hex"),
      Primes: "none",
    };
    const numbers = `"N":${N},"E":65537,"D":${D},"Primes":[${bigOf(prime)}, ${bigOf(prime)}]`;
    for (const redactor of [new Redactor(), new Redactor([pem])]) {
      const redacted = redactor.redact(`{${numbers},"shown":${JSON.stringify(shown)}}`);
      expect(JSON.parse(redacted)).toMatchObject({ D: null, Primes: [null, null], shown });
      expect(redacted).toContain(`"N":${N},`);
    }
    expect(new Redactor([pem]).redact(`it is ${D}`)).toBe("it is [sealed]");
    const rows = JSON.stringify({ Curve: "P-256", privateKey: "vault:AAAAAAAAAAAAAAAAAAAAAA", ...shown });
    expect(new Redactor().redact(rows)).toBe(rows);
  });

  it("is left alone: the public members of a JWK", () => {
    const { n, e, x, y } = { ...jwkOf(rsa), ...jwkOf(ec) };
    for (const shown of [
      JSON.stringify({ kty: "EC", crv: "P-256", x, y, n, e, kid: "d", x5c: [std(n)] }),
      JSON.stringify(Object.entries({ kty: "EC", crv: "P-256", x, y, n, e })),
      `kty: EC\ncrv: P-256\nx: ${x}\ny: ${y}\nn: ${n}\n`,
    ])
      expect(new Redactor().redact(shown)).toBe(shown);
  });
});
