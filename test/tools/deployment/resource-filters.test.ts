import { describe, expect, it } from "vitest";
import { ToolError } from "../../../src/lib/tool-error.js";
import { describeUnmatched, isMeant, refuseUnknownFilters } from "../../../src/tools/deployment/resource-filters.js";

const bound = [
  { type: "clb", region: "ap-singapore" },
  { type: "clb", region: "ap-hongkong" },
  { type: "cdn", region: "" },
  { type: "teo", region: "" },
];

function refusal(filters: Parameters<typeof refuseUnknownFilters>[1], of: typeof bound = bound) {
  try {
    refuseUnknownFilters("old1", filters, of);
    return undefined;
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return `${error.details.happened} ${error.details.next}`;
  }
}

describe("a filter that is neither a type nor a region", () => {
  it.each([
    ["another cloud's word", { resourceTypes: ["slb"] }, '"slb"'],
    ["a word of a person", { resourceTypes: ["负载均衡"] }, '"负载均衡"'],
    ["a product by its brand", { resourceTypes: ["edgeone"] }, '"edgeone"'],
    ["misspelt beside one that matches", { resourceTypes: ["clb", "cnd"] }, '"cnd"'],
    ["a region by its city", { resourceTypes: ["clb"], regions: ["singapore"] }, '"singapore"'],
    ["a region as a type", { resourceTypes: ["ap-singapor"] }, '"ap-singapor"'],
    ["a word in the form of a region as a type", { resourceTypes: ["clb", "my-type"] }, '"my-type"'],
    ["a region by its city, of all types", { regions: ["singapore"] }, '"singapore"'],
  ])("is refused with what uses the certificate: %s", (_, filters, named) => {
    expect(refusal(filters)).toContain(
      `Certificate old1 is used by clb (ap-singapore, ap-hongkong), cdn, teo; not by ${named}: `,
    );
  });

  it.each([
    ["ap-hongkog", "ap-hongkong"],
    ["AP-Singapore", "ap-singapore"],
  ])("is refused with the region that is probably meant: %s", (given, meant) => {
    const said = refusal({ resourceTypes: ["clb"], regions: ["ap-singapore", given] });
    expect(said).toContain(`not by "${given}": no such type of resource or region is known. Did you mean ${meant}?`);
  });

  it("is no region in which another type is bound", () => {
    const alsoTke = [...bound, { type: "tke", region: "ap-hongkong" }, { type: "tke", region: "ap-tokyo" }];
    expect(refusal({ resourceTypes: ["clb"], regions: ["ap-tokyo"] }, alsoTke)).toBeUndefined();
  });

  it("is refused also once nothing uses the certificate any more", () => {
    expect(refusal({ resourceTypes: ["slb"] }, [])).toMatch(/is used by nothing now; not by "slb": .*clb, tke/);
  });

  it("is none if the cloud itself names it", () => {
    expect(refusal({ resourceTypes: ["lighthouse"] }, [...bound, { type: "lighthouse", region: "" }])).toBeUndefined();
  });
});

describe("a filter that is known and matches nothing", () => {
  it.each([
    ["a region without any", { resourceTypes: ["clb"], regions: ["ap-singapore", "ap-tokyo"] }, "ap-tokyo"],
    ["a type that is done", { resourceTypes: ["clb", "waf"] }, "waf"],
  ])("is named, with what does use the certificate: %s", (_, filters, named) => {
    expect(refusal(filters)).toBeUndefined();
    expect(String(describeUnmatched("old1", filters, bound))).toBe(
      `old1 is used by clb (ap-singapore, ap-hongkong), cdn, teo, and not by what the target names: ${named}.`,
    );
  });

  it("is no region where the cloud does not tell that of a resource, which is meant then", () => {
    const filters = { resourceTypes: ["clb"], regions: ["ap-tokyo"] };
    const place = { type: "clb", region: "" };
    expect(isMeant(place, filters)).toBe(true);
    expect(describeUnmatched("old1", filters, [place])).toBeUndefined();
  });

  it("is not worth a word where nothing is left that uses the certificate", () => {
    expect(describeUnmatched("old1", { resourceTypes: ["clb"] }, [])).toBeUndefined();
  });

  it("is no region where only products without regions are named, which it does not narrow down", () => {
    const filters = { resourceTypes: ["cdn"], regions: ["ap-singapore"] };
    expect(describeUnmatched("old1", filters, bound)).toBeUndefined();
    expect(bound.filter((place) => isMeant(place, filters))).toEqual([{ type: "cdn", region: "" }]);
  });
});
