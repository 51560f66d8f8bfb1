import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseObject } from "../../src/lib/json.js";
import { selectMembers } from "../../src/reply/select-members.js";
import { refused, type ScriptedCloud, startScriptedCloud, tencent } from "../support/scripted-cloud.js";
import { ofRows, rows, wide } from "../support/width.js";
import { tokensOf } from "./support.js";

/** A reply must not hold up the process, nor make a defect of a change that was accepted. */

let cloud: ScriptedCloud;
beforeAll(async () => {
  cloud = await startScriptedCloud();
});
afterAll(() => cloud.close());

const csr = {
  ...{ Domain: "a.example.com", Organization: "x", Department: "x", Email: "a@example.com", Province: "x" },
  ...{ City: "x", Country: "US", EncryptAlgo: "ECC", KeyParameter: "prime256v1", Generate: true },
};
const MIB = 1024 * 1024;
const accepted = (byHand: string) => cloud.hears(tencent({ Id: 4 }, byHand), "CreateCSR", csr);

describe("a change that was accepted is told so", () => {
  it.each(
    rows(
      [
        ["a text of 300 KB", `"X":"${"a".repeat(300_000)}"`],
        ["a text of 1 MB", `"X":"${"a".repeat(1_000_000)}"`],
        ["a text of 3 MiB that looks like base64", `"X":"${"MIIE".repeat(750_000)}"`],
        ["300 KB of what begins a key", `"X":"${"-----BEGIN PRIVATE KEY-----".repeat(11_000)}"`],
        ["300 KB of escapes", `"X":"${"%25\\\\u0041".repeat(30_000)}"`],
        ["a member's name of 1 MB", `"${"n".repeat(1_000_000)}":1`],
        ["a list of 100,000 texts", `"X":[${'"abcd",'.repeat(100_000)}1]`],
        ["a member that is null 50,000 times", `"X":[${"null,".repeat(50_000)}1]`],
        ["a thousand passwords", `"X":[${'{"KeyPassword":"correct horse"},'.repeat(1_000)}1]`],
      ],
      3,
    ),
  )("when its reply holds %s", ofRows, async (_, byHand) => {
    const { reply, structure, text } = await accepted(byHand);
    expect(reply.isError).toBeFalsy();
    expect(structure).toMatchObject({ Id: 4 });
    expect(tokensOf(structure)).toBeLessThan(20_000);
    expect(text + cloud.assistant.stderr()).not.toMatch(/defect|RangeError/);
  });

  it("or that it is not known, where the reply was too long to be read", async () => {
    const { text } = await accepted(`"X":"${"a".repeat(5 * MIB)}"`);
    expect(text).toMatch(
      /answered CreateCSR, but the reply is larger than 4194304 bytes, so it was not read\.\nOutcome unknown/,
    );
    expect(text).toContain("read the current state before calling again");
  });
});

describe("a read", () => {
  it("with a refusal of 300 KB tells its code", async () => {
    const { text } = await cloud.hears(refused("FailedOperation", "x".repeat(300_000)));
    expect(text).toContain("FailedOperation");
    expect(text.length).toBeLessThan(3_000);
  });

  it("of 50,000 items of another type than documented keeps their number", async () => {
    const { reply, structure } = await cloud.hears(
      tencent({ TotalCount: 1 }, `"Certificates":[${"1,".repeat(50_000)}1]`),
    );
    expect(reply.isError).toBeFalsy();
    expect(JSON.stringify(structure)).toMatch(/first \d+ of 50001 items/);
  });
});

describe("the work on a reply", () => {
  it("is done on no more values than can be shown", wide, () => {
    const row = { CertificateId: "abcd1234", Domain: "www.example.com", SubjectAltName: ["a.example.com"] };
    const { members, counts } = selectMembers({ TotalCount: 1, Certificates: Array(100_000).fill(row) });
    expect(counts.get("Certificates")).toBe(100_000);
    expect(JSON.stringify(members).length).toBeLessThan(200_000);
    const many = Object.fromEntries(
      Array.from({ length: 100_000 }, (_, index) => [`m${index}`, { TotalCount: index }]),
    );
    expect(Object.keys(selectMembers({ ...many, TotalCount: 7 }).members).length).toBeLessThan(10_000);
    expect(selectMembers({ ...many, TotalCount: 7 }).members).toMatchObject({ TotalCount: 7 });
  });

  it("reads no more values than a document's reply has, and no longer texts", () => {
    expect(parseObject(`{"X":[${"1,".repeat(200_000)}1]}`)).toBeUndefined();
    expect(parseObject(`{"X":"${"a".repeat(500_000)}","Y":1}`)).toEqual({
      X: "[a text of 500000 characters, too long to be read]",
      Y: 1,
    });
    expect(parseObject(`{"X":"${"\\\\".repeat(250_000)}","Y":"${"b".repeat(100_000)}"}`)).toMatchObject({
      X: "[a text of 500000 characters, too long to be read]",
      Y: "b".repeat(100_000),
    });
  });
});
