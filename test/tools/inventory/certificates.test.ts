import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tencentSsl } from "../../../src/catalogue/services.js";
import type { JsonObject } from "../../../src/lib/json.js";
import type { ToolContext } from "../../../src/pipeline/tool.js";
import { groupOf, listCertificates } from "../../../src/tools/inventory/certificates.js";
import { storedCertificates } from "../../../src/tools/inventory/inventory.js";
import { Station } from "../support.js";

it.each([
  [1, 0, "issued"],
  [1, -1, "expired"],
  [11, 20, "issued"],
  [3, 20, "expired"],
  [0, undefined, "pending"],
  [2, undefined, "closed"],
  [10, -5, "closed"],
  [16, 20, undefined],
  [null, undefined, undefined],
])("status %s with %s days left is %s", (status, daysLeft, group) => {
  expect(groupOf(status, daysLeft)).toBe(group);
});

it.each([
  ["issued", [1, 11, 15]],
  ["expired", [3]],
  ["pending", [0, 4, 5, 8, 13]],
  ["closed", [2, 6, 7, 9, 10, 12, 14]],
  [undefined, [16]],
])("%s is the group of the statuses %j", (group, statuses) => {
  const all = Array.from({ length: 17 }, (_, status) => status);
  expect(all.filter((status) => groupOf(status, 20) === group)).toEqual(statuses);
});

describe("a list of certificates", () => {
  let station: Station;
  beforeAll(async () => {
    station = await Station.open({ services: [tencentSsl] });
  });
  afterAll(() => station.close());

  /** @param pageAt what the cloud answers from this row on */
  const answering = (pageAt: (offset: number) => JsonObject): ToolContext => ({
    ...station.context,
    read: async (_, { Offset }) => pageAt(Number(Offset)),
  });
  const rows = (from: number, to: number) =>
    Array.from({ length: Math.max(0, to - from) }, (_, n) => ({ CertificateId: `C${from + n}`, Status: 1 }));

  it.each([
    ["as text", "150"],
    ["as null", null],
    ["nowhere", undefined],
    ["as a number", 150],
  ])("is read to its end where the count stands %s and pages are shorter than asked", async (_, TotalCount) => {
    const context = answering((offset) => ({ TotalCount, Certificates: rows(offset, Math.min(150, offset + 100)) }));
    const { certificates, unseen } = await listCertificates(context);
    expect(certificates).toHaveLength(150);
    expect(unseen).toEqual([]);
  });

  it("is said to lack what is counted and not listed", async () => {
    const { unseen } = await listCertificates(answering(() => ({ TotalCount: 5, Certificates: [] })));
    expect(unseen).toEqual([expect.stringContaining("counts 5")]);
  });

  it("ends where a cloud that counts nothing repeats its first page", async () => {
    const { certificates } = await listCertificates(answering(() => ({ Certificates: rows(0, 3) })));
    expect(certificates).toHaveLength(3);
  });

  it.each([
    ["2026-12-05 00:00:00", "2026-12-04T16:00:00.000Z"],
    ["2026-12-05T00:00:00Z", "2026-12-05T00:00:00Z"],
    ["2026-12-05T08:00:00+08:00", "2026-12-05T00:00:00Z"],
    ["2026-12-05", "2026-12-05"],
  ])("shows the end that is written %s", async (CertEndTime, ends) => {
    const row = { CertificateId: "A1", Status: 1, CertEndTime };
    const { certificates, unseen } = await storedCertificates(
      answering(() => ({ TotalCount: 1, Certificates: [row] })),
    );
    expect(certificates[0]?.ends).toBe(ends);
    expect(unseen).toEqual([]);
  });

  it.each(["2026/12/05 00:00:00", 1_796_400_000_000, "0000-00-00 00:00:00", null])(
    "says which certificate has no readable expiry: %s",
    async (CertEndTime) => {
      const good = { CertificateId: "A1", Status: 1, CertEndTime: "2026-12-05 00:00:00" };
      const Certificates = [good, { CertificateId: "A2", Status: 1, CertEndTime }, { CertificateId: "A3", Status: 0 }];
      const { unseen } = await storedCertificates(answering(() => ({ TotalCount: 3, Certificates })));
      expect(unseen).toEqual([expect.stringMatching(/no readable expiry for 1 issued .*: A2\.$/)]);
    },
  );
});
