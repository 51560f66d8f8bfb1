import type { EachResource, PlannedChange } from "../../catalogue/operation.js";
import { type BoundResource, describeResource, productName } from "../../catalogue/tencent-ssl/bound-resources.js";
import { groupedBy } from "../../lib/lists.js";
import { andMore, formatName, joined, type SafeText, safe } from "../../lib/safe-text.js";
import type { Fact, Reading, SnapshotRow } from "./reading.js";

/** Up to this many resources have a line each; more are grouped by product and region and listed in the facts. */
const MAX_LINES = 12;

/** In a line for several resources. */
const MAX_NAMES_IN_LINE = 3;

interface Lines {
  readonly rows: readonly SnapshotRow[];
  readonly facts: readonly Fact[];
}

/** Lines for the resources that use a certificate. */
export function useLines(
  { isMeant = () => true }: EachResource,
  { use, object }: Reading,
  now: SafeText,
  then: SafeText,
): Lines {
  const all = use?.resources ?? [];
  const unnamed = Math.max(0, (use?.total ?? 0) - all.length);
  return linesOf(object, all.filter(isMeant), unnamed, now, then);
}

/** Lines for the resources of a deployment record. */
export async function deploymentItemLines(
  which: NonNullable<PlannedChange["items"]>,
  { object, replacement }: Reading,
  certificate: (id: string) => Promise<SafeText>,
): Promise<Lines> {
  if (replacement === undefined) return { rows: [], facts: [] };
  const { from, to, items } = replacement;
  const [before, after] = [await certificate(from), await certificate(to)];
  const of = (outcome: "replaced" | "failed") => items.filter((each) => each.outcome === outcome);
  return which === "put back"
    ? linesOf(object, of("replaced"), 0, after, before)
    : linesOf(object, of("failed"), 0, safe`failed; left with ${before}`, after);
}

function linesOf(
  object: SafeText,
  meant: readonly BoundResource[],
  unnamed: number,
  now: SafeText,
  then: SafeText,
): Lines {
  // The line with the counts is compared instead.
  const row = (name: SafeText, has = now): SnapshotRow => ({
    object: name,
    aspect: "server certificate",
    now: has,
    then,
    is: false,
  });
  const rest = unnamed > 0 ? [row(safe`${unnamed} resources that could not be named`)] : [];
  if (meant.length <= MAX_LINES) return { rows: [...meant.map((it) => row(describeResource(it))), ...rest], facts: [] };
  const groups = [...groupedBy(meant, ({ type, region }) => `${type} ${region}`).values()];
  return {
    rows: [
      ...groups.map((group) => {
        const named = andMore(group, MAX_NAMES_IN_LINE, describeResource);
        return row(describePlaces(group), safe`${now}: ${named}`);
      }),
      ...rest,
    ],
    facts: groups.map(
      (group): Fact => [
        safe`${object}, ${describePlaces(group)}`,
        joined(group.map(describeResource), safe`; `),
        false,
      ],
    ),
  };
}

/** "Load balancer, 40 places (ap-singapore)". */
function describePlaces(group: readonly BoundResource[]): SafeText {
  const { type = "", region = "" } = group[0] ?? {};
  const places = safe`${productName(type)}, ${group.length} places`;
  return region === "" ? places : safe`${places} (${formatName(region)})`;
}
