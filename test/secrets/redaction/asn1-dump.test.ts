import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { Redactor } from "../../../src/secrets/redaction/redactor.js";

/** Over a pipe, which openssl can open as /dev/stdin; what Node.js gives it is a socket. */
const openssl = (args: readonly string[], input = "") =>
  execFileSync("sh", ["-c", 'cat | openssl "$@"', "sh", ...args], {
    input,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "ignore"],
  });
const dump = (pem: string, ...more: readonly string[]) => openssl(["asn1parse", ...more], pem);
const redact = (text: string) => new Redactor().redact(text);

const rsa = openssl(["genrsa", "-traditional", "1024"]);
const generated = (...args: readonly string[]) => openssl(["genpkey", "-algorithm", ...args]);
const ec = generated("EC", "-pkeyopt", "ec_paramgen_curve:P-256");
const ed25519 = generated("ED25519");
const sec1 = openssl(["ec"], ec);
const sm2 = openssl(["ec"], generated("SM2"));
const dsa = openssl(["gendsa", "/dev/stdin"], openssl(["dsaparam", "1024"]));
const toPkcs8 = (...args: readonly string[]) => openssl(["pkcs8", "-topk8", ...args], ec);

const keys: readonly (readonly [string, string])[] = [
  ["RSA, PKCS#1", rsa],
  ["RSA, PKCS#8", openssl(["pkcs8", "-topk8", "-nocrypt"], rsa)],
  ["EC, PKCS#8", ec],
  ["EC, SEC1", sec1],
  ["SM2, SEC1", sm2],
  ["SM2, PKCS#8", openssl(["pkcs8", "-topk8", "-nocrypt"], sm2)],
  ["Ed25519", ed25519],
  ["X25519", generated("X25519")],
  ["Ed448", generated("ED448")],
  ["DSA", openssl(["pkey", "-traditional"], dsa)],
  ["EC, encrypted", toPkcs8("-passout", "pass:secret")],
  ["EC, encrypted by PKCS#12", toPkcs8("-passout", "pass:secret", "-v1", "PBE-SHA1-3DES")],
];

/** The values of numbers and bytes; the bits of a public key are not shown. */
const valuesIn = (text: string) =>
  [...text.matchAll(/(?:INTEGER|\[HEX DUMP\]) *:([0-9A-F]{40,})/g)].map(([, value]) => value);

describe("the dump of a key that was never seen", () => {
  const ways: readonly (readonly [string, (text: string) => string])[] = [
    ["as it is", (text) => text],
    ["in JSON", (text) => JSON.stringify({ text })],
    ["with line ends written out", (text) => text.replaceAll("\n", "<U+000A>")],
    ["with single blanks", (text) => text.replace(/\s+/g, " ")],
    ["among other text", (text) => `I ran openssl asn1parse:\n\n${text}\nWhat is wrong with it?`],
  ];
  it.each(keys)("is masked: %s", (_, pem) => {
    for (const args of [[], ["-i"]]) {
      const text = dump(pem, ...args);
      expect(valuesIn(text).length).toBeGreaterThan(0);
      for (const [, written] of ways) {
        const redacted = redact(written(text));
        for (const value of valuesIn(text)) expect(redacted).not.toContain(value?.slice(0, 24));
      }
    }
  });

  it("is masked where it is cut off", () => {
    const lines = dump(rsa).split("\n");
    const [, , , exponent = ""] = valuesIn(dump(rsa));
    expect(redact(lines.slice(0, 7).join("\n"))).not.toContain(exponent.slice(0, 24));
    expect(redact(lines.slice(3).join("\n"))).not.toContain(exponent.slice(0, 24));
  });
});

describe("the dump of what is public is left alone", () => {
  const parts = ["-subj", "/CN=www.example.com", "-addext", "subjectAltName=DNS:www.example.com"];
  const certificate = (key: string) =>
    openssl(["req", "-new", "-x509", "-key", "/dev/stdin", "-days", "90", ...parts], key);
  const request = (key: string) => openssl(["req", "-new", "-key", "/dev/stdin", ...parts], key);
  const files: readonly (readonly [string, string])[] = [
    ["certificate, RSA", certificate(rsa)],
    ["certificate, EC", certificate(ec)],
    ["certificate, Ed25519", certificate(ed25519)],
    ["request, RSA", request(rsa)],
    ["request, EC", request(ec)],
    ["public key, RSA", openssl(["rsa", "-RSAPublicKey_out"], rsa)],
    ["public key, DSA", openssl(["pkey", "-pubout"], dsa)],
    ["parameters of DSA", openssl(["dsaparam", "1024"])],
    [
      "parameters of Diffie-Hellman",
      openssl(["genpkey", "-genparam", "-algorithm", "DHX", "-pkeyopt", "dh_rfc5114:2"]),
    ],
    ["certificates of a chain", openssl(["crl2pkcs7", "-nocrl", "-certfile", "/dev/stdin"], certificate(ec))],
  ];
  it.each(files)("%s", (_, pem) => {
    const text = dump(pem);
    expect(redact(text)).toBe(text);
    expect(redact(JSON.stringify({ text }))).toBe(JSON.stringify({ text }));
  });
});

describe("a number that is called a private key", () => {
  const number = "0123456789abcdef".repeat(4);
  it.each([
    `sm2 private key (hex): ${number}`,
    `private key [hex] = ${number}`,
    `priv (256 bit): 0x${number}`,
    `EC private_key(raw): ${number}`,
    `PRIVATE_KEY=${number}`,
    `export SM2_PRIVATE_KEY=0x${number.toUpperCase()}`,
    `PRIV: ${number}`,
    `Priv (256 bit): 0x${number}`,
    `PRIVATE_EXPONENT=${number.repeat(4)}`,
    `PRIME1=${number.repeat(2)}\nEXPONENT1=${number.repeat(2)}`,
  ])("is masked: %s", (text) => expect(redact(text).toLowerCase()).not.toContain(number));

  it.each([`private key (SHA-256): ${number}`, `private key (fingerprint): ${number}`])(
    "is left alone where it is a digest: %s",
    (text) => expect(redact(text)).toBe(text),
  );
});
