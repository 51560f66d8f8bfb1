import { editDistance } from "../edit-distance.js";
import type { Service } from "../services.js";
import { codesOf } from "./index.js";

/** Known codes of `services` that `code` may be a misspelling of, the closest first; at most three. */
export function lookAlikes(code: string, services: readonly Service[]): string[] {
  const wanted = code.toLowerCase();
  const known = [...new Set(services.flatMap(codesOf))];
  return known
    .map((candidate) => ({ candidate, far: farFrom(wanted, candidate.toLowerCase()) }))
    .filter(({ far }) => far <= Math.max(2, Math.floor(code.length / 5)))
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** Distance between two codes or their last parts: the vendors use several prefixes for one condition. */
function farFrom(code: string, candidate: string): number {
  const [last, candidateLast] = [lastPartOf(code), lastPartOf(candidate)];
  const whole = editDistance(code, candidate);
  return last.length < 8 ? whole : Math.min(whole, editDistance(last, candidateLast) + 1);
}

const lastPartOf = (code: string) => code.slice(code.lastIndexOf(".") + 1);
