import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { describeCertificateOperateLogs } from "../../src/catalogue/tencent-ssl/describe-certificate-operate-logs.js";
import { describeCertificates } from "../../src/catalogue/tencent-ssl/describe-certificates.js";
import { modifyCertificateAlias } from "../../src/catalogue/tencent-ssl/modify-certificate-alias.js";
import type { Detail } from "../../src/reply/format-reply.js";
import { TestAccount } from "../sandbox/tencent-ssl-account.js";
import { type Members, now, shaped, structureOf, tokensOf } from "./support.js";

const page = z.object({
  TotalCount: z.number(),
  Certificates: z.array(z.object({ CertificateId: z.string() }).passthrough()),
  Certificates_shown: z.string().optional(),
  notes: z.array(z.string()).default([]),
});

let account: TestAccount;

/** As a client would see it. */
async function list(params: { Offset?: number; Limit?: number; CertIds?: string[] }, detail: Detail = "summary") {
  const answer = await account.call(describeCertificates, params);
  const structure = structureOf(shaped("DescribeCertificates", answer, { detail, params, now }));
  return { ...page.parse(structure), tokens: tokensOf(structure), answer };
}

beforeAll(async () => {
  account = await TestAccount.open();
  const { certificates } = account.account.ssl;
  const seeded = [...certificates.values()];
  for (let index = certificates.size; index < 1_000; index++) {
    const like = seeded[index % seeded.length];
    const id = `Fill${String(index).padStart(4, "0")}`;
    if (like !== undefined) certificates.set(id, { ...like, id, alias: `certificate ${index}` });
  }
});

describe("1,000 certificates in the sandbox", () => {
  it("are answered under 20,000 tokens, with the total and how to go on", async () => {
    const { tokens, TotalCount, Certificates, Certificates_shown, notes } = await list({ Limit: 1_000 });
    expect(tokens).toBeLessThan(20_000);
    expect(TotalCount).toBe(1_000);
    expect(Certificates.length).toBeGreaterThan(80);
    expect(Certificates_shown).toBe(`first ${Certificates.length} of 1000 items`);
    expect(notes).toContainEqual(expect.stringContaining(`call again with Offset ${Certificates.length} and Limit`));
  });

  it("are all seen by one who follows the notes", async () => {
    const seen = new Set<string>();
    let next: { Offset: number; Limit: number } | undefined = { Offset: 0, Limit: 1_000 };
    while (next !== undefined) {
      const { Certificates, notes } = await list(next);
      for (const { CertificateId } of Certificates) seen.add(CertificateId);
      const [, Offset, Limit] = /Offset (\d+) and Limit (\d+)/.exec(notes.join(" ")) ?? [];
      next = Offset === undefined ? undefined : { Offset: Number(Offset), Limit: Number(Limit) };
    }
    expect(seen.size).toBe(1_000);
  });

  it("fit in full, too", async () => {
    const { tokens, Certificates } = await list({ Limit: 1_000 }, "full");
    expect(tokens).toBeLessThan(20_000);
    expect(Certificates.length).toBeGreaterThan(10);
  });

  it("each have every documented member on request", async () => {
    const { CertificateId: id = "" } = (await list({ Limit: 1 })).Certificates[0] ?? {};
    const { Certificates, answer } = await list({ CertIds: [id] }, "full");
    const listSchema = describeCertificates.result.shape.Certificates.innerType().unwrap().unwrap();
    const documented: Members = listSchema.element.shape;
    expect(Object.keys(Certificates[0] ?? {})).toEqual(expect.arrayContaining(Object.keys(documented)));
    expect(Certificates[0]).toMatchObject(answer.Certificates[0]);
  });

  it("tell what people ask for in a summary", async () => {
    const [bound] = (await list({ CertIds: [account.boundId] })).Certificates;
    expect(bound).toMatchObject({
      Domain: "example.com",
      SubjectAltName: ["example.com", "*.example.com"],
      Alias: "storefront",
      Status: 1,
      Status_text: "issued",
      From: "upload",
      CertEndTime: expect.stringMatching(/^2026-04-2\d /),
      CertEndTime_iso: expect.stringMatching(/^2026-04-2\dT.*Z$/),
      CertEndTime_days_left: 20,
    });
    expect(bound).not.toHaveProperty("OwnerUin");
  });
});

describe("a page that fits", () => {
  it("says where the next one begins", async () => {
    const { notes } = await list({ Offset: 20, Limit: 10 });
    expect(notes).toContainEqual(expect.stringContaining("21 to 30 of 1000. For the rest call again with Offset 30"));
  });

  it("of the operation log does, too, though its TotalCount is the number of its own rows", async () => {
    const { CertificateId } = (await list({ Limit: 1 })).Certificates[0] ?? { CertificateId: "" };
    for (const alias of ["one", "two", "three"]) {
      await account.call(modifyCertificateAlias, { CertificateId, Alias: alias });
    }
    const params = { Limit: 2 };
    const answer = await account.call(describeCertificateOperateLogs, params);
    const { notes } = shaped("DescribeCertificateOperateLogs", answer, { params, now });
    expect(answer.TotalCount).toBe(2);
    expect(notes).toContainEqual(
      expect.stringContaining(`1 to 2 of ${answer.AllTotal}. For the rest call again with Offset 2`),
    );
  });

  it("says nothing of the kind when it is the last", async () => {
    const { notes } = await list({ Offset: 995, Limit: 10 });
    expect(notes.join()).not.toContain("call again with Offset");
  });
});
