import { describe, expect, it } from "vitest";
import {
  alibabaCas,
  alibabaCdn,
  type DeliveryService,
  huaweiLive,
  huaweiScm,
  type Service,
  tencentEdgeone,
  tencentSsl,
} from "../../../src/catalogue/services.js";
import type { JsonObject } from "../../../src/lib/json.js";
import { ToolError } from "../../../src/lib/tool-error.js";
import type { ToolContext } from "../../../src/pipeline/tool.js";
import { selectDomains } from "../../../src/tools/inventory/domain-rows.js";
import { listStores } from "../../../src/tools/inventory/stores.js";
import { storedCertificateOf, usedByFinder } from "../../../src/tools/inventory/used-by.js";

/** Stores as the clouds list them, with the replies that the vendors' models allow. */

const now = new Date("2026-04-01T03:00:00Z");
const refused = (code: string): never => {
  throw new ToolError({ kind: "cloud", happened: `refused with ${code}.`, changed: "no", next: "Stop.", code });
};

function listing(answer: (params: JsonObject) => JsonObject, set: readonly Service[], project: string | null = "p1") {
  const asked: JsonObject[] = [];
  const context: Partial<ToolContext> = {
    services: new Set(set),
    huaweiProjectId: project ?? undefined,
    signal: new AbortController().signal,
    pause: async () => {},
    now: () => now,
    read: async (_operation, params) => {
      asked.push(params);
      return answer(params);
    },
  };
  return { asked, listed: listStores(Object.assign(Object.create(null), context)) };
}

const many = (count: number, row: (index: number) => JsonObject) => Array.from({ length: count }, (_, at) => row(at));

describe("Alibaba Cloud's stores", () => {
  const rows = many(120, (index) => ({
    CertificateId: index + 1,
    Name: `n${index}`,
    CommonName: "a.example.com",
    Sans: "a.example.com,b.example.com",
    EndDate: "2026-05-01",
    Expired: false,
    Upload: index % 2 === 0,
  }));
  const paged = ({ CertRegion, Status, CurrentPage = 1, ShowSize = 50 }: JsonObject) => {
    const [page, size] = [Number(CurrentPage), Number(ShowSize)];
    const all = CertRegion === "cn-hangzhou" && Status === undefined ? rows : [];
    return { TotalCount: all.length, CertificateOrderList: all.slice((page - 1) * size, page * size) };
  };

  it("are read page by page, certificates and not orders, those that ended too", async () => {
    const { asked, listed } = listing(paged, [alibabaCas]);
    const { certificates, unseen } = await listed;
    expect(unseen).toEqual([]);
    expect(certificates).toHaveLength(120);
    expect(certificates[1]).toMatchObject({
      ...{ id: "2", region: "cn-hangzhou", status: "issued", source: "alibaba", alias: "n1", ends: "2026-05-01" },
      ...{ domains: ["a.example.com", "b.example.com"], daysLeft: 29 },
    });
    expect(new Set(asked.map(({ OrderType }) => OrderType))).toEqual(new Set(["CERT"]));
    // Three pages, and a look at what ended; the other store is empty.
    expect(asked.map(({ CertRegion, Status }) => `${CertRegion} ${Status ?? "current"}`).sort()).toEqual([
      "ap-southeast-1 EXPIRED",
      "ap-southeast-1 current",
      ...["cn-hangzhou EXPIRED", ...many(3, () => ({})).map(() => "cn-hangzhou current")],
    ]);
  });

  it.each(["PermissionDenied", "OperationDenied.SystemUpgrading"])(
    "one that answers %s is a sentence with its name, and the other is listed",
    async (code) => {
      const { listed } = listing(
        (params) => (params.CertRegion === "cn-hangzhou" ? paged(params) : refused(code)),
        [alibabaCas],
      );
      const { certificates, unseen } = await listed;
      expect(certificates).toHaveLength(120);
      expect(unseen).toEqual([
        `Alibaba Cloud Certificate Management (Singapore): the certificates could not be listed. refused with ${code}.`,
      ]);
    },
  );

  it("that count more than they list are said to", async () => {
    const { listed } = listing((params) => ({ ...paged(params), TotalCount: 500 }), [alibabaCas]);
    expect((await listed).unseen).toHaveLength(2);
  });

  it("null in place of lists and members is nothing, but without a count it is unseen", async () => {
    const { listed } = listing(() => ({ TotalCount: 0, CertificateOrderList: null }), [alibabaCas]);
    expect(await listed).toEqual({ certificates: [], unseen: [] });
    const uncounted = listing(() => ({ TotalCount: null, CertificateOrderList: null }), [alibabaCas]);
    expect((await uncounted.listed).unseen.join()).toContain("neither rows nor a count");
    const bare = listing(() => ({ CertificateOrderList: [{}, { CertificateId: 5 }] }), [alibabaCas]);
    expect((await bare.listed).certificates.map(({ id, ends, group }) => [id, ends, group])).toEqual([
      ["5", undefined, "expired"],
      ["5", undefined, "expired"],
    ]);
  });
});

