import { generateKeyPairSync, randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { Redactor } from "../../../src/secrets/redaction/redactor.js";

const SIZE = 200_000;
const ROUNDS = 10;

const newKey = () =>
  generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  }).privateKey;

function millisecondsOf(work: () => unknown): string {
  for (let round = 0; round < ROUNDS; round += 1) work();
  const start = performance.now();
  for (let round = 0; round < ROUNDS; round += 1) work();
  return `${((performance.now() - start) / ROUNDS).toFixed(1)} ms`;
}

it("reports how long sealing takes", async ({ annotate }) => {
  const secrets = Array.from({ length: 10 }, () => [newKey(), randomBytes(16).toString("base64url")]).flat();
  const redactor = new Redactor(secrets);
  const another = newKey();
  const base64 = randomBytes(SIZE).toString("base64").slice(0, SIZE);
  const reply = Array.from({ length: 130 }, (_, index) => ({
    id: index,
    pem: base64.slice(0, 1500).replace(/.{64}/g, "$&\n"),
  }));
  const json = JSON.stringify(reply).slice(0, SIZE);
  const work: Readonly<Record<string, () => unknown>> = {
    "a redactor of 20 secrets": () => new Redactor(secrets),
    "learn() and forget it": () => redactor.addSecrets([another])(),
    "text() of 200 KB base64": () => redactor.redact(base64),
    "text() of 200 KB JSON": () => redactor.redact(json),
  };
  for (const [name, each] of Object.entries(work)) await annotate(`${name}: ${millisecondsOf(each)}`);
  expect(redactor.redact(json)).toBe(json);
});

/** A megabyte of each: were the work not linear, one of them would take minutes. */
const MEBIBYTE = 1024 * 1024;
const key = newKey();
const units: Readonly<Record<string, string>> = {
  backslashes: "\\",
  "percent signs": "%25",
  entities: "&amp;amp;#x41;",
  "ends of keys": "-----END PRIVATE KEY-----",
  "begins of keys": "-----BEGIN PRIVATE KEY-----",
  "what may be the begin of a key": "MIIE",
  "what nearly is the begin of a key": "MIIEIAIBA",
  "one letter": "A",
  "short runs of base64 of text": `${"QUFB".repeat(10)},`,
  "base64 of base64 of base64": Buffer.from(Buffer.from("hello world ".repeat(99)).toString("base64")).toString(
    "base64",
  ),
  "pieces of a key that are too short": `${key.slice(1500, 1520)},`,
  "a key": key,
  "quotation marks": '"\\"',
  lines: "x\n",
  "quoted-printable": "=2B=\n",
  "code points": "<U+000A>",
  "lists that begin a key": '"-----BEGIN PRIVATE KEY-----","MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",',
  "lists that end a key": '"MIIEvQIBADANBgkqhkiG9w0BAQEFAASC","-----END PRIVATE KEY-----",',
  "lines of a key": '"MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",',
  "what may be the begin of a key in hex": "3002010201",
  "bytes with hyphens": "30-82-",
  "what nearly are bytes with hyphens": "30-82-a1-x",
  "zero-width spaces": "\u200bA",
  octals: "\\101\\",
  "what nearly is a JWK": '"kty":"d": d = k: AAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n',
};

it.each(Object.entries(units))("takes a megabyte of %s", (_, unit) => {
  const text = unit.repeat(Math.ceil(MEBIBYTE / unit.length));
  expect(new Redactor([key]).redact(text).length).toBeLessThanOrEqual(text.length);
});
