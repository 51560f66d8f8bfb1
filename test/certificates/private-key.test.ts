import { execFileSync } from "node:child_process";
import { createPrivateKey, generateKeyPairSync, KeyObject } from "node:crypto";
import { describe, expect, it } from "vitest";
import { unsupportedEncryption } from "../../src/certificates/key-encryption.js";
import { pemOf } from "../../src/certificates/pem.js";
import { openPrivateKey, openPrivateKeyInWorker } from "../../src/certificates/private-key.js";
import { unfitKey } from "../../src/certificates/unfit-key.js";
import { rsaKey } from "../support/rsa-key.js";
import { aesCbc, asGmsslWrites } from "./encrypted-keys.js";

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
const locked = privateKey
  .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "right" })
  .toString();

describe("an encrypted key that is opened aside", () => {
  it("is the key, or says that the password is wrong", async () => {
    const opened = await openPrivateKeyInWorker(locked, "right");
    expect(opened instanceof KeyObject && opened.equals(privateKey)).toBe(true);
    expect(await openPrivateKeyInWorker(locked, "wrong")).toBe("wrong password");
    expect(await openPrivateKeyInWorker("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n", "x")).toBe("wrong password");
  });

  it("lets other work be done meanwhile", async () => {
    let others = 0;
    let isOpen = false;
    const other = () => {
      others += 1;
      if (!isOpen) setImmediate(other);
    };
    setImmediate(other);
    const opened = openPrivateKeyInWorker(locked, "right");
    expect(others).toBe(0);
    await opened;
    isOpen = true;
    expect(others).toBeGreaterThan(0);
  });
});

const openBothWays = async (pem: string, password: string) => [
  openPrivateKey(pem, password),
  await openPrivateKeyInWorker(pem, password),
];

describe("a key that GmSSL encrypted", () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const sm2 = createPrivateKey(execFileSync("openssl", ["genpkey", "-quiet", "-algorithm", "SM2"]));

  it.each([
    ["RSA", rsa],
    ["SM2", sm2],
  ])("is opened with its password: %s", async (_, key) => {
    const pem = asGmsslWrites(key, "正确 right");
    for (const opened of await openBothWays(pem, "正确 right"))
      expect(opened instanceof KeyObject && opened.equals(key)).toBe(true);
    expect(unsupportedEncryption(pem)).toBeUndefined();
  });

  it("is not opened with another one", async () => {
    const pem = asGmsslWrites(rsa, "right");
    for (let attempt = 0; attempt < 3; attempt++)
      expect(await openBothWays(pem, `wrong ${attempt}`)).toEqual(["wrong password", "wrong password"]);
    expect(openPrivateKey(pem, undefined)).toBe("encrypted");
  });

  it("with another cipher is not supported", async () => {
    const pem = asGmsslWrites(rsa, "right", aesCbc);
    expect(await openBothWays(pem, "right")).toEqual(["unsupported encryption", "unsupported encryption"]);
    expect(unsupportedEncryption(pem)).toEqual({ name: "HMAC-SM3", legacy: false });
  });
});

describe("an encryption that Node.js lacks", () => {
  const providers = ["-provider", "legacy", "-provider", "default", "-passout", "pass:right"];
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" });
  const encrypted = (args: readonly string[]) =>
    execFileSync("openssl", [...args, ...providers], { input: rsa, encoding: "utf8", stdio: "pipe" });

  it.each([
    ["single DES", ["pkcs8", "-topk8", "-v2", "des"]],
    ["single DES", ["pkcs8", "-topk8", "-v1", "PBE-MD5-DES"]],
    ["single DES", ["pkcs8", "-topk8", "-v1", "PBE-SHA1-DES"]],
    ["single DES", ["rsa", "-traditional", "-des"]],
    ["RC2", ["pkcs8", "-topk8", "-v2", "rc2"]],
    ["RC2", ["pkcs8", "-topk8", "-v1", "PBE-SHA1-RC2-40"]],
    ["RC4", ["pkcs8", "-topk8", "-v1", "PBE-SHA1-RC4-128"]],
    ["CAST5", ["pkcs8", "-topk8", "-v2", "cast5-cbc"]],
    ["Blowfish", ["pkcs8", "-topk8", "-v2", "bf-cbc"]],
    ["SEED", ["pkcs8", "-topk8", "-v2", "seed-cbc"]],
    ["SEED", ["rsa", "-traditional", "-seed"]],
  ])("is named, and is not taken for a wrong password: %s, %s", async (name, args) => {
    const pem = encrypted(args);
    expect(await openBothWays(pem, "right")).toEqual(["unsupported encryption", "unsupported encryption"]);
    expect(unsupportedEncryption(pem)).toEqual({ name, legacy: true });
    expect(openPrivateKey(pem, undefined)).toBe("encrypted");
  });

  it("has no name if it is not known", async () => {
    const [begin, aes] = [encrypted(["pkcs8", "-topk8", "-v2", "aes-256-cbc"]), "60864801650304012a"];
    const body = Buffer.from(begin.replace(/-----.*-----/g, ""), "base64").toString("hex");
    const der = Buffer.from(body.replace(aes, "608648016503040163"), "hex");
    const pem = pemOf("ENCRYPTED PRIVATE KEY", der);
    expect(await openBothWays(pem, "right")).toEqual(["unsupported encryption", "unsupported encryption"]);
    expect(unsupportedEncryption(pem)).toBeUndefined();
  });

  it.each([
    "pkcs8 -topk8 -v2 des3",
    "pkcs8 -topk8 -v1 PBE-SHA1-2DES",
    "pkcs8 -topk8 -v2 sm4-cbc",
    "pkcs8 -topk8 -v2 aes-256-ofb",
    "pkcs8 -topk8 -scrypt",
    "rsa -traditional -camellia256",
  ])("is not one that it has: %s", async (command) => {
    const pem = encrypted(command.split(" "));
    expect(unsupportedEncryption(pem)).toBeUndefined();
    for (const opened of await openBothWays(pem, "right")) expect(opened).toBeInstanceOf(KeyObject);
    expect(await openBothWays(pem, "wrong")).toEqual(["wrong password", "wrong password"]);
  });
});

describe("an RSA key with more than two primes", () => {
  const options = ["rsa_keygen_bits:2048", "rsa_keygen_primes:3"].flatMap((option) => ["-pkeyopt", option]);
  const pkcs8 = execFileSync("openssl", ["genpkey", "-quiet", "-algorithm", "RSA", ...options], { encoding: "utf8" });
  const key = createPrivateKey(pkcs8);
  const pkcs1 = key.export({ type: "pkcs1", format: "pem" }).toString();
  const encrypted = key.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "right" }).toString();

  it("is said to be of a kind that is not supported, and not to be damaged", () => {
    for (const pem of [pkcs8, pkcs1]) {
      expect(unfitKey(pem)).toBe("it is an RSA key with more than two primes, a kind that is not supported");
      expect(openPrivateKey(pem, undefined)).toBe("unreadable");
    }
  });

  it("is not used when it was encrypted either", async () => {
    expect(openPrivateKey(encrypted, "right")).toBe("unreadable");
    expect(await openPrivateKeyInWorker(encrypted, "right")).toBe("unreadable");
  });

  it("differs from one with two, in every form", () => {
    const two = rsaKey();
    for (const type of ["pkcs8", "pkcs1"] as const) {
      const pem = two.export({ type, format: "pem" }).toString();
      expect(unfitKey(pem)).toBeUndefined();
      expect(openPrivateKey(pem, undefined)).toBeInstanceOf(KeyObject);
    }
  });
});