describe("Huawei Cloud's store", () => {
  const rows = many(260, (index) => ({
    id: `scs${String(index).padStart(13, "0")}`,
    name: `n${index}`,
    domain: "*.example.com",
    sans: "a.example.com;b.example.com",
    status: "UPLOAD",
    expire_time: "2026-05-01 07:59:59.0",
  }));
  const paged = ({ offset = 0, limit = 10 }: JsonObject) => ({
    total_count: rows.length,
    certificates: rows.slice(Number(offset), Number(offset) + Number(limit)),
  });

  it("is read beyond the offset that is documented", async () => {
    const { asked, listed } = listing(paged, [huaweiScm]);
    expect((await listed).certificates).toHaveLength(260);
    expect(asked.map(({ offset }) => offset)).toEqual([0, 50, 100, 150, 200, 250]);
    expect(asked.every(({ limit }) => limit === 50)).toBe(true);
  });

  it("that refuses that offset is said to be cut, with what it listed", async () => {
    const { listed } = listing(
      (params) => (Number(params.offset) > 100 ? refused("SCM.0005") : paged(params)),
      [huaweiScm],
    );
    const { certificates, unseen } = await listed;
    expect(certificates).toHaveLength(150);
    expect(unseen).toEqual(["Huawei Cloud Certificate Manager: the cloud counts more than it listed."]);
  });

  it("that refuses the first page is a sentence, as is one without a project", async () => {
    const denied = listing(() => refused("SCM.0003"), [huaweiScm]);
    expect((await denied.listed).unseen).toEqual([
      "Huawei Cloud Certificate Manager: the certificates could not be listed. refused with SCM.0003.",
    ]);
    const without = listing(paged, [huaweiScm], null);
    expect((await without.listed).unseen[0]).toContain("HUAWEICLOUD_SDK_PROJECT_ID");
    expect(without.asked).toEqual([]);
  });

  it.each([
    ["ISSUED", "2026-05-01 07:59:59.0", "issued", "issued"],
    ["ISSUED", "2026-03-01 07:59:59.0", "expired", "expired"],
    ["ISSUED", "2026-03-31 23:59:59.0", "issued", "issued"],
    ["EXPIRED", "2026-03-01 07:59:59.0", "expired", "expired"],
    ["PAID", "", "pending", "paid"],
    ["REVOKED", "2026-05-01 07:59:59.0", "closed", "revoked"],
    ["NEWSTATE", "", undefined, "newstate"],
  ])("%s until %j is %s", async (status, expire_time, group, words) => {
    const row = { id: "scs1", status, expire_time };
    const { listed } = listing(() => ({ total_count: 1, certificates: [row] }), [huaweiScm]);
    expect((await listed).certificates).toMatchObject([{ group, status: words }]);
  });
});

