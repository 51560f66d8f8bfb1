import type { EachResource } from "../catalogue/operation.js";
import { type BoundResource, productInWords, resourceInWords } from "../catalogue/tencent-ssl/bound-resources.js";
import { joined, nameInWords, type SafeText, safe } from "../visible.js";
import type { PresentRow } from "./present.js";
import type { Fact, Reading } from "./present-reading.js";

/** So many resources have a line each; of more there is one for each product and region, with all of them in the facts. */
const linesAtMost = 12;

/** Of a line that stands for several. */
const namesAtMost = 3;

interface Lines {
  readonly rows: readonly PresentRow[];
  readonly facts: readonly Fact[];
}

/** What becomes of the resources that use a certificate, one by one. */
export function resourceLines(each: EachResource, { use, object }: Reading, now: SafeText, then: SafeText): Lines {
  const { isMeant = () => true } = each;
  const all = use?.resources ?? [];
  const meant = all.filter(isMeant);
  // A change of what uses it shows in the line that counts them.
  const row = (name: SafeText, has = now): PresentRow => ({
    object: name,
    aspect: "server certificate",
    now: has,
    then,
    is: "",
  });
  const unnamed = (use?.total ?? 0) > 0 && all.length < (use?.total ?? 0);
  const rest = unnamed ? [row(safe`${(use?.total ?? 0) - all.length} resources that could not be named`)] : [];
  if (meant.length <= linesAtMost)
    return { rows: [...meant.map((it) => row(resourceInWords(it))), ...rest], facts: [] };
  const groups = grouped(meant);
  return {
    rows: [
      ...groups.map((group) => {
        const more = group.length - namesAtMost;
        const others = more > 0 ? safe` and ${more} more` : safe``;
        const names = safe`${joined(group.slice(0, namesAtMost).map(resourceInWords))}${others}`;
        return row(placeInWords(group), safe`${now}: ${names}`);
      }),
      ...rest,
    ],
    facts: groups.map(
      (group): Fact => [safe`${object}, ${placeInWords(group)}`, joined(group.map(resourceInWords), "; "), ""],
    ),
  };
}

function grouped(resources: readonly BoundResource[]): readonly (readonly BoundResource[])[] {
  const groups = new Map<string, BoundResource[]>();
  for (const each of resources) {
    const key = `${each.type} ${each.region}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()];
}

/** "Load balancer, 40 places (ap-singapore)". */
function placeInWords(group: readonly BoundResource[]): SafeText {
  const { type = "", region = "" } = group[0] ?? {};
  const where = region === "" ? safe`` : safe` (${nameInWords(region)})`;
  return safe`${productInWords(type)}, ${group.length} places${where}`;
}
