import { editDistance } from "../../catalogue/edit-distance.js";

/** In lower case, without what parts the words of a name. */
const folded = (name: string) => name.replace(/[-_\s]/g, "").toLowerCase();

/** The one of `names` that `name` is probably a slip of: another case style, or few letters off. */
export function closestTo(name: string, names: readonly string[]): string | undefined {
  const wanted = folded(name);
  const within = wanted.length < 5 ? 1 : 2;
  const near = names
    // Most are told apart by their lengths, and a very long name by nothing else.
    .filter((candidate) => Math.abs(folded(candidate).length - wanted.length) <= within)
    .map((candidate) => ({ candidate, far: editDistance(wanted, folded(candidate)) }))
    .filter(({ candidate, far }) => far <= within && far < folded(candidate).length)
    .sort((one, other) => one.far - other.far);
  return near[0]?.candidate;
}
