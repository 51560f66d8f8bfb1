import { z } from "zod";
import { tencentSsl } from "../../catalogue/services.js";
import { applyCertificate } from "../../catalogue/tencent-ssl/apply-certificate.js";
import { isSameLeaf } from "../../certificates/fingerprint.js";
import { type KnownValidity, maxValidityDays, renewalDue } from "../../certificates/lifetimes.js";
import { isWorkedOn, type JournalContent, unfinished } from "../../jobs/journal.js";
import { isRecent, stoppedUnproven, timeOf } from "../../jobs/requests.js";
import { standingRollbacksIn } from "../../jobs/rolled-back.js";
import { dayMs } from "../../lib/days.js";
import type { JsonObject } from "../../lib/json.js";
import { mapConcurrent } from "../../lib/map-concurrent.js";
import { unlessFailed } from "../../lib/tool-error.js";
import type { ToolContext } from "../../pipeline/tool.js";
import { CONCURRENT_CHECKS, certificatesServedIn, tlsReportOrReason } from "../../tls-check/served.js";
import { typesBesideHosts } from "../../tools/certificate-usage.js";
import { fingerprintsOf } from "../../tools/deployment/old-certificate.js";
import { resumeCall } from "../../tools/deployment/resume-call.js";
import { type ListedCertificate, listedKeyKind } from "../../tools/inventory/certificates.js";
import { driftingAmong } from "../../tools/inventory/domain-rows.js";
import { readInventory } from "../../tools/inventory/inventory.js";
import { certificatesInUse, type ListedDomain } from "../../tools/inventory/listing.js";
import { type Fitness, listedFitness } from "../../tools/inventory/takeover.js";
import {
  type CompletedCertificate,
  completeFromStore,
  endsDiffer,
  idWithStore,
} from "../../tools/inventory/used-by.js";
import { type RolledBack, resumeWithin, rolledBackIn, unfinishedRollbacks } from "./rolled-back.js";

/* What a renewal needs to know about the clouds. It only reads. */

interface HeldCertificate {
  /** Every name that it covers, if a store reports them. */
  readonly names?: readonly string[] | undefined;
  /** "EC" or "RSA", if a store reports it. */
  readonly kind?: string | undefined;
  readonly starts?: string | undefined;
  readonly ends: string;
  /** At Tencent Cloud SSL, if it is stored there: it can be looked into. */
  readonly id?: string;
  /** What clients do with it, as far as a list shows it. */
  readonly fitness?: Fitness | undefined;
}

/** Where a certificate is in use. */
export interface PlaceInUse {
  readonly service: string;
  readonly domain?: string;
  readonly zone_id?: string;
  readonly project_id?: string;
  /** Set if the place stands for everything at Tencent Cloud that uses this certificate. */
  readonly old_certificate_id?: string;
  readonly resource_types?: readonly string[];
  /** The one that ends first. */
  readonly held: HeldCertificate;
  /** Whether it has certificates for several kinds of keys. */
  readonly several: boolean;
}

export interface StoredSuccessor {
  /** As deploy_certificate takes it. */
  readonly id: string;
  readonly service: string;
  readonly cloud: string;
  readonly names: readonly string[];
  readonly kind?: string | undefined;
  readonly starts?: string | undefined;
  readonly ends?: string | undefined;
  /** Issued, expired, pending or closed. */
  readonly group?: string | undefined;
  /** What clients do with it, as far as the list shows it. */
  readonly fitness?: Fitness | undefined;
  /** Fingerprint of the certificate that was rolled back somewhere, if this is a copy of it under an id of its own. */
  readonly copy_of?: string;
}

export interface OpenJob {
  readonly id: string;
  readonly sha256: string;
  readonly certificate_id?: string | undefined;
  /** What is left to send, as the targets of a call; absent if all was sent. */
  readonly targets?: readonly JsonObject[] | undefined;
  /** What it sent was not proven, and is still there. */
  readonly proof_failed?: true;
}

interface Application {
  readonly domain: string;
  readonly at: string;
  /** Absent if it is not known whether the request arrived. */
  readonly accepted?: true;
}

