import { describe, expect, it } from "vitest";
import { storeIdIn } from "../../../src/catalogue/store-ids.js";
import type { JsonObject } from "../../../src/lib/json.js";
import { ToolError } from "../../../src/lib/tool-error.js";
import type { ToolContext } from "../../../src/pipeline/tool.js";
import { desiredInStore } from "../../../src/tools/deployment/alibaba-huawei-stores.js";

/** Replies that the vendors' models allow, and that the sandbox does not give. */

const now = new Date("2026-04-01T03:00:00Z");
const refused = (code: string): never => {
  throw new ToolError({ kind: "cloud", happened: `refused with ${code}.`, changed: "no", next: "Stop.", code });
};

type Answer = (params: JsonObject) => JsonObject;

function deploying(id: string, answer: Answer, project: string | null = "p1") {
  const store = storeIdIn(id);
  if (store === undefined) throw new Error(`${id} is of no store`);
  const context: Partial<ToolContext> = {
    huaweiProjectId: project ?? undefined,
    signal: new AbortController().signal,
    pause: async () => {},
    now: () => now,
    read: async (_operation, params) => answer(params),
  };
  return desiredInStore(store, Object.assign(Object.create(null), context));
}

const detail = {
  Common: "example.com",
  Sans: "example.com,*.example.com",
  EndDate: "2026-06-01",
  NotAfter: Date.parse("2026-06-01T10:20:30Z"),
  Expired: false,
  Fingerprint: "CC6B3696E7C7CA715BD26E28E45FF3E3DF435C03",
};

describe("the form of an id tells the store", () => {
  it.each([
    ["8089870", { cas: 8089870, region: undefined }],
    ["8089870-cn-hangzhou", { cas: 8089870, region: "cn-hangzhou" }],
    ["12342707-ap-southeast-1", { cas: 12342707, region: "ap-southeast-1" }],
    ["scs1600000000000", { scm: "scs1600000000000" }],
    ["8xZ3kQ1p", undefined],
    ["8089870-eu-central-1", undefined],
    ["scs160000000000", undefined],
    ["1234567890123456", undefined],
  ])("%s", (id, store) => expect(storeIdIn(id)).toEqual(store));
});

describe("a certificate of Alibaba Cloud's stores", () => {
  const onlyIn = (region: string, of: JsonObject = detail, elsewhere = "NotFound"): Answer => {
    return ({ CertRegion }) => (CertRegion === region ? of : refused(elsewhere));
  };

  it("is what the store that has it shows", async () => {
    const { facts, inStore } = await deploying("7", onlyIn("ap-southeast-1"));
    expect(inStore).toEqual({ cas: 7, region: "ap-southeast-1" });
    expect(facts).toMatchObject({
      sha256: detail.Fingerprint.toLowerCase(),
      names: ["example.com", "*.example.com"],
      notAfter: "2026-06-01T10:20:30.000Z",
      storedAs: "7-ap-southeast-1",
    });
  });

  it("in both is refused with both candidates", async () => {
    const given = deploying("7", () => detail);
    await expect(given).rejects.toThrow(
      "Certificate 7 is in both stores of Alibaba Cloud Certificate Management: 7-cn-hangzhou (example.com, *.example.com); 7-ap-southeast-1 (example.com, *.example.com).",
    );
    await expect(given).rejects.toMatchObject({ details: { next: expect.stringContaining("Ask the person") } });
  });

  it("that is only unseen is not called absent", async () => {
    const found = deploying("7", () => refused("PermissionDenied"));
    await expect(found).rejects.toThrow(/shows no certificate 7 .* Not seen: refused with PermissionDenied\./);
    const denied = await deploying("7", onlyIn("cn-hangzhou", detail, "PermissionDenied"));
    expect(denied.facts.storedAs).toBe("7-cn-hangzhou");
  });

  it.each([
    ["with a digit too many", { NotAfter: detail.NotAfter * 10 }, "2026-06-01T10:20:30.000Z"],
    ["of another day", { NotAfter: 5 }, "2026-06-01T00:00:00.000Z"],
    ["absent", { NotAfter: null }, "2026-06-01T00:00:00.000Z"],
  ])("has its end from the day if the milliseconds are %s", async (_what, change, end) => {
    const { facts } = await deploying("7", onlyIn("cn-hangzhou", { ...detail, ...change }));
    expect(facts.notAfter).toBe(end);
  });

  it.each([
    ["that has ended", { EndDate: "2026-03-30", NotAfter: null }, /it expired on 2026-03-30/],
    ["that the cloud calls ended", { Expired: true }, /it expired on/],
    ["without names", { Common: null, Sans: "" }, /does not show its names or its expiry/],
    ["without a fingerprint", { Fingerprint: null }, /shows no fingerprint, so nobody could tell whether it is served/],
  ])("%s is refused", async (_what, change, why) => {
    await expect(deploying("7", onlyIn("cn-hangzhou", { ...detail, ...change }))).rejects.toThrow(why);
  });

  it("whose day is over in some zones only is still taken", async () => {
    const { facts } = await deploying("7", onlyIn("cn-hangzhou", { ...detail, EndDate: "2026-04-01", NotAfter: null }));
    expect(facts.notAfter).toBe("2026-04-01T00:00:00.000Z");
  });
});

describe("a certificate of Huawei Cloud's store", () => {
  const shown = {
    status: "ISSUED",
    domain: "play.example.com",
    sans: "a.example.com;b.example.com",
    not_after: "2026-06-01 10:20:30.0",
    fingerprint: "CC6B3696E7C7CA715BD26E28E45FF3E3DF435C03",
  };
  const id = "scs1600000000000";

  it("has the names of both members, and only the day of its end", async () => {
    const { facts } = await deploying(id, () => shown);
    expect(facts).toMatchObject({
      names: ["play.example.com", "a.example.com", "b.example.com"],
      notAfter: "2026-06-01T00:00:00.000Z",
    });
  });

  it.each(["PAID", "REVOKED", null])("with status %s is refused", async (status) => {
    await expect(deploying(id, () => ({ ...shown, status }))).rejects.toThrow(/cannot be deployed: its status/);
  });

  it("needs a project, which signs the call", async () => {
    await expect(deploying(id, () => shown, null)).rejects.toThrow("HUAWEICLOUD_SDK_PROJECT_ID");
  });
});
