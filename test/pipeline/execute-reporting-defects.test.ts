import { describe, expect, it } from "vitest";
import { deleteCertificate } from "../../src/catalogue/tencent-ssl/delete-certificate.js";
import { describeCertificate } from "../../src/catalogue/tencent-ssl/describe-certificate.js";
import { watched } from "../../src/pipeline/execute-reporting-defects.js";

/** A cloud to which nothing gets through. */
const away = {
  credentialIdOf: () => "account",
  exclusionOf: () => undefined,
  send: () => Promise.reject(new TypeError("Cannot read properties of undefined")),
};
const { signal } = new AbortController();

describe("whether a change may have altered the account", () => {
  it("is noticed by what is sent: reads do not count, and changes call back before and after", async () => {
    const changes: string[] = [];
    const cloud = watched(away, () => changes.push("changing"));
    await expect(cloud.send(describeCertificate, {}, signal)).rejects.toThrow(TypeError);
    expect(cloud.mayHaveAltered).toBe(false);
    expect(changes).toEqual([]);
    await expect(cloud.send(deleteCertificate, {}, signal)).rejects.toThrow(TypeError);
    expect(cloud.mayHaveAltered).toBe(true);
    expect(changes).toHaveLength(2);
  });
});