export interface RenewalInventory {
  readonly places: readonly PlaceInUse[];
  readonly stored: readonly StoredSuccessor[];
  /** Deployments that a run left unfinished, or that are not proven yet. */
  readonly open_jobs: readonly OpenJob[];
  readonly rolled_back: readonly RolledBack[];
  /** Deployments that a rollback was taking back when it was cut short. */
  readonly half_put_back: readonly string[];
  /** Applications sent within the last hour: a list may show them late. */
  readonly applications: readonly Application[];
  /** What serves something other than what its cloud lists. */
  readonly drifting: Awaited<ReturnType<typeof driftingAmong>>;
  /** What could not be read, one sentence each. */
  readonly unseen: readonly string[];
  /** Where the lists do not say whether HTTPS is on, one sentence each: nothing is missing, so no run fails for it. */
  readonly doubts: readonly string[];
}

/** The longest time before its end at which a certificate can be due: a third of the longest lifetime still in use. */
const maxDueBefore = Math.ceil(maxValidityDays / 3) * dayMs;

/**
 * When a certificate has to be replaced, in milliseconds since the epoch.
 * @param before how long before its end, in milliseconds, instead of a share of its lifetime
 */
export function dueAt(span: KnownValidity, before?: number): number {
  return before === undefined ? renewalDue(span) : Date.parse(span.ends) - before;
}

export async function readRenewalInventory(context: ToolContext): Promise<RenewalInventory> {
  const { certificates: all, unseen, doubts, domains } = await readInventory(context, { fresh: true });
  const listed = (domains?.domains ?? []).filter(({ https }) => https);
  const bound = await boundPlaces(all, context);
  const recorded = await context.journal.read();
  const back = rolledBackIn(recorded);
  const copies = await copiesAmong(all, back, recorded, context);
  return {
    places: [...(await domainPlaces(listed, all, context)), ...bound.places],
    stored: all.filter(({ isCa }) => !isCa).map((each) => successor(each, copies.of.get(each))),
    open_jobs: openJobsIn(recorded, context.now()),
    rolled_back: back,
    half_put_back: unfinishedRollbacks(recorded, context.now()),
    applications: applicationsIn(recorded, context.now()),
    drifting: await driftingAmong(listed, context),
    unseen: [...unseen, ...bound.unseen, ...copies.unseen],
    doubts,
  };
}

function applicationsIn({ requests }: JournalContent, now: Date): Application[] {
  return requests.flatMap((request) => {
    const { job, target, at, isAccepted } = request;
    if (job.key !== applyCertificate.name || target.domain === undefined || !isRecent(request, now)) return [];
    return [{ domain: target.domain, at: timeOf(at), ...(isAccepted && { accepted: true as const }) }];
  });
}

function successor(certificate: ListedCertificate, copyOf: string | undefined): StoredSuccessor {
  const { service, domains, key, starts, ends, group } = certificate;
  const at = { id: idWithStore(certificate), service: service.id, cloud: service.cloud };
  return {
    ...at,
    names: [...domains],
    kind: listedKeyKind(key),
    starts,
    ends,
    group,
    fitness: listedFitness(certificate),
    ...(copyOf && { copy_of: copyOf }),
  };
}

/**
 * The stored certificates that are what was rolled back somewhere: an upload leaves a copy of it in a store, under an id
 * that the journal does not have. Those with one of its names and its end are looked at; one that cannot be read counts as
 * a copy.
 */
async function copiesAmong(
  all: readonly ListedCertificate[],
  back: readonly RolledBack[],
  { jobs: recorded }: JournalContent,
  context: ToolContext,
) {
  const of = new Map<ListedCertificate, string>();
  const unseen: string[] = [];
  const undone = recorded.filter(({ id }) => back.some(({ job }) => job === id));
  for (const stored of all) {
    const { group, ends, isCa, domains, id, service } = stored;
    if (isCa || group !== "issued" || ends === undefined) continue;
    const alike = undone.filter(
      ({ certificate: { names, notAfter } }) =>
        !endsDiffer(notAfter, ends) && names.some((name) => domains.includes(name)),
    );
    if (alike.length === 0) continue;
    const leaf = await unlessFailed(fingerprintsOf(stored, context), ({ details }) => {
      unseen.push(
        `Whether ${id} at ${service.title} is what was rolled back could not be looked up: ${details.happened}`,
      );
      return undefined;
    });
    const same = alike.find(({ certificate }) => leaf === undefined || isSameLeaf(leaf, certificate));
    if (same !== undefined) of.set(stored, same.certificate.sha256);
  }
  return { of, unseen };
}

/** Undefined for a certificate whose end is not known. */
function heldFrom({ stored, starts, ends }: CompletedCertificate): HeldCertificate | undefined {
  if (!ends) return undefined;
  if (stored === undefined) return { starts, ends };
  return { ...heldAs(stored), starts, ends };
}

