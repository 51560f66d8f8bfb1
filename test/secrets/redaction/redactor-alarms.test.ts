import "reflect-metadata";
import { createHash, createPublicKey, generateKeyPairSync, randomBytes, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Redactor } from "../../../src/secrets/redaction/redactor.js";
import { runs } from "../../support/width.js";

x509.cryptoProvider.set(webcrypto);

const rsa = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
};
const ec = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

interface Public {
  readonly key: string;
  /** What is made from the key and may be shown. */
  readonly documents: readonly string[];
}

async function publicOf(algorithm: typeof rsa | typeof ec, name: string): Promise<Public> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const key = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey)).toString("base64");
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    serialNumber: "01",
    keys,
    signingAlgorithm: algorithm,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: "dns", value: name }])],
  });
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: algorithm,
  });
  const publicKey = createPublicKey(certificate.publicKey.toString("pem"));
  const ofRsa = publicKey.asymmetricKeyType === "rsa" ? [publicKey.export({ type: "pkcs1", format: "pem" })] : [];
  const documents = [
    certificate.toString("pem"),
    request.toString("pem"),
    certificate.publicKey.toString("pem"),
    ...ofRsa,
  ];
  return {
    key: `-----BEGIN PRIVATE KEY-----\n${key.replace(/.{64}(?!$)/g, "$&\n")}\n-----END PRIVATE KEY-----\n`,
    documents: [...documents.map(String), documents.slice(0, 1).join("\n").repeat(3)],
  };
}

// Names of other lengths move the key inside of the certificate to every alignment.
const names = ["a.example", "ab.example", "abc.example", "abcd.example", "abcde.example", "abcdef.example"];
const all = await Promise.all(names.flatMap((name) => [publicOf(rsa, name), publicOf(ec, name)]));

const der = (pem: string) => Buffer.from(pem.replace(/-----.*-----|\s/g, ""), "base64");
const disguises: readonly ((pem: string) => string)[] = [
  (pem) => pem,
  (pem) => JSON.stringify(JSON.stringify(pem)),
  (pem) => encodeURIComponent(encodeURIComponent(pem)),
  (pem) => Buffer.from(pem).toString("base64"),
  (pem) => Buffer.from(pem.replaceAll("\n", "\r\n")).toString("base64"),
  (pem) => der(pem).toString("base64"),
  (pem) => der(pem).toString("base64url"),
  (pem) => der(pem).toString("hex"),
  (pem) => Buffer.from(pem).toString("hex"),
  (pem) => pem.slice(0, 600),
  (pem) => JSON.stringify(pem.split("\n")),
  (pem) => der(pem).toString("hex").toUpperCase().match(/../g)?.join(":") ?? "",
  (pem) => der(pem).toString("hex").match(/../g)?.join(" ") ?? "",
];

describe("what is public", () => {
  it("is left alone: certificates, requests, public keys and chains, whether or not their keys are known", () => {
    const strangers = new Redactor([]);
    const known = new Redactor(all.map(({ key }) => key));
    for (const document of all.flatMap(({ documents }) => documents)) {
      for (const shown of disguises.map((disguise) => disguise(document))) {
        expect(strangers.redact(shown)).toBe(shown);
        expect(known.redact(shown)).toBe(shown);
      }
    }
  });

  it("is left alone: certificates that follow a key in a list, whether it is whole or cut off", () => {
    const redactor = new Redactor([]);
    for (const { key, documents } of all) {
      for (const keyLines of [key.trim().split("\n"), key.split("\n").slice(0, 2), key.trim().split("\n").slice(2)]) {
        const lines = (documents[0] ?? "").split("\n");
        const redacted = redactor.redact(
          JSON.stringify({ File: [...keyLines, ...lines], CertificateFingerprintSha1: "A" }),
        );
        expect(JSON.parse(redacted)).toMatchObject({ CertificateFingerprintSha1: "A" });
        expect(redacted).toContain(lines.map((line) => JSON.stringify(line)).join());
        expect(redacted).toContain("[sealed]");
      }
    }
  });

  it("is left alone: digests, identifiers and long random bytes", () => {
    const key = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" });
    const redactor = new Redactor([...all.map((each) => each.key), key.toString(), "a-long-password"]);
    const bytes = fc.integer({ min: 1, max: 4000 }).map((size) => randomBytes(size));
    const texts: readonly ((bytes: Buffer) => string)[] = [
      (each) => each.toString("base64"),
      (each) => each.toString("base64url"),
      (each) => each.toString("hex"),
      (each) => createHash("sha256").update(each).digest("hex").replace(/..\B/g, "$&:").toUpperCase(),
      () => crypto.randomUUID(),
    ];
    fc.assert(
      fc.property(bytes, fc.constantFrom(...texts), (each, form) => {
        const text = `id: ${form(each)}, done`;
        expect(redactor.redact(text)).toBe(text);
      }),
      { numRuns: runs(200, 1_000) },
    );
  });
});
