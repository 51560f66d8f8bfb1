import { dayMs } from "../lib/days.js";

/* How long certificates may live, and when they are due. All times are milliseconds since the epoch. */

/**
 * The longest lifetime of certificates that are issued from a day on (in UTC), and for how many days the proof that a
 * domain is controlled may be used again: CA/Browser Forum, ballot SC-081v3 (Baseline Requirements 4.2.1 and 6.3.2).
 */
export const lifetimeRules = [
  { from: "2026-03-15", days: 200, reuseDays: 200 },
  { from: "2027-03-15", days: 100, reuseDays: 100 },
  { from: "2029-03-15", days: 47, reuseDays: 10 },
];

/**
 * The longest lifetime of certificates that were issued before the first of these days, which are in use until 2027, and
 * the longest that browsers accept from public CAs.
 */
export const maxValidityDays = 398;

/** The shortest in use: Let's Encrypt's profile `shortlived` issues for six days (letsencrypt.org/docs/profiles). */
export const minLifetimeDays = 6;

/** What is assumed of a certificate whose start no list shows: the shortest lifetime in wide use. */
export const assumedLifetimeDays = 90;

/** Certificates that live shorter than this are replaced at half of their time, as certbot does from version 4.1 on. */
const shortLifetimeDays = 10;

/** A certificate is renewed when so much of its lifetime is left. */
const renewalWindowDays = (lifetime: number) => lifetime / (lifetime < shortLifetimeDays ? 2 : 3);

/** A certificate's span, as far as it is known: ISO 8601, or a day. */
export interface KnownValidity {
  readonly starts?: string | undefined;
  readonly ends: string;
}

/** How long it lives, in days; undefined if its start is not known. */
export function lifetimeDays({ starts, ends }: KnownValidity): number | undefined {
  return starts === undefined ? undefined : Math.max(0, Date.parse(ends) - Date.parse(starts)) / dayMs;
}

/** When it has to be renewed: a third of its lifetime before its end. */
export function renewalDue(span: KnownValidity): number {
  return Date.parse(span.ends) - renewalWindowDays(lifetimeDays(span) ?? assumedLifetimeDays) * dayMs;
}

/** The rule for a certificate that is issued then; the first one also before it. */
export function ruleAt(time: number) {
  return lifetimeRules.findLast(({ from }) => Date.parse(from) <= time) ?? lifetimeRules[0];
}

/** How often a certificate of this lifetime is renewed in a year. */
export function renewalsPerYear(lifetime: number): number {
  return 365 / (lifetime - renewalWindowDays(lifetime));
}

/** How often its domains have to be proven in a year. */
export function validationsPerYear(lifetime: number, { reuseDays }: { readonly reuseDays: number }): number {
  const every = lifetime - renewalWindowDays(lifetime);
  return renewalsPerYear(lifetime) / (Math.floor(reuseDays / every) + 1);
}
