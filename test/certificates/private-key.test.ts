import { generateKeyPairSync, KeyObject } from "node:crypto";
import { describe, expect, it } from "vitest";
import { openPrivateKeyAside } from "../../src/certificates/private-key.js";

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
const locked = privateKey
  .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "right" })
  .toString();

describe("an encrypted key that is opened aside", () => {
  it("is the key, or says that the password is wrong", async () => {
    const opened = await openPrivateKeyAside(locked, "right");
    expect(opened instanceof KeyObject && opened.equals(privateKey)).toBe(true);
    expect(await openPrivateKeyAside(locked, "wrong")).toBe("wrong password");
    expect(await openPrivateKeyAside("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n", "x")).toBe("wrong password");
  });

  it("lets other work be done meanwhile", async () => {
    let others = 0;
    let isOpen = false;
    const other = () => {
      others += 1;
      if (!isOpen) setImmediate(other);
    };
    setImmediate(other);
    const opened = openPrivateKeyAside(locked, "right");
    expect(others).toBe(0);
    await opened;
    isOpen = true;
    expect(others).toBeGreaterThan(0);
  });
});
