import { listing, unique } from "../../catalogue/naming.js";
import type { JobCertificate } from "../../jobs/job.js";
import { brief, type SafeText, safe } from "../../visible.js";

/** Pieces of the question that a job puts to a person. */

/** "*.example.com, example.com until 2027-06-11". */
export function certificateMeant({ names, notAfter }: Pick<JobCertificate, "names" | "notAfter">): SafeText {
  const named = names.length === 0 ? safe`no name` : listing(unique(names), 100);
  return safe`${named} until ${brief(notAfter.slice(0, "YYYY-MM-DD".length), 12)}`;
}

/** "6 targets", "2 of 6 targets". */
export function targetsMeant(count: number, all: number): SafeText {
  const targets = all === 1 ? safe`${all} target` : safe`${all} targets`;
  return count === all ? targets : safe`${count} of ${targets}`;
}
