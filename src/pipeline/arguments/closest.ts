import { editDistance } from "../../catalogue/edit-distance.js";

/** In lower case, without word separators. */
const folded = (name: string) => name.replace(/[-_\s]/g, "").toLowerCase();

/** The one of `names` that `name` probably misspells: another case style, or a few letters off. */
export function closestTo(name: string, names: readonly string[]): string | undefined {
  const wanted = folded(name);
  const within = wanted.length < 5 ? 1 : 2;
  const near = names
    // Length alone rules out most candidates, and all for a very long name.
    .filter((candidate) => Math.abs(folded(candidate).length - wanted.length) <= within)
    .map((candidate) => ({ candidate, far: editDistance(wanted, folded(candidate)) }))
    .filter(({ candidate, far }) => far <= within && far < folded(candidate).length)
    .sort((one, other) => one.far - other.far);
  return near[0]?.candidate;
}