const heldAs = (stored: ListedCertificate) => ({
  names: [...stored.domains],
  kind: listedKeyKind(stored.key),
  fitness: listedFitness(stored),
  ...(stored.service === tencentSsl && { id: stored.id }),
});

function domainPlaces(
  domains: readonly ListedDomain[],
  all: readonly ListedCertificate[],
  context: ToolContext,
): Promise<PlaceInUse[]> {
  const places = domains.flatMap((listed): PlaceInUse[] => {
    const certificates = certificatesInUse(listed).flatMap(
      (own) => heldFrom(completeFromStore(listed, own, all)) ?? [],
    );
    const [first] = certificates.toSorted((a, b) => Date.parse(a.ends) - Date.parse(b.ends));
    if (first === undefined) return [];
    const { domain, service, within } = listed;
    return [{ service: service.id, domain, ...within, held: first, several: certificates.length > 1 }];
  });
  return mapConcurrent(places, CONCURRENT_CHECKS, (each) => withStart(each, context));
}

/**
 * If no list shows when a certificate that may be due began, its edge is looked at. The leaf's end counts, even if its
 * chain ends before: lists of stores show no other, so a stored copy would seem to take over from itself.
 */
async function withStart(each: PlaceInUse, context: ToolContext): Promise<PlaceInUse> {
  const { domain = "*.", held: own } = each;
  const soon = Date.parse(own.ends) - context.now().getTime() < maxDueBefore;
  if (own.starts !== undefined || !soon || domain.startsWith("*.")) return each;
  const tlsReport = await tlsReportOrReason(domain, context);
  if (typeof tlsReport === "string") return each;
  const served = certificatesServedIn(tlsReport);
  const same = served.find(({ notAfter }) => Math.abs(Date.parse(notAfter) - Date.parse(own.ends)) <= dayMs);
  return same ? { ...each, held: { ...own, starts: same.notBefore } } : each;
}

/** What uses a certificate that may be due at Tencent Cloud beside the hosts of EdgeOne, where those are listed. */
async function boundPlaces(all: readonly ListedCertificate[], context: ToolContext) {
  const now = context.now().getTime();
  const places: PlaceInUse[] = [];
  const unseen: string[] = [];
  for (const certificate of all) {
    const { id, service, isCa, group, starts, ends } = certificate;
    if (service !== tencentSsl || isCa || ends === undefined) continue;
    const isUsable = group === "issued" || group === "expired";
    // Certificates that ended long ago are not in use; looking up each of them would take minutes.
    const isSoon = dueAt({ starts, ends }, starts === undefined ? maxDueBefore : undefined) <= now;
    if (!isUsable || !isSoon || now - Date.parse(ends) > maxExpiredAge) continue;
    const types = await unlessFailed(typesBesideHosts(id, context), ({ details }) => {
      unseen.push(`What uses certificate ${id} at ${tencentSsl.title} could not be looked up: ${details.happened}`);
      return [];
    });
    if (types.length === 0) continue;
    const at = { service: tencentSsl.id, old_certificate_id: id, resource_types: types };
    places.push({ ...at, held: { ...heldAs(certificate), starts, ends }, several: false });
  }
  return { places, unseen };
}

const maxExpiredAge = 30 * dayMs;

/**
 * A deployment that was rolled back is only looked at: what is left of it is not sent, as its targets, which identify it,
 * include those that were put back.
 */
export function openJobsIn({ jobs: all }: Pick<JournalContent, "jobs">, now: Date): OpenJob[] {
  const undone = new Set(standingRollbacksIn(all).map((each) => each.undone));
  const recent = all.filter(
    (job) => job.kind === "deployment" && !isWorkedOn(job) && now.getTime() - Date.parse(job.changedAt) < resumeWithin,
  );
  return recent.flatMap((job): OpenJob[] => {
    const left = unfinished(job).length > 0 && !undone.has(job) ? resumeCall(job) : undefined;
    const isAccepted = job.targets.some(({ state }) => state === "accepted");
    if (left?.tool !== "deploy_certificate" && !isAccepted) return [];
    const { certificateId: id = job.certificate.storedAs } = job.certificate;
    const targets = z.array(z.record(z.unknown())).safeParse(left?.arguments.targets).data;
    const at = { id: job.id, sha256: job.certificate.sha256, certificate_id: id, targets };
    return [{ ...at, ...(stoppedUnproven(job) && { proof_failed: true }) }];
  });
}
