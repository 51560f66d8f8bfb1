import {
  isRegional,
  isResourceType,
  resourceTypes as knownTypes,
} from "../../catalogue/tencent-ssl/update-certificate-instance.js";
import type { JobTarget } from "../../jobs/job.js";
import { enumerated, groupedBy } from "../../lib/lists.js";
import { formatId, joined, quoted, type SafeText, safe } from "../../lib/safe-text.js";
import { unusable } from "../../lib/tool-error.js";
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
  const unknown = unmatchedBy(filters, bound).filter((value) => !isResourceType(value) && !regionForm.test(value));
  if (unknown.length === 0) return;
  const use = bound.length === 0 ? "nothing now" : String(describeUse(bound));
  const named = enumerated(unknown.map((each) => String(quoted(each, 40))));
  throw unusable(
    `Certificate ${formatId(old)} is used by ${use}; not by ${named}: no such type of resource or region is known.`,
    `Give resource_types and regions as they are written here, or leave them out for all that uses it. The types are ${knownTypes.join(", ")}.`,
  );
}

/** The filters that match nothing while something else uses the certificate, as a sentence. */
export function describeUnmatched(old: string, filters: Filters, bound: readonly Place[]): SafeText | undefined {
  const unmatched = bound.length === 0 ? [] : unmatchedBy(filters, bound);
  if (unmatched.length === 0) return undefined;
  return safe`${formatId(old)} is used by ${describeUse(bound)}, and not by what the target names: ${joined(unmatched.map(formatId))}.`;
}

function unmatchedBy({ resourceTypes, regions = [] }: Filters, bound: readonly Place[]): string[] {
  const ofTypes = bound.filter(({ type }) => resourceTypes === undefined || resourceTypes.includes(type));
  const types = resourceTypes?.filter((each) => !bound.some(({ type }) => type === each)) ?? [];
  // Where only products without regions are named, regions choose nothing.
  const areRegionsMeant = resourceTypes === undefined || resourceTypes.some((type) => isRegional(type));
  const inRegions = ofTypes.flatMap(({ type, region }) => (isRegional(type) ? [region] : []));
  return [...types, ...(areRegionsMeant ? regions.filter((each) => !inRegions.includes(each)) : [])];
}

/** "clb (ap-singapore, ap-hongkong), cdn", as the filters are written. */
const describeUse = (bound: readonly Place[]): SafeText =>
  joined(
    [...groupedBy(bound, ({ type }) => type)].map(([type, places]) => {
      const regions = places.flatMap(({ region }) => (region === "" ? [] : [formatId(region)]));
      return regions.length === 0 ? formatId(type) : safe`${formatId(type)} (${joined(regions)})`;
    }),
  );
