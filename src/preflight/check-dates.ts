import { daysUntil } from "../catalogue/days.js";
import { called } from "./bundle.js";
import type { Certificate } from "./certificate.js";
import { type Finding, finding, type Verdict, warning } from "./finding.js";

const dayMs = 24 * 3600 * 1000;
const soonDays = 7;

/** Whether each certificate is valid now, and for long enough; `expired` is for the leaf. */
export function checkDates(
  certificates: readonly Certificate[],
  now: Date,
  parameter: string,
  expired: Verdict,
): Finding[] {
  return certificates.flatMap((certificate, index) =>
    checkDatesOf(certificate, called(index), now, parameter, index === 0 ? expired : "warning"),
  );
}

function checkDatesOf(
  { notBefore, notAfter }: Certificate,
  name: string,
  now: Date,
  parameter: string,
  expired: Verdict,
): Finding[] {
  if (notAfter <= now) return [finding(parameter, `${name} expired on ${timeOf(notAfter)}.`, expired)];
  if (notBefore > now) return [warning(parameter, `${name} is not valid before ${timeOf(notBefore)}.`)];
  if (notAfter.getTime() - now.getTime() >= soonDays * dayMs) return [];
  return [warning(parameter, `${name} ends on ${timeOf(notAfter)}, in less than ${soonDays} days.`)];
}

/** Whole days until the end; negative once it is over. */
export function daysLeft({ notAfter }: Certificate, now: Date): number {
  return daysUntil(notAfter, now);
}

function timeOf(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
