import { asOutage, type Finding, finding, type Verdict, warning } from "../catalogue/finding.js";
import { certificateLabel } from "../certificates/bundle.js";
import type { ParsedCertificate } from "../certificates/certificate.js";
import { maxValidityDays } from "../certificates/lifetimes.js";
import { dayMs } from "../lib/days.js";
import { formatMoment, safe } from "../lib/safe-text.js";
import type { Examined } from "./examined.js";

const soonDays = 7;
/** A short-lived certificate according to the Baseline Requirements, in days. */
const shortLived = 10;
/** Longest validity that browsers accept from public CAs, and Apple's from any CA, in days. */
const maxDays = { public: maxValidityDays, any: 825 };
/** Means "no expiry" (RFC 5280, 4.1.2.5). */
const noEnd = Date.UTC(9999, 11, 31, 23, 59, 59);

/**
 * Whether each certificate is valid now, and for long enough; `expired` is the verdict for the leaf.
 * @param earlyEnds the ends of those above the leaf that come before its own, and from which on clients refuse it, by
 *   position
 */
export function checkDates(
  examined: Examined,
  expired: Verdict = "warning",
  earlyEnds: ReadonlyMap<number, Date> = new Map(),
): Finding[] {
  const { certificates, now, parameter } = examined;
  return certificates.flatMap((certificate, index) => {
    const end = earlyEnds.get(index);
    if (end !== undefined && end > now && certificate.notBefore <= now) return [endsTooEarly(index, end, parameter)];
    return [
      ...checkPeriod(certificate, index, examined, expired),
      ...(index === 0 ? checkLength(certificate, parameter) : []),
    ];
  });
}

/** Its holder cannot renew an intermediate: the CA has a current one, or issues the leaf under another. */
function endsTooEarly(index: number, end: Date, parameter: string): Finding {
  const says = safe`${certificateLabel(index)} expires on ${formatMoment(end)}, before the leaf: from then on visitors are turned away.`;
  return warning(
    parameter,
    says,
    "Get the CA's current chain; if it has none that lasts longer, have the certificate issued again before that day.",
  );
}

function checkPeriod(
  { notBefore, notAfter }: ParsedCertificate,
  index: number,
  { now, parameter, needed }: Examined,
  expired: Verdict,
): Finding[] {
  const [name, isNeeded] = [certificateLabel(index), needed.has(index)];
  if (notAfter <= now) {
    const says = safe`${name} expired on ${formatMoment(notAfter)}.`;
    const next =
      index === 0
        ? "Renew it."
        : isNeeded
          ? "Get the current chain from the CA: clients need it."
          : "Leave it out, or get the current chain from the CA.";
    return [asOutage(finding(parameter, says, index === 0 ? expired : "warning", next), isNeeded)];
  }
  if (notBefore > now) {
    const next = "Wait until then; if that is past, the clock of this machine is wrong.";
    const says = safe`${name} is not valid before ${formatMoment(notBefore)}.`;
    return [asOutage(warning(parameter, says, next), isNeeded)];
  }
  const daysLeft = (notAfter.getTime() - now.getTime()) / dayMs;
  if (daysLeft >= soonDays) return [];
  const within = daysLeft < 1 ? safe`a day` : safe`${daysLeft < 2 ? 2 : soonDays} days`;
  const days = Math.round((notAfter.getTime() - notBefore.getTime()) / dayMs);
  const next =
    index > 0
      ? "Get the current chain from the CA before that."
      : days <= shortLived
        ? `It was issued for only ${days <= 1 ? "a day" : `${days} days`}: renew and deploy it each time before it expires.`
        : "Renew it before that.";
  return [warning(parameter, safe`${name} expires on ${formatMoment(notAfter)}, in less than ${within}.`, next)];
}

/** Only for leaves: CA certificates are valid for decades. */
function checkLength({ notBefore, notAfter, isCa }: ParsedCertificate, parameter: string): Finding[] {
  const days = Math.round((notAfter.getTime() - notBefore.getTime()) / dayMs);
  if (isCa || days <= maxDays.public) return [];
  const length =
    notAfter.getTime() >= noEnd
      ? safe`The certificate has no expiry (notAfter is 9999-12-31)`
      : safe`The certificate is valid for ${days} days`;
  const says = safe`${length}; browsers accept at most ${maxDays.public} days from public authorities, and Apple's at most ${maxDays.any} from any.`;
  // Only some clients refuse it, and an authority of one's own may know that it has none of them.
  return [warning(parameter, says, "Have it issued for a shorter time.")];
}