it("no store is asked of a service that is not set up", async () => {
  const { asked, listed } = listing(() => ({}), [alibabaCdn, huaweiLive]);
  expect(await listed).toEqual({ certificates: [], unseen: [] });
  expect(asked).toEqual([]);
});

describe("the domains that have a certificate", () => {
  const stored = {
    ...{ service: alibabaCas, region: "cn-hangzhou", id: "7", alias: "shop", ends: "2026-05-01", domains: ["a.b"] },
    ...{ status: "issued", group: "issued" as const, source: undefined, isCa: false, key: undefined },
    ...{ renewable: false, daysLeft: 3 },
  };
  const domain = (name: string, held: JsonObject, service: DeliveryService = alibabaCdn) => ({
    ...{ domain: name, service, https: true, certificates: [held] },
  });

  it("are those with its id; by name only where the cloud gives no id, and the end agrees", () => {
    const used = usedByFinder([
      domain("id.example.com", { id: "7", name: "other" }),
      domain("name.example.com", { name: "shop", ends: "2026-05-01" }),
      domain("late.example.com", { name: "shop", ends: "2026-08-01" }),
      domain("other-id.example.com", { id: "8", name: "shop", ends: "2026-05-01" }),
      domain("huawei.example.com", { id: "7" }, huaweiLive),
    ]);
    expect(used(stored)).toEqual({ used_by: ["id.example.com (alibaba-cdn)", "name.example.com (alibaba-cdn)"] });
    expect(usedByFinder([])(stored)).toEqual({ used_by: [] });
    expect(usedByFinder(undefined)(stored)).toEqual({});
  });

  it("are those, too, that have it to show their origin, or to check somebody by", () => {
    const { region: _, ...rest } = stored;
    const ca = { ...rest, service: tencentSsl, id: "ca000001", isCa: true };
    const host = { ...domain("www.example.com", { id: "abcd1234" }, tencentEdgeone), otherIds: ["ca000001"] };
    expect(usedByFinder([host])(ca)).toEqual({
      used_by: ["www.example.com (tencent-edgeone, for mutual TLS or its origin)"],
    });
    const found = selectDomains([host], { certificate_id: "ca000001" }, new Date(), [ca]);
    expect(found.map((each) => each.domain)).toEqual(["www.example.com"]);
    // Another cloud's certificate with the same id is another one.
    expect(usedByFinder([host])({ ...stored, id: "ca000001" })).toEqual({ used_by: [] });
  });

  it("are those that had or may get it, while the list does not show a change", () => {
    const changing = { ...domain("img.example.com", {}), certificates: [], changed: "sent", old: [{ id: "7" }] };
    expect(usedByFinder([changing])(stored)).toEqual({ used_by: ["img.example.com (alibaba-cdn)"] });
  });

  it("are not known to be none where not all of its cloud was read", () => {
    const used = usedByFinder([domain("img.example.com", { id: "8" })], () => false);
    expect(used(stored)).toEqual({});
  });

  it("have the certificate of their own cloud, also if another cloud has one with the same id", () => {
    const elsewhere = { ...stored, service: tencentSsl };
    const listed = domain("id.example.com", { id: "7" });
    expect(storedCertificateOf(listed, { id: "7" }, [elsewhere, stored])).toBe(stored);
    expect(storedCertificateOf(listed, { id: "7" }, [elsewhere])).toBeUndefined();
    expect(storedCertificateOf({ service: tencentEdgeone }, { id: "7" }, [stored, elsewhere])).toBe(elsewhere);
  });

  it("are ten by name, and the others are counted", () => {
    const used = usedByFinder(many(13, (at) => ({ at })).map((_, at) => domain(`d${at}.example.com`, { id: "7" })));
    expect(used(stored).used_by).toHaveLength(11);
    expect(used(stored).used_by?.at(-1)).toBe("and 3 more");
  });
});
