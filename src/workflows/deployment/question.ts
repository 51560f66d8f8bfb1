import type { JobCertificate } from "../../jobs/job.js";
import { nameInWords } from "../../visible.js";

/** Pieces of the question that a job puts to a person. */

/** How many names a question holds. */
const SHOWN = 3;

/** "*.example.com, example.com until 2027-06-11". */
export function certificateMeant({ names, notAfter }: Pick<JobCertificate, "names" | "notAfter">): string {
  const more = names.length - SHOWN;
  const shown = `${names.slice(0, SHOWN).map(nameInWords).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  return `${shown} until ${notAfter.slice(0, "YYYY-MM-DD".length)}`;
}

/** "6 targets", "2 of 6 targets". */
export function targetsMeant(count: number, all: number): string {
  return `${count === all ? "" : `${count} of `}${all} target${all === 1 ? "" : "s"}`;
}
