import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { Vault } from "../../../src/secrets/vault/vault.js";
import { approvesByToken } from "../../support/assistant.js";
import { type ScriptedCloud, startScriptedCloud, tencent } from "../../support/scripted-cloud.js";
import { madeMaterial } from "../references/support.js";
import { archiveOf, entryOf } from "./support.js";

/** What is read stays in memory within limits; what had to go is told, never missing without a word. */

// To take a key out needs a yes, and a person is asked no more than 30 times a minute: the host's own prompt approves.
let cloud: ScriptedCloud;
beforeAll(async () => {
  cloud = await startScriptedCloud(approvesByToken, { hostApproves: true });
});
afterAll(() => cloud.close());

const entries = z.object({ entries: z.array(z.object({ reference: z.string(), bytes: z.number().optional() })) });
const held = async () => entries.parse(await cloud.assistant.result("list_vault")).entries;
const password = async (text: string, id: number) =>
  (await cloud.hears(tencent({ Id: id, KeyPassword: text }), "DescribeCSR", { CSRId: id })).structure;

describe("the vault", () => {
  it("holds so many secrets and so much of them, and the reply says which had to go", async () => {
    const replies = [];
    for (let id = 1; id <= 60; id += 1) replies.push(await password(`${id} ${"x".repeat(200_000)}`, id));
    const now = await held();
    expect(now.length).toBeLessThanOrEqual((4 * 1024 * 1024) / 200_000);
    expect(now.map(({ reference }) => reference)).toContain(replies.at(-1)?.KeyPassword);
    expect(JSON.stringify(replies.at(-1)?.notes)).toContain("To make room, the vault dropped its oldest entry.");
    const first = String(replies[0]?.KeyPassword);
    const said = await cloud.assistant.failure("UploadCertificate", {
      CertificatePublicKey: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
      CertificatePrivateKey: first,
    });
    expect(said).toContain("the vault held it and dropped it to make room for later reads");
    expect(said).toContain("read the secret from the cloud again");
  });

  it("holds 64 small ones", async () => {
    for (let id = 1; id <= 70; id += 1) {
      expect((await password(`small secret ${id}`, id)).KeyPassword).toMatch(/^vault:/);
    }
    expect((await held()).length).toBeLessThanOrEqual(64);
  });

  it("does not take what was not read for a secret", async () => {
    const before = (await held()).length;
    const { KeyPassword, notes } = await password("x".repeat(1_000_000), 99);
    expect(KeyPassword).toBe("[not held: it is longer than any secret]");
    expect(JSON.stringify(notes)).toContain("KeyPassword is not held: it is longer than any secret.");
    expect(await held()).toHaveLength(before);
  });

  it("counts what an archive was taken apart into", () => {
    const archive = archiveOf(madeMaterial());
    const vault = new Vault({ limits: { entries: 10, characters: archive.length + 100 } });
    const first = vault.keep(entryOf("password", "hunter2"));
    vault.keep(entryOf("archive", archive));
    expect(vault.find(first)).toBeUndefined();
    expect(vault.wasEvicted(`${first}#key`)).toBe(true);
  });

  it("remembers a thousand that it let go, and no more", () => {
    const vault = new Vault({ limits: { entries: 1, characters: 1_000 } });
    const references = Array.from({ length: 1_102 }, (_, at) => vault.keep(entryOf("password", `secret ${at}`)));
    const [first = "", ...rest] = references;
    expect(vault.wasEvicted(first)).toBe(false);
    expect(rest.slice(100, -1).every((reference) => vault.wasEvicted(reference))).toBe(true);
    expect(vault.wasEvicted("vault:AAAAAAAAAAAAAAAAAAAAAA")).toBe(false);
  });
});
