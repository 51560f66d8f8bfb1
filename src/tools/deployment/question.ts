import { certificateNames } from "../../catalogue/naming.js";
import type { JobCertificate } from "../../jobs/job.js";
import { dayInWords, type SafeText, safe } from "../../lib/escape-text.js";

/** Parts of the question that a job asks a person. */

/** "*.example.com, example.com (expires 2027-06-11)". */
export function certificateMeant({ names, notAfter }: Pick<JobCertificate, "names" | "notAfter">): SafeText {
  return safe`${certificateNames(names, 100, 48)} (expires ${dayInWords(notAfter)})`;
}

/** "6 targets", "2 of 6 targets". */
export function targetsMeant(count: number, all: number): SafeText {
  const targets = all === 1 ? safe`${all} target` : safe`${all} targets`;
  return count === all ? targets : safe`${count} of ${targets}`;
}
