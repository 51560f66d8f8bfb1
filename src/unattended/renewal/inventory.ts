import { z } from "zod";
import { struct } from "../../catalogue/params.js";
import { members } from "../../catalogue/results.js";
import { tencentSsl } from "../../catalogue/services.js";
import { applyCertificate } from "../../catalogue/tencent-ssl/apply-certificate.js";
import { isSameLeaf } from "../../certificates/fingerprint.js";
import { isWorkedOn, type JournalContent, unfinished } from "../../jobs/journal.js";
import { isRecent, stoppedUnproven, timeOf } from "../../jobs/requests.js";
import { rollbacksIn } from "../../jobs/taken-back.js";
import { dayMs } from "../../lib/days.js";
import { mapConcurrent } from "../../lib/map-concurrent.js";
import { unlessFailed } from "../../lib/tool-error.js";
import { defineTool, jobsService, type ToolContext } from "../../pipeline/tool.js";
import { CONCURRENT_CHECKS, certificatesServedIn, tlsReportOrReason } from "../../tls-check/served.js";
import { typesBesideHosts } from "../../tools/certificate-usage.js";
import { fingerprintsOf } from "../../tools/deployment/old-certificate.js";
import { resumeCall } from "../../tools/deployment/resume-call.js";
import { type ListedCertificate, listedKeyKind } from "../../tools/inventory/certificates.js";
import { driftingAmong } from "../../tools/inventory/domain-rows.js";
import { readInventory } from "../../tools/inventory/inventory.js";
import { certificatesInUse, type ListedDomain } from "../../tools/inventory/listing.js";
import { fitnesses, listedFitness } from "../../tools/inventory/takeover.js";
import {
  type CompletedCertificate,
  completeFromStore,
  endsDiffer,
  idWithStore,
} from "../../tools/inventory/used-by.js";
import { dueAt, maxDueBefore } from "./due.js";
import { type RolledBack, resumeWithin, rolledBack, rolledBackIn, unfinishedRollbacks } from "./rolled-back.js";

/* What a renewal needs to know about the clouds. It only reads. */

const held = z.object({
  /** Every name that it covers, if a store reports them. */
  names: z.array(z.string()).optional(),
  /** "EC" or "RSA", if a store reports it. */
  kind: z.string().optional(),
  starts: z.string().optional(),
  ends: z.string(),
  /** At Tencent Cloud SSL, if it is stored there: it can be looked into. */
  id: z.string().optional(),
  /** What clients do with it, as far as a list shows it. */
  fitness: z.enum(fitnesses).optional(),
});
type HeldCertificate = z.output<typeof held>;

const place = z.object({
  service: z.string(),
  domain: z.string().optional(),
  zone_id: z.string().optional(),
  project_id: z.string().optional(),
  /** Set if the place stands for everything at Tencent Cloud that uses this certificate. */
  old_certificate_id: z.string().optional(),
  resource_types: z.array(z.string()).optional(),
  /** The one that ends first. */
  held,
  /** Whether it has certificates for several kinds of keys. */
  several: z.boolean(),
});
/** Where a certificate is in use. */
export type PlaceInUse = z.output<typeof place>;

const stored = z.object({
  /** As deploy_certificate takes it. */
  id: z.string(),
  service: z.string(),
  cloud: z.string(),
  names: z.array(z.string()),
  kind: z.string().optional(),
  starts: z.string().optional(),
  ends: z.string().optional(),
  /** Issued, expired, pending or closed. */
  group: z.string().optional(),
  /** What clients do with it, as far as the list shows it. */
  fitness: z.enum(fitnesses).optional(),
  /** Fingerprint of the certificate that was rolled back somewhere, if this is a copy of it under an id of its own. */
  copy_of: z.string().optional(),
});
export type StoredSuccessor = z.output<typeof stored>;

const openJob = z.object({
  id: z.string(),
  sha256: z.string(),
  certificate_id: z.string().optional(),
  /** What is left to send, as the targets of a call; absent if all was sent. */
  targets: z.array(z.record(z.unknown())).optional(),
  /** What it sent was not proven, and is still there. */
  proof_failed: z.literal(true).optional(),
});
export type OpenJob = z.output<typeof openJob>;

const application = z.object({
  domain: z.string(),
  at: z.string(),
  /** Absent if it is not known whether the request arrived. */
  accepted: z.literal(true).optional(),
});

const drifting = z.object({
  domain: z.string(),
  service: z.string(),
  listed: z.string().optional(),
  served: z.string().optional(),
});

export const renewalInventory = z.object({
  places: z.array(place),
  stored: z.array(stored),
  /** Deployments that a run left unfinished, or that are not proven yet. */
  open_jobs: z.array(openJob),
  rolled_back: z.array(rolledBack),
  /** Deployments that a rollback was taking back when it was cut short. */
  half_put_back: z.array(z.string()),
  /** Applications sent within the last hour: a list may show them late. */
  applications: z.array(application),
  /** What serves something other than what its cloud lists. */
  drifting: z.array(drifting),
  /** What could not be read, one sentence each. */
  unseen: z.array(z.string()),
  /** Where the lists do not say whether HTTPS is on, one sentence each: nothing is missing, so no run fails for it. */
  doubts: z.array(z.string()),
});
export type RenewalInventory = z.output<typeof renewalInventory>;

const params = struct({});

/** Built like one of our own tools, but not offered to clients. */
export const readRenewalInventory = defineTool({
  name: "renewal_inventory",
  title: "Read what is in use",
  service: jobsService,
  summary: "",
  effect: "read",
  params,
  result: members({}),
  run: async (_, context) => {
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
      doubts: [...doubts],
    };
  },
});

function applicationsIn({ requests }: JournalContent, now: Date): RenewalInventory["applications"] {
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
  const undone = new Set(rollbacksIn(all).map((each) => each.undone));
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
