import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Reply } from "../../src/reply/format-reply.js";
import { certificateRow, certificateRows, type Members, shaped, structureOf, tokensOf } from "./support.js";

const limit = 20_000;
const text = (length: number) => "MIIDdzCCAl+gAwIBAgIE".repeat(Math.ceil(length / 20)).slice(0, length);

function expectToFit(reply: Reply): void {
  expect(tokensOf(structureOf(reply))).toBeLessThan(limit);
}

const groups = z.array(z.object({ TotalCount: z.number(), InstanceList: z.array(z.unknown()) }).passthrough());

const hosts = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ Domain: `host-${index}.example.com`, CertId: "Ab12Cd34" }));
const balancer = (index: number) => ({
  LoadBalancerId: `lb-${10_000_000 + index}`,
  LoadBalancerName: `shop ${index}`,
  Listeners: [{ ListenerId: "lbl-3f7w2n9a", Protocol: "HTTPS", Rules: [{ Domain: `www-${index}.example.com` }] }],
});
const region = (Region: string, count: number): Members => ({
  Region,
  TotalCount: count * 3,
  InstanceList: Array.from({ length: count }, (_, index) => balancer(index)),
});

describe("resources by product and region", () => {
  const answer = {
    Status: 1,
    CLB: [region("ap-singapore", 100), region("ap-hongkong", 2), region("eu-frankfurt", 100)],
    CDN: [{ TotalCount: 100, InstanceList: hosts(100) }],
    WAF: null,
  };
  const reply = shaped("DescribeCertificateBindResourceTaskDetail", answer, { params: { Limit: "100" } });

  it("each get a share", () => {
    expectToFit(reply);
    const clb = groups.parse(reply.result.CLB);
    expect(clb.map(({ Region, TotalCount }) => [Region, TotalCount])).toEqual([
      ["ap-singapore", 300],
      ["ap-hongkong", 6],
      ["eu-frankfurt", 300],
    ]);
    for (const { InstanceList } of [...clb, ...groups.parse(reply.result.CDN)]) {
      expect(InstanceList.length).toBeGreaterThanOrEqual(2);
    }
    expect(clb[1]?.InstanceList).toHaveLength(2);
    expect(clb[0]).toHaveProperty("InstanceList_shown", expect.stringMatching(/^first \d+ of 100 items$/));
  });

  it("say for each list how to get its rest", () => {
    const shown = groups.parse(reply.result.CLB)[0]?.InstanceList.length;
    expect(reply.notes).toContain(
      `CLB in ap-singapore: 1 to ${shown} of 300. For the rest call again with ResourceTypes ["clb"], ` +
        `Regions ["ap-singapore"], Offset ${shown} and Limit ${shown}.`,
    );
    expect(reply.notes).toContainEqual(expect.stringContaining('["ap-hongkong"], Offset 2 and'));
  });

  it("are not all explained where many are incomplete", () => {
    const CLB = Array.from({ length: 30 }, (_, index) => region(`region-${index}`, 20));
    const many = shaped("DescribeCertificateBindResourceTaskDetail", { Status: 1, CLB });
    expectToFit(many);
    expect(groups.parse(many.result.CLB)).toHaveLength(30);
    expect(many.notes).toContainEqual(expect.stringContaining("26 more lists are incomplete"));
  });
});

describe("items of a one-click update", () => {
  const item = (index: number) => ({ Id: index, Status: 2, ErrorMsg: text(300), Domains: [`h${index}.example.com`] });
  const items = (count: number) => Array.from({ length: count }, (_, index) => item(index));
  const list = (clb: number, cdn: number) => [
    { ResourceType: "clb", TotalCount: clb, List: items(clb) },
    { ResourceType: "cdn", TotalCount: cdn, List: items(cdn) },
  ];
  const ask = (RecordDetailList: unknown, params: Members) =>
    shaped("DescribeHostUpdateRecordDetail", { TotalCount: 500, RecordDetailList }, { params });

  it("are asked for again in smaller pages, as their order across types is not known", () => {
    const reply = ask(list(120, 80), { Offset: "200", Limit: "200" });
    expectToFit(reply);
    const rows = z.array(z.object({ List: z.array(z.unknown()) })).parse(reply.result.RecordDetailList);
    const shown = rows.reduce((sum, { List }) => sum + List.length, 0);
    expect(reply.notes).toContainEqual(
      `RecordDetailList: ${shown} of the 200 rows of this page, of 500 in all. For the rest call again with ` +
        `Offset 200 and Limit ${shown}, and so on from there.`,
    );
  });

  it("say where the next page begins when this one fits", () => {
    expect(ask(list(5, 5), { Offset: "20" }).notes).toContainEqual(
      "RecordDetailList: 21 to 30 of 500. For the rest call again with Offset 30.",
    );
  });
});

describe("a long text", () => {
  it("stays whole where it fits", () => {
    const CertificatePublicKey = text(12_000);
    const { result } = shaped("DescribeCertificateDetail", { CertificatePublicKey }, { detail: "full" });
    expect(result).toMatchObject({ CertificatePublicKey });
  });

  it("is cut with a note where it does not, and leaves the rest alone", () => {
    const answer = { CertificateId: "Ab12Cd34", CertificatePublicKey: text(200_000), Alias: "shop" };
    const reply = shaped("DescribeCertificateDetail", answer, { detail: "full" });
    expectToFit(reply);
    expect(reply.result).toMatchObject({
      CertificateId: "Ab12Cd34",
      CertificatePublicKey_shown: expect.stringMatching(/^first \d+ of 200000 characters$/),
      Alias: "shop",
    });
    expect(reply.notes).toContainEqual(expect.stringMatching(/^CertificatePublicKey: first \d+ of 200000 characters/));
  });

  it("is not cut within a character", () => {
    const reply = shaped("DescribeCSR", { CSR: "😀".repeat(20_000) });
    expectToFit(reply);
    expect(JSON.stringify(reply.result)).not.toContain("\\ud83d");
  });
});

describe("answers beyond measure", () => {
  it("of thousands of unknown members keep the documented ones", () => {
    const unknown = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`x${index}`, index]));
    const reply = shaped("DescribeCertificates", { ...unknown, TotalCount: 3, Certificates: certificateRows(3) });
    expectToFit(reply);
    expect(reply.result).toMatchObject({ TotalCount: 3, RequestId: expect.any(String) });
    expect(reply.notes).toContainEqual(expect.stringMatching(/first \d+ of 20003 members/));
  });

  it("of one enormous row show what they can of it", () => {
    const row = {
      ...certificateRow(1),
      SubjectAltName: Array.from({ length: 9_000 }, (_, index) => `a${index}.example`),
    };
    const reply = shaped("DescribeCertificates", { TotalCount: 1, Certificates: [row] });
    expectToFit(reply);
    expect(reply.result).toMatchObject({
      Certificates: [{ Domain: "shop-1.example.com", SubjectAltName_shown: expect.stringContaining("of 9000 items") }],
    });
  });

  it("with endless notes of others fit, too", () => {
    const notes = Array.from({ length: 100 }, (_, index) => `${index} ${text(5_000)}`);
    const answer = { TotalCount: 1000, Certificates: certificateRows(1000) };
    const reply = shaped("DescribeCertificates", answer, { notes });
    expectToFit(reply);
    expect(reply.notes).toContainEqual(expect.stringContaining("For the rest call again with Offset"));
  });
});
