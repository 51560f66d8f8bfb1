import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { edgeoneReads } from "../../src/sandbox/edgeone-reads.js";
import { caller, outcomeOf } from "./support.js";
import { TestAccount } from "./tencent-ssl-account.js";

const ZoneId = "zone-sandboxdemo";

let call: ReturnType<typeof caller>;
beforeAll(async () => {
  const { account } = await TestAccount.open();
  const zone = account.zones.get(ZoneId);
  if (zone === undefined) throw new Error("the sandbox has no such site");
  account.zones.set("zone-other", { id: "zone-other", name: "another.example", hosts: new Map() });
  const [host] = zone.hosts.values();
  if (host !== undefined) {
    const changedAt = new Date(host.changedAt.getTime() + 86_400_000);
    zone.hosts.set("a.example.com", { ...host, name: "a.example.com", changedAt });
  }
  call = caller(edgeoneReads, account);
});

const filter = (Name: string, Values: readonly string[], Fuzzy?: boolean) => ({
  Filters: [{ Name, Values, ...(Fuzzy !== undefined && { Fuzzy }) }],
});

async function hosts(params: Readonly<Record<string, unknown>>): Promise<string[]> {
  const reply = z
    .object({ TotalCount: z.number(), AccelerationDomains: z.array(z.object({ DomainName: z.string() })) })
    .parse(await call("DescribeAccelerationDomains", { ZoneId, ...params }));
  expect(reply.TotalCount).toBe(reply.AccelerationDomains.length);
  return reply.AccelerationDomains.map(({ DomainName }) => DomainName);
}

async function zones(params: Readonly<Record<string, unknown>>): Promise<string[]> {
  const reply = z
    .object({ Zones: z.array(z.object({ ZoneName: z.string() })) })
    .parse(await call("DescribeZones", params));
  return reply.Zones.map(({ ZoneName }) => ZoneName);
}

describe("the domains of a site", () => {
  it("are in the order that is asked for", async () => {
    const byName = await hosts({});
    expect(byName).toEqual([...byName].sort());
    expect(await hosts({ Direction: "desc" })).toEqual([...byName].reverse());
    expect((await hosts({ Order: "created_on" })).at(-1)).toBe("a.example.com");
    expect((await hosts({ Order: "created_on", Direction: "desc" }))[0]).toBe("a.example.com");
  });

  it.each([
    ["domain-name", "a.example.com"],
    ["origin-type", "AWS_S3"],
    ["origin", "media.s3.example.com"],
    ["domain-cname", "a.example.com.eo.dnse4.com"],
  ])("are filtered by %s", async (name, value) => {
    expect(await hosts(filter(name, ["elsewhere", value]))).toContain("a.example.com");
    expect(await hosts(filter(name, ["elsewhere"]))).toEqual([]);
  });

  it("match all filters, or any", async () => {
    const Filters = [
      { Name: "domain-name", Values: ["a.example.com"] },
      { Name: "domain-name", Values: ["shop.example.com"] },
    ];
    expect(await hosts({ Filters })).toEqual([]);
    expect(await hosts({ Filters, Match: "any" })).toEqual(["a.example.com", "shop.example.com"]);
  });

  it("have no other filters", async () => {
    const wrong = { ZoneId, ...filter("colour", ["red"]) };
    expect(await outcomeOf(call("DescribeAccelerationDomains", wrong))).toBe("InvalidParameterValue");
  });
});

describe("the sites", () => {
  it.each([
    ["zone-id", "zone-other", 1],
    ["zone-name", "another.example", 1],
    ["zone-type", "partial", 2],
    ["zone-type", "full", 0],
    ["status", "active", 2],
    ["status", "pending", 0],
    ["tag-key", "team", 0],
  ])("are filtered by %s: %s", async (name, value, count) => {
    expect(await zones(filter(name, [value]))).toHaveLength(count);
  });

  it("are found by a part of their name only", async () => {
    expect(await zones(filter("zone-name", ["another"], true))).toEqual(["another.example"]);
    expect(await zones(filter("status", ["act"], true))).toEqual([]);
  });

  it("are in the order that is asked for", async () => {
    const ascending = await zones({ Order: "zone-name", Direction: "asc" });
    expect(ascending).toEqual([...ascending].sort());
    expect(await zones({ Order: "zone-name" })).toEqual([...ascending].reverse());
  });

  it("have no other filters", async () => {
    expect(await outcomeOf(call("DescribeZones", filter("colour", ["red"])))).toBe("InvalidParameterValue");
  });
});
