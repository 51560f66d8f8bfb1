import { tencentSsl } from "../../catalogue/services.js";
import { coversAll } from "../../certificates/domain-names.js";
import { type KnownValidity, lifetimeDays, maxValidityDays } from "../../certificates/lifetimes.js";
import { isTooShort } from "../../certificates/strength.js";
import { dayMs } from "../../lib/days.js";
import { memoize } from "../../lib/memoize.js";
import { unlessFailed } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { inspect } from "../../preflight/inspect.js";
import { readDetail } from "../certificate-detail.js";
import { type ListedCertificate, listedKeyKind } from "./certificates.js";

/* What can take over from a certificate at its end: to name it, to keep it from deletion, and to renew with it. */

/** What visitors' clients do with a certificate. That nothing shows it is neither. */
export type Fitness = "fit" | "refused";

/** A certificate that may take over, as far as a list or its file shows it. */
export interface Contender extends KnownValidity {
  readonly names: readonly string[];
}

/** The certificate that ends. */
export interface Outgoing {
  /** Undefined if no list shows it. */
  readonly ends?: string | undefined;
}

/** Whether a certificate can serve these names from a moment on (milliseconds since the epoch), longer than the old one. */
export function canTakeOver(next: Contender, names: readonly string[], old: Outgoing, moment: number): boolean {
  const { starts, ends } = next;
  return (
    Date.parse(ends) > moment &&
    (starts === undefined || Date.parse(starts) <= moment) &&
    (old.ends === undefined || endsLater(next, { ends: old.ends })) &&
    coversAll(next.names, names)
  );
}

/** Where a list shows only the day, the certificate may end this much earlier or later. */
const dayUncertainty = dayMs;

const isDay = (moment: string) => !moment.includes("T");

/** Whether one certificate certainly ends later than another, and is not the same one. */
export function endsLater(one: KnownValidity, other: KnownValidity): boolean {
  const gain = Date.parse(one.ends) - Date.parse(other.ends);
  return gain > (isDay(one.ends) || isDay(other.ends) ? 2 * dayUncertainty : 3600_000);
}

/** When another one has to serve in its place, in milliseconds since the epoch: at its end, or now if that is past. */
export function takeoverAt({ ends }: Outgoing, now: Date): number {
  return Math.max(now.getTime(), ends === undefined ? 0 : Date.parse(ends));
}

/** A moment at which one in use was valid: what clients did with it before its end is what matters once it has ended. */
export function inForceAt({ ends }: Outgoing, now: Date): Date {
  return new Date(
    Math.min(now.getTime(), ends === undefined ? Number.POSITIVE_INFINITY : Date.parse(ends) - dayUncertainty),
  );
}

/** For sorting: what visitors' clients refuse comes after everything else, however long it lasts. */
export function refusedLast(one: { readonly fitness?: Fitness | undefined }, other: typeof one): number {
  return Number(one.fitness === "refused") - Number(other.fitness === "refused");
}

/** The issued certificates that can take over for these names: the one that lasts longest first, refused ones last. */
export function successorsIn(
  certificates: readonly ListedCertificate[],
  names: readonly string[],
  old: Outgoing,
  now: Date,
): ListedCertificate[] {
  const moment = takeoverAt(old, now);
  return certificates
    .flatMap((stored) => {
      const { group, isCa, domains, starts, ends } = stored;
      if (group !== "issued" || isCa || ends === undefined) return [];
      if (!canTakeOver({ names: domains, starts, ends }, names, old, moment)) return [];
      return [{ stored, fitness: listedFitness(stored), last: Date.parse(ends) }];
    })
    .sort((a, b) => refusedLast(a, b) || b.last - a.last)
    .map(({ stored }) => stored);
}

/** Of the kinds that a list may name, those that browsers do not accept (preflight knows them all). */
const refusedKinds: readonly (string | undefined)[] = ["RSA-PSS", "DSA", "Ed25519", "Ed448"];

/** What the list of a store says about it; undefined if that shows neither. A store's own CA is a public one. */
export function listedFitness({
  starts,
  ends,
  key,
  source,
}: Pick<ListedCertificate, "starts" | "ends" | "key" | "source">): Fitness | undefined {
  const days = ends === undefined ? undefined : lifetimeDays({ starts, ends });
  if (days !== undefined && Math.round(days) > maxValidityDays) return "refused";
  const [type = "", size = ""] = key?.split(" ") ?? [];
  const bits = /^\d+$/.test(size) ? Number(size) : undefined;
  if (refusedKinds.includes(listedKeyKind(key)) || isTooShort({ type, bits, curve: undefined })) return "refused";
  return source === undefined || source === "uploaded" ? undefined : "fit";
}

/**
 * What preflight finds in a certificate, with its key if it is given, and what clients do with it then.
 * @param roots roots that clients trust besides those of Node.js, in PEM
 */
export function examinePair(pem: string, key: string | undefined, moment: Date, roots: readonly string[]) {
  const given = { certificatePem: pem, ...(key !== undefined && { privateKeyPem: key }) };
  const { findings, keyFits = false } = inspect(given, moment, roots);
  const isRefused = findings.some(({ level, severity }) => level === "error" || severity === "outage");
  const fitness: Fitness = isRefused ? "refused" : "fit";
  return { findings, keyFits, fitness };
}

/** What visitors' clients do with a stored certificate from a moment on; undefined if that cannot be seen. */
export type LookUpFitness = (
  stored: Pick<ListedCertificate, "service" | "id" | "starts" | "ends" | "key" | "source">,
  moment: Date,
) => Promise<Fitness | undefined>;

/**
 * Looks into a certificate where its list does not show that it is fit: a read for each, so only for those that a decision
 * depends on, and no more than `atMost`. Of the other clouds' stores no read shows the chain.
 */
export function fitnessLookup(context: Pick<ToolContext, "read" | "tlsCheck">, atMost = 300): LookUpFitness {
  let lookups = 0;
  const pemOf = memoize(async (id: string) => {
    lookups += 1;
    if (lookups > atMost) return undefined;
    return (await unlessFailed(readDetail(id, context), () => undefined))?.CertificatePublicKey;
  });
  return async (stored, moment) => {
    const listed = listedFitness(stored);
    if (listed === "fit" || stored.service !== tencentSsl) return listed;
    const pem = await pemOf(stored.id);
    return pem ? examinePair(pem, undefined, moment, context.tlsCheck.roots).fitness : listed;
  };
}
