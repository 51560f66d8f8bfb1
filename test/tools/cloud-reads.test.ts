import { expect, it } from "vitest";
import { describeZones } from "../../src/catalogue/tencent-edgeone/describe-zones.js";
import { ToolError } from "../../src/lib/tool-error.js";
import { readForListing } from "../../src/tools/inventory/listing.js";

it("a read that the cloud throttles is repeated by the client alone, which has given up when this fails", async () => {
  let asked = 0;
  const throttled = new ToolError({
    kind: "cloud",
    code: "RequestLimitExceeded",
    happened: "Too many.",
    changed: "no",
    sent: true,
    next: "Wait.",
  });
  const read = async () => {
    asked += 1;
    throw throttled;
  };
  await expect(readForListing({ read }, describeZones, { Offset: 0, Limit: 100 })).rejects.toBe(throttled);
  expect(asked).toBe(1);
});
