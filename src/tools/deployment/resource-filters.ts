import {
  isRegional,
  isResourceType,
  resourceTypes as knownTypes,
} from "../../catalogue/tencent-ssl/update-certificate-instance.js";
import type { JobTarget } from "../../jobs/job.js";
import { enumerated, groupedBy } from "../../lib/lists.js";
import { formatId, joined, quoted, type SafeText, safe } from "../../lib/safe-text.js";
import { unusable } from "../../lib/tool-error.js";
import { closestTo } from "../../pipeline/arguments/describe-issue.js";
import type { BoundResourceGroup } from "../certificate-usage.js";

/* Which of the resources that use a certificate a target means: those of its types, in its regions. */

type Filters = Pick<JobTarget, "resourceTypes" | "regions">;
type Place = Pick<BoundResourceGroup, "type" | "region">;

/** Whether the target means the resource; a region says nothing of a product without regions. */
export function isMeant({ type, region }: Place, { resourceTypes, regions }: Filters): boolean {
  const ofType = resourceTypes === undefined || resourceTypes.includes(type);
  return ofType && (!isRegional(type) || region === "" || regions === undefined || regions.includes(region));
}

/** "ap-shenzhen-fsi"; no list of the regions is up to date for long. */
const regionForm = /^[a-z]{2}-[a-z]+(?:-[a-z0-9]+)*$/;

/**
 * @param bound all that uses the certificate
 * @throws {ToolError} of kind input for a filter that is no type and no region: that nothing matches it would say nothing
 */
export function refuseUnknownFilters(old: string, filters: Filters, bound: readonly Place[]): void {
  const { types, regions } = unmatchedBy(filters, bound);
  const boundRegions = [...new Set(bound.flatMap(({ region }) => region || []))];
  // One in which another type is bound is no slip.
  const meantBy = (given: string) => (boundRegions.includes(given) ? undefined : closestTo(given, boundRegions));
  const near = [...new Set(regions.flatMap((given) => meantBy(given) ?? []))];
  const unknown = [
    ...types.filter((type) => !isResourceType(type)),
    ...regions.filter((given) => !regionForm.test(given) || meantBy(given) !== undefined),
  ];
  if (unknown.length === 0) return;
  const meant = near.length === 0 ? "" : ` Did you mean ${enumerated(near)}?`;
  const use = bound.length === 0 ? "nothing now" : String(describeUse(bound));
  const named = enumerated(unknown.map((each) => String(quoted(each, 40))));
  throw unusable(
    `Certificate ${formatId(old)} is used by ${use}; not by ${named}: no such type of resource or region is known.${meant}`,
    `Give resource_types and regions as they are written here, or leave them out for all that uses it. The types are ${knownTypes.join(", ")}.`,
  );
}

/** The filters that match nothing while something else uses the certificate, as a sentence. */
export function describeUnmatched(old: string, filters: Filters, bound: readonly Place[]): SafeText | undefined {
  const { types, regions } = unmatchedBy(filters, bound);
  const unmatched = bound.length === 0 ? [] : [...types, ...regions];
  if (unmatched.length === 0) return undefined;
  return safe`${formatId(old)} is used by ${describeUse(bound)}, and not by what the target names: ${joined(unmatched.map(formatId))}.`;
}

function unmatchedBy({ resourceTypes, regions = [] }: Filters, bound: readonly Place[]) {
  // Where only products without regions are named, regions choose nothing.
  const areRegionsMeant = resourceTypes === undefined || resourceTypes.some((type) => isRegional(type));
  const regional = bound.filter(({ type }) => isRegional(type));
  const isRegionMatched = (region: string) =>
    regional.some((place) => isMeant(place, { resourceTypes, regions: [region] }));
  return {
    types: (resourceTypes ?? []).filter((type) => !bound.some((place) => isMeant(place, { resourceTypes: [type] }))),
    regions: areRegionsMeant ? regions.filter((region) => !isRegionMatched(region)) : [],
  };
}

/** "clb (ap-singapore, ap-hongkong), cdn", as the filters are written. */
const describeUse = (bound: readonly Place[]): SafeText =>
  joined(
    [...groupedBy(bound, ({ type }) => type)].map(([type, places]) => {
      const regions = places.flatMap(({ region }) => (region === "" ? [] : [formatId(region)]));
      return regions.length === 0 ? formatId(type) : safe`${formatId(type)} (${joined(regions)})`;
    }),
  );
