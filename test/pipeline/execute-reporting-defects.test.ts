import { describe, expect, it } from "vitest";
import { deleteCertificate } from "../../src/catalogue/tencent-ssl/delete-certificate.js";
import { describeCertificate } from "../../src/catalogue/tencent-ssl/describe-certificate.js";
import { watchForChanges } from "../../src/pipeline/execute-reporting-defects.js";

/** A cloud to which nothing gets through. */
const away = {
  credentialIdOf: () => "account",
  signersFor: () => ({ tencent: "account" }),
  signerChange: () => undefined,
  exclusionOf: () => undefined,
  send: () => Promise.reject(new TypeError("Cannot read properties of undefined")),
  sendApproved: () => Promise.reject(new TypeError("Cannot read properties of undefined")),
};
const { signal } = new AbortController();

describe("watchForChanges", () => {
  it("reports changes before and after, ignores reads", async () => {
    const changes: string[] = [];
    const cloud = watchForChanges(away, () => changes.push("changing"));
    await expect(cloud.send(describeCertificate, {}, signal)).rejects.toThrow(TypeError);
    expect(cloud.mayHaveAltered).toBe(false);
    expect(changes).toEqual([]);
    await expect(cloud.sendApproved(deleteCertificate, {}, "account", signal)).rejects.toThrow(TypeError);
    expect(cloud.mayHaveAltered).toBe(true);
    expect(changes).toHaveLength(2);
  });
});
