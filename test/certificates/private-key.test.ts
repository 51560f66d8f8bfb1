import { execFileSync } from "node:child_process";
import { createPrivateKey, generateKeyPairSync, KeyObject } from "node:crypto";
import { describe, expect, it } from "vitest";
import { openPrivateKey, openPrivateKeyInWorker } from "../../src/certificates/private-key.js";
import { unfitKey } from "../../src/certificates/unfit-key.js";
import { rsaKey } from "../support/rsa-key.js";

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
